/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/expand.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/search/footprint.h"
#include "sim/search/survey.h"

enum {
	NEAR_BITS = 14,
	BLOCK_CELLS = 16, /* at most, unless there are too many blocks */
	BLOCKS = BLOCKS_MAX - CELLS_LATER / BLOCK_CELLS, /* for cells so far */
	CAN_WORDS = MOVES_MAX / 64 + 2, /* a bit a move, and whether it rests */
	WIDEN_MAX = 4,                  /* detours before what is remembered */
	AUDIT_EVERY = 4096
};

/* The digest of a state whose memory has this sum. */
struct digest_pair {
	uint64_t sum;
	uint64_t digest;
};

static const uint64_t *effect_touches(const struct effect *f)
{
	return f->words;
}

static const uint64_t *effect_changes(const struct expand *e,
				      const struct effect *f)
{
	return f->words + e->set_words;
}

static const uint64_t *effect_values(const struct expand *e,
				     const struct effect *f)
{
	return f->words + 2 * e->set_words;
}

static const uint16_t *effect_cells(const struct expand *e,
				    const struct effect *f)
{
	return (const uint16_t *)(effect_values(e, f) + f->changes);
}

static uint32_t effect_words(const struct expand *e, uint32_t changes)
{
	return (uint32_t)(sizeof(struct effect) / 8) + 2 * e->set_words +
	       changes + (changes + 3) / 4;
}

/* Orders cells so that those that the same moves write are together. */
static void cells_sort(struct expand *e, const uint64_t *writers)
{
	for (uint32_t i = 0; i < e->cells; i++) {
		uint32_t at = i;

		while (at && writers[e->block_cell[at - 1]] > writers[i]) {
			e->block_cell[at] = e->block_cell[at - 1];
			at--;
		}
		e->block_cell[at] = (uint16_t)i;
	}
}

/* Cuts them into blocks of at most @most; false: these are too many. */
static bool blocks_cut(struct expand *e, const uint64_t *writers, uint32_t most)
{
	uint32_t begin = 0;

	e->blocks = 0;
	for (uint32_t i = 0; i <= e->cells; i++) {
		bool other = i == e->cells || i - begin == most ||
			     (writers && writers[e->block_cell[i]] !=
						 writers[e->block_cell[begin]]);

		if (i == begin || !other)
			continue;
		if (e->blocks == BLOCKS)
			return false;
		e->block_first[e->blocks++] = (uint16_t)begin;
		begin = i;
	}
	e->block_first[e->blocks] = (uint16_t)e->cells;
	for (uint32_t b = 0; b < e->blocks; b++)
		for (uint32_t i = e->block_first[b]; i < e->block_first[b + 1];
		     i++)
			e->block_of[e->block_cell[i]] = (uint8_t)b;
	return true;
}

static void blocks_make(struct expand *e, const struct survey *v)
{
	cells_sort(e, v->writers);
	if (!blocks_cut(e, v->writers, BLOCK_CELLS) &&
	    !blocks_cut(e, v->writers, e->cells))
		blocks_cut(e, NULL, (e->cells + BLOCKS - 1) / BLOCKS);
	for (uint32_t i = e->cells; i < e->cells_max; i++) {
		if ((i - e->cells) % BLOCK_CELLS == 0)
			e->block_first[e->blocks++] = (uint16_t)i;
		e->block_cell[i] = (uint16_t)i;
		e->block_of[i] = (uint8_t)(e->blocks - 1);
	}
	e->block_first[e->blocks] = (uint16_t)e->cells_max;
}

static bool memory_take(struct expand *e)
{
	e->block_cell = calloc(e->cells_max + 1, sizeof *e->block_cell);
	e->block_of = calloc(e->cells_max + 1, sizeof *e->block_of);
	e->image = calloc(e->cells_max + 1, sizeof *e->image);
	e->mix = calloc(e->cells_max + 1, sizeof *e->mix);
	e->fold_digest = calloc(e->folds, sizeof *e->fold_digest);
	e->scratch_words = effect_words(e, e->cells_max);
	e->scratch = calloc((size_t)e->s->moves * e->scratch_words,
			    sizeof *e->scratch);
	e->told = calloc(e->s->moves, sizeof *e->told);
	e->later = calloc(e->set_words, sizeof *e->later);
	e->set = calloc(2 * e->set_words, sizeof *e->set);
	e->old = calloc(e->cells_max + 1, sizeof *e->old);
	e->near = calloc(1u << NEAR_BITS, sizeof *e->near);
	e->fold_reads = share_map(e->folds * e->set_words * sizeof(uint64_t),
				  e->opt.shared);
	return e->block_cell && e->block_of && e->image && e->mix &&
	       e->fold_digest && e->scratch && e->told && e->later && e->set &&
	       e->old && e->near && e->fold_reads;
}

static bool questions_begin(struct expand *e, const struct survey *v)
{
	uint32_t count = questions(e->s);

	if (!memo_open(&e->memo, count, e->cells_max, e->opt.shared))
		return false;
	assert(e->memo.words == e->set_words);
	for (uint32_t q = 0; q < count; q++)
		if (!memo_begin(&e->memo, q,
				&v->always[(size_t)q * v->set_words]))
			return false;
	return true;
}

bool expand_open(struct expand *e, struct subject *s,
		 const struct expand_options *opt)
{
	struct survey v;
	bool done;

	*e = (struct expand){.s = s, .opt = *opt};
	if (!e->opt.audit)
		e->opt.audit = AUDIT_EVERY;
	if (s->moves > ASLEEP_MAX || !footprint_sees())
		e->opt.reduce = false;
	done = survey_make(&v, s);
	e->cells = s->cells;
	e->cells_max = e->cells + CELLS_LATER;
	e->set_words = (e->cells_max + 63) / 64;
	e->folds = subject_folds(s);
	assert(e->folds <= 64);
	done = done && memory_take(e) &&
	       contents_open(&e->contents, opt->shared) &&
	       questions_begin(e, &v);
	if (done)
		blocks_make(e, &v);
	survey_free(&v);
	return done;
}

void expand_close(struct expand *e)
{
	contents_close(&e->contents);
	memo_close(&e->memo);
	if (e->fold_reads)
		share_unmap(e->fold_reads,
			    e->folds * e->set_words * sizeof(uint64_t));
	free(e->block_cell);
	free(e->block_of);
	free(e->image);
	free(e->mix);
	free(e->fold_digest);
	free(e->scratch);
	free(e->told);
	free(e->later);
	free(e->set);
	free(e->old);
	free(e->near);
	*e = (struct expand){0};
}

bool expand_grow(struct expand *e)
{
	return table_grow(&e->memo.table) && table_grow(&e->contents.table);
}

bool expand_widen(struct expand *e, bool memo)
{
	memset(e->set, 0, e->set_words * sizeof *e->set);
	for (; e->cells < e->s->cells; e->cells++) {
		if (e->cells == e->cells_max)
			return false;
		e->set[e->cells / 64] |= UINT64_C(1) << e->cells % 64;
		/* No state that was seen so far has anything there. */
		assert(e->image[e->cells] == 0);
	}
	for (uint32_t i = 0; i < e->set_words; i++) {
		e->later[i] |= e->set[i];
		for (uint32_t part = 0; part < e->folds && memo; part++)
			e->fold_reads[part * e->set_words + i] |= e->set[i];
	}
	e->in_memory = false;
	e->widened++;
	if (!memo)
		return true;
	return e->widened % WIDEN_MAX ? memo_widen(&e->memo, e->set)
				      : memo_shorten(&e->memo, e->later);
}

/* Where the code works, the state is now as the image says. */
static void to_memory(struct expand *e)
{
	if (!e->in_memory)
		subject_restore(e->s, e->image);
	e->in_memory = true;
}

static void image_set(struct expand *e, uint32_t cell, uint64_t value)
{
	uint64_t mix = memo_mix(cell, value);

	e->sum += mix - e->mix[cell];
	e->mix[cell] = mix;
	e->image[cell] = value;
	e->in_memory = false;
}

/* Only blocks that differ are looked at. */
static void image_load(struct expand *e, const uint32_t *block)
{
	for (uint32_t b = 0; b < e->blocks; b++) {
		const uint64_t *from = contents_get(&e->contents, block[b]);

		if (e->block[b] == block[b])
			continue;
		e->block[b] = block[b];
		for (uint32_t i = e->block_first[b]; i < e->block_first[b + 1];
		     i++) {
			uint32_t cell = e->block_cell[i];

			if (e->image[cell] != *from)
				image_set(e, cell, *from);
			from++;
		}
	}
}

void expand_restore(struct expand *e, const uint32_t *block)
{
	image_load(e, block);
	to_memory(e);
	e->in_memory = false; /* whoever asked may do with it as he likes */
}

/* The number of what block @b of the image holds. */
static bool block_put(struct expand *e, uint32_t b, uint32_t *out)
{
	uint32_t first = e->block_first[b], count = e->block_first[b + 1];
	uint64_t words[UINT8_MAX + 1], *at = words, *many = NULL;

	count -= first;
	if (count > UINT8_MAX)
		at = many = malloc(count * sizeof *many);
	if (!at)
		return false;
	for (uint32_t i = 0; i < count; i++)
		at[i] = e->image[e->block_cell[first + i]];
	*out = contents_put(&e->contents, at, count);
	free(many);
	return *out != CONTENTS_NONE;
}

/* Asks the code what @part of the image is told as. */
static uint64_t fold_learn(struct expand *e, uint32_t part)
{
	uint64_t *reads = &e->fold_reads[part * e->set_words];
	uint64_t *set = e->set;
	uint64_t digest;

	to_memory(e);
	footprint_begin();
	digest = subject_fold(e->s, part);
	footprint_end();
	if (!footprint_sees())
		return digest;
	memset(set, 0, e->set_words * sizeof *set);
	survey_reads(e->s, set);
	for (uint32_t i = 0; i < e->set_words; i++)
		__atomic_fetch_or(&reads[i], set[i], __ATOMIC_RELAXED);
	e->failed |= !memo_tell(&e->memo, question_fold(e->s, part), e->mix,
				set, &digest, 1);
	return digest;
}

static uint64_t fold_ask(struct expand *e, uint32_t part)
{
	const uint64_t *kept =
		memo_ask(&e->memo, question_fold(e->s, part), e->mix);

	return kept ? *kept : fold_learn(e, part);
}

/* By what it holds, or by its canonical bytes. */
static uint64_t image_digest(struct expand *e)
{
	uint64_t digest = 0;

	if (e->opt.raw)
		return e->sum;
	for (uint32_t part = 0; part < e->folds; part++)
		digest += fold_ask(e, part);
	return digest;
}

bool expand_first(struct expand *e, struct waiting *out)
{
	subject_save(e->s, e->image);
	for (uint32_t i = 0; i < e->cells_max; i++) {
		e->mix[i] = memo_mix(i, e->image[i]);
		e->sum += e->mix[i];
	}
	e->in_memory = true;
	out->asleep = 0;
	for (uint32_t b = 0; b < e->blocks; b++)
		if (!block_put(e, b, &out->block[b]))
			return false;
	memcpy(e->block, out->block, e->blocks * sizeof *e->block);
	out->digest = image_digest(e);
	return !e->failed;
}

static const uint64_t *can_learn(struct expand *e, uint64_t *can)
{
	uint64_t *set = e->set;

	to_memory(e);
	memset(can, 0, CAN_WORDS * sizeof *can);
	footprint_begin();
	for (uint32_t m = 0; m < e->s->moves; m++)
		can[m / 64] |= (uint64_t)subject_can(e->s, m) << m % 64;
	can[CAN_WORDS - 1] = subject_rests(e->s);
	footprint_end();
	if (!footprint_sees())
		return can;
	memset(set, 0, e->set_words * sizeof *set);
	survey_reads(e->s, set);
	e->failed |= !memo_tell(&e->memo, question_can(e->s), e->mix, set, can,
				CAN_WORDS);
	return can;
}

/* Moves that can happen, a bit each, and whether the state rests. */
static const uint64_t *can_ask(struct expand *e, uint64_t *scratch)
{
	const uint64_t *kept = memo_ask(&e->memo, question_can(e->s), e->mix);

	return kept ? kept : can_learn(e, scratch);
}

/* As it is in memory, and as snapshots have it. */
static uint64_t cell_now(const struct expand *e, uint32_t i)
{
	return *e->s->cell[i] ^ e->s->cell_first[i];
}

/* Cells that the move wrote, as far as is known. */
static void writes_find(struct expand *e, uint64_t *set)
{
	if (!footprint_sees()) {
		for (uint32_t i = 0; i < e->cells; i++)
			if (cell_now(e, i) != e->image[i])
				set[i / 64] |= UINT64_C(1) << i % 64;
		return;
	}
	for (uint32_t i = 0; i < footprint.count; i++) {
		uint32_t word = footprint.touched[i];
		uint32_t cell = e->s->cell_of[word];

		if (footprint.written[word] && cell < e->cells)
			set[cell / 64] |= UINT64_C(1) << cell % 64;
	}
}

/* Those of @touches that are not what they were. */
static void changes_find(const struct expand *e, const uint64_t *touches,
			 uint64_t *changes)
{
	for (uint32_t i = 0; i < e->set_words; i++)
		for (uint64_t w = touches[i]; w; w &= w - 1) {
			uint32_t cell = 64 * i + (uint32_t)__builtin_ctzll(w);

			if (cell_now(e, cell) != e->image[cell])
				changes[i] |= w & -w;
		}
}

/*
 * Writes down what the move left in memory; the words that it takes. What it
 * wrote is among what it depends on, so that what it changes is always the
 * same.
 */
static uint32_t effect_write(struct expand *e, struct effect *f)
{
	uint64_t *touches = f->words, *changes = touches + e->set_words;
	uint64_t *value = changes + e->set_words;
	uint16_t *cell;

	memset(f, 0, sizeof *f + 2 * e->set_words * sizeof *touches);
	survey_reads(e->s, touches);
	writes_find(e, touches);
	f->known = e->cells;
	f->clause = e->s->findings ? (uint16_t)e->s->finding[0].clause
				   : (uint16_t)CLAUSE_NONE;
	if (f->clause != CLAUSE_NONE)
		return effect_words(e, 0);
	changes_find(e, touches, changes);
	for (uint32_t i = 0; i < e->set_words; i++)
		f->changes = (uint16_t)(f->changes +
					__builtin_popcountll(changes[i]));
	cell = (uint16_t *)(value + f->changes);
	for (uint32_t i = 0; i < e->set_words; i++)
		for (uint64_t w = changes[i]; w; w &= w - 1) {
			*cell = (uint16_t)(64 * i +
					   (uint32_t)__builtin_ctzll(w));
			*value++ = cell_now(e, *cell);
			f->blocks |= UINT64_C(1) << e->block_of[*cell++];
		}
	return effect_words(e, f->changes);
}

/* Lets the code do move @m. */
static const struct effect *effect_learn(struct expand *e, uint32_t m)
{
	uint64_t *scratch = e->scratch + m * e->scratch_words;
	struct effect *f = (struct effect *)scratch;
	const uint64_t *kept;
	uint32_t words;

	to_memory(e);
	footprint_begin();
	subject_do(e->s, m);
	footprint_end();
	e->in_memory = false;
	e->learnt |= footprint_sees() ? subject_learn_written(e->s)
				      : subject_learn(e->s);
	words = effect_write(e, f);
	if (!footprint_sees() && !e->learnt && f->clause == CLAUSE_NONE)
		e->told[m] = subject_digest(e->s);
	if (!footprint_sees() || e->learnt)
		return f;
	kept = memo_tell(&e->memo, m, e->mix, effect_touches(f), scratch,
			 words);
	e->failed |= !kept;
	return kept ? (const struct effect *)kept : f;
}

/* The code itself does the same, or something was remembered wrongly. */
static void effect_audit(struct expand *e, uint32_t m, const struct effect *f)
{
	const uint64_t *value = effect_values(e, f);
	const uint16_t *cell = effect_cells(e, f);

	to_memory(e);
	subject_do(e->s, m);
	e->in_memory = false;
	assert(f->clause ==
	       (e->s->findings ? e->s->finding[0].clause : CLAUSE_NONE));
	if (f->clause != CLAUSE_NONE)
		return;
	for (uint32_t i = 0; i < f->changes; i++) {
		assert(cell_now(e, cell[i]) == value[i]);
		*e->s->cell[cell[i]] =
			e->image[cell[i]] ^ e->s->cell_first[cell[i]];
	}
	for (uint32_t i = 0; i < e->cells; i++)
		assert(cell_now(e, i) == e->image[i]);
	e->in_memory = true;
}

static const struct effect *effect_ask(struct expand *e, uint32_t m)
{
	const uint64_t *kept = memo_ask(&e->memo, m, e->mix);

	if (!kept)
		return effect_learn(e, m);
	if (++e->asked % e->opt.audit == 0)
		effect_audit(e, m, (const struct effect *)kept);
	return (const struct effect *)kept;
}

/* Adds to what is remembered whether the move touches cells that came later. */
static void touches_renew(struct expand *e, uint32_t m)
{
	struct effect *f = (struct effect *)(uintptr_t)e->effect[m];

	if (f->known == e->cells)
		return;
	to_memory(e);
	footprint_begin();
	subject_do(e->s, m);
	footprint_end();
	e->in_memory = false;
	memset(e->set, 0, e->set_words * sizeof *e->set);
	survey_reads(e->s, e->set);
	writes_find(e, e->set);
	for (uint32_t i = 0; i < e->set_words; i++)
		__atomic_fetch_or(&f->words[i], e->set[i], __ATOMIC_RELAXED);
	__atomic_store_n(&f->known, e->cells, __ATOMIC_RELEASE);
}

/* If the moves change what came later: which of them touch it. */
static void footprints_find(struct expand *e, const uint8_t *moves,
			    uint32_t count)
{
	uint64_t later = 0;

	for (uint32_t n = 0; n < count && e->widened; n++) {
		const uint64_t *changes =
			effect_changes(e, e->effect[moves[n]]);

		for (uint32_t i = 0; i < e->set_words; i++)
			later |= changes[i] & e->later[i];
	}
	for (uint32_t n = 0; n < count && later; n++)
		touches_renew(e, moves[n]);
}

/* One of them changes what the other reads or writes. */
static bool clash(const struct expand *e, uint32_t a, uint32_t b)
{
	const uint64_t *ta = effect_touches(e->effect[a]);
	const uint64_t *tb = effect_touches(e->effect[b]);
	const uint64_t *ca = effect_changes(e, e->effect[a]);
	const uint64_t *cb = effect_changes(e, e->effect[b]);
	uint64_t any = 0;

	for (uint32_t i = 0; i < e->set_words; i++)
		any |= (ca[i] & tb[i]) | (cb[i] & ta[i]);
	return any;
}

/* The image becomes what a move makes of it. */
static void effect_do(struct expand *e, const struct effect *f)
{
	const uint64_t *value = effect_values(e, f);
	const uint16_t *cell = effect_cells(e, f);

	for (uint32_t i = 0; i < f->changes; i++) {
		e->old[i] = e->image[cell[i]];
		if (e->old[i] != value[i])
			image_set(e, cell[i], value[i]);
	}
}

static void effect_undo(struct expand *e, const struct effect *f)
{
	const uint16_t *cell = effect_cells(e, f);

	for (uint32_t i = 0; i < f->changes; i++)
		if (e->old[i] != e->image[cell[i]])
			image_set(e, cell[i], e->old[i]);
}

/* Nobody has anything to do behind move @m. */
static bool rests_behind(struct expand *e, uint32_t m)
{
	const struct effect *f = e->effect[m];
	uint64_t can[CAN_WORDS];
	bool rests;

	if (f->clause != CLAUSE_NONE)
		return false;
	effect_do(e, f);
	rests = can_ask(e, can)[CAN_WORDS - 1];
	effect_undo(e, f);
	return rests;
}

/*
 * Moves that need not be tried behind @m: whatever they lead to from there is
 * also led to by doing them first, and that was, or is, looked at. Not so where
 * nobody has anything to do behind them: something may be owed, and then no
 * way goes on.
 */
static uint64_t asleep_behind(struct expand *e, uint64_t before, uint32_t m)
{
	bool at_rest = subject_can_at_rest(e->s, m);
	uint64_t asleep = 0;

	for (; before; before &= before - 1) {
		uint32_t k = (uint32_t)__builtin_ctzll(before);

		if (!clash(e, k, m) && !(at_rest && rests_behind(e, k)))
			asleep |= UINT64_C(1) << k;
	}
	return asleep;
}

static uint64_t sum_behind(const struct expand *e, const struct effect *f)
{
	const uint64_t *value = effect_values(e, f);
	const uint16_t *cell = effect_cells(e, f);
	uint64_t sum = e->sum;

	for (uint32_t i = 0; i < f->changes; i++)
		if (value[i] != e->image[cell[i]])
			sum += memo_mix(cell[i], value[i]) - e->mix[cell[i]];
	return sum;
}

/* Parts of the canonical bytes that read what @f changes, a bit each. */
static uint64_t folds_changed(const struct expand *e, const struct effect *f)
{
	const uint64_t *changes = effect_changes(e, f);
	uint64_t changed = 0;

	for (uint32_t part = 0; part < e->folds; part++) {
		const uint64_t *reads = &e->fold_reads[part * e->set_words];
		uint64_t any = 0;

		for (uint32_t i = 0; i < e->set_words; i++)
			any |= reads[i] & changes[i];
		changed |= (uint64_t)(any != 0) << part;
	}
	return changed;
}

/* From the digest @here, which is the sum of all parts'. */
static uint64_t digest_behind(struct expand *e, uint64_t here, uint32_t m)
{
	const struct effect *f = e->effect[m];
	uint64_t sum = sum_behind(e, f), changed, digest = here;
	struct digest_pair *near = &e->near[sum >> (64 - NEAR_BITS)];

	if (e->opt.raw)
		return sum;
	if (!footprint_sees())
		return e->told[m];
	if (near->sum == sum)
		return near->digest;
	changed = folds_changed(e, f);
	for (uint64_t c = changed & ~e->folds_known; c; c &= c - 1) {
		uint32_t part = (uint32_t)__builtin_ctzll(c);

		e->fold_digest[part] = fold_ask(e, part);
	}
	e->folds_known |= changed;
	effect_do(e, f);
	for (uint64_t c = changed; c; c &= c - 1) {
		uint32_t part = (uint32_t)__builtin_ctzll(c);

		digest += fold_ask(e, part) - e->fold_digest[part];
	}
	effect_undo(e, f);
	*near = (struct digest_pair){sum, digest};
	return digest;
}

/* A state that nobody has seen is written down. */
static void arrival_fill(struct expand *e, struct arrival *a,
			 const struct effect *f)
{
	uint64_t can[CAN_WORDS];

	memcpy(a->block, e->block, e->blocks * sizeof *a->block);
	effect_do(e, f);
	for (uint64_t b = f->blocks; b; b &= b - 1) {
		uint32_t block = (uint32_t)__builtin_ctzll(b);

		e->failed |= !block_put(e, block, &a->block[block]);
	}
	a->rests = can_ask(e, can)[CAN_WORDS - 1];
	effect_undo(e, f);
}

/* False: it led to what was seen before, and that changes nothing. */
static bool arrive(struct expand *e, struct arrival *a)
{
	const struct effect *f = e->effect[a->move];

	a->clause = (uint16_t)f->clause;
	a->rests = false;
	if (f->clause != CLAUSE_NONE)
		return true;
	if (visited_has(e->visited, a->digest))
		return e->opt.reduce && table_find(e->next, a->digest);
	arrival_fill(e, a, f);
	return true;
}

/* What each move that can happen does; the moves, in their order. */
static uint32_t effects_find(struct expand *e, uint8_t *moves)
{
	uint64_t scratch[CAN_WORDS], can[CAN_WORDS];
	uint32_t n = 0;

	memcpy(can, can_ask(e, scratch), sizeof can);
	for (uint32_t i = 0; i < CAN_WORDS - 1; i++)
		for (; can[i]; can[i] &= can[i] - 1) {
			uint32_t m = 64 * i + (uint32_t)__builtin_ctzll(can[i]);

			e->effect[m] = effect_ask(e, m);
			moves[n++] = (uint8_t)m;
			if (e->learnt)
				return n; /* the next state is not whole */
		}
	return n;
}

/* Leaves those that sleep out. */
static uint32_t moves_awake(uint64_t asleep, uint8_t *moves, uint32_t count)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < count; i++)
		if (moves[i] >= ASLEEP_MAX || !(asleep >> moves[i] & 1))
			moves[n++] = moves[i];
	return n;
}

/* Digests of all states behind, so that the table's lines are on their way. */
static void digests_find(struct expand *e, uint64_t here, const uint8_t *moves,
			 uint32_t count, uint64_t *digest)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct effect *f = e->effect[moves[i]];

		if (f->clause != CLAUSE_NONE)
			continue;
		digest[i] = digest_behind(e, here, moves[i]);
		visited_prefetch(e->visited, digest[i]);
	}
}

uint64_t expand_words_max(const struct expand *e)
{
	return sizeof(struct looked) / 8 +
	       (uint64_t)e->s->moves * arrival_words(e);
}

uint64_t expand_state(struct expand *e, const struct waiting *w, uint64_t *out)
{
	struct looked *l = (struct looked *)out;
	uint64_t digest[MOVES_MAX], before = w->asleep;
	uint8_t can[MOVES_MAX], moves[MOVES_MAX];
	uint32_t count;

	image_load(e, w->block);
	e->folds_known = 0;
	count = effects_find(e, can);
	memcpy(moves, can, count);
	l->transitions = moves_awake(w->asleep, moves, count);
	l->arrivals = 0;
	if (e->learnt || e->failed)
		return 0;
	if (e->opt.reduce)
		footprints_find(e, can, count);
	digests_find(e, w->digest, moves, l->transitions, digest);
	out += sizeof *l / 8;
	for (uint32_t i = 0; i < l->transitions; i++) {
		struct arrival *a = (struct arrival *)out;

		a->digest = e->effect[moves[i]]->clause ? 0 : digest[i];
		a->move = moves[i];
		a->tried = (uint8_t)(i + 1);
		a->asleep =
			e->opt.reduce ? asleep_behind(e, before, moves[i]) : 0;
		if (e->opt.reduce)
			before |= UINT64_C(1) << moves[i];
		if (!arrive(e, a))
			continue;
		l->arrivals++;
		out += arrival_words(e);
	}
	return e->learnt || e->failed ? 0 : (uint64_t)(out - (uint64_t *)l);
}
