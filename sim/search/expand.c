/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/expand.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/search/footprint.h"
#include "sim/search/survey.h"

enum {
	BLOCK_HOPS_BITS = 16,
	ANSWER_HOPS_BITS = 20,
	CLASH_BITS = 14,
	CAN_WORDS = MOVES_MAX / 64 + 2, /* a bit a move, and whether it rests */
	WIDEN_MAX = 4,                  /* detours before what is remembered */
	AUDIT_EVERY = 4096
};

/* Two moves clash, or not. */
enum { APART = 1, CLASH = 2 };

/* What some blocks hold tells the answer, too. */
#define ELSEWHERE UINT32_MAX

/* Numbers of answers are less; with it, other things are said of slots. */
#define SLOTS (UINT32_C(1) << 31)

/* Kinds of keys, beyond all cells. */
enum {
	KEY_CONTENT = 1 << 16,
	KEY_ANSWER,
	KEY_PAIR_FROM,
	KEY_PAIR_BY,
	KEY_BLOCK /* and the blocks behind it */
};

static uint64_t pair_key(uint32_t from, uint32_t by)
{
	return memo_mix(KEY_PAIR_FROM, from) + memo_mix(KEY_PAIR_BY, by);
}

static struct memo_state state_of(const struct expand *e,
				  const uint32_t *number)
{
	return (struct memo_state){e->contents.pool.word, number,
				   e->blocks.place};
}

/* Where the answer to question @q is among a state's numbers. */
static uint32_t answer_at(const struct expand *e, uint32_t q)
{
	return e->blocks.count + q;
}

static bool memory_take(struct expand *e)
{
	e->image = calloc(e->cells_max + 1, sizeof *e->image);
	e->scratch_words = effect_words(BLOCKS_MAX, e->cells_max, e->set_words);
	e->scratch = calloc((size_t)e->s->moves * e->scratch_words,
			    sizeof *e->scratch);
	e->told = calloc(e->s->moves, sizeof *e->told);
	e->later = calloc(e->set_words, sizeof *e->later);
	e->set = calloc(2 * e->set_words, sizeof *e->set);
	e->content = calloc(2 * e->cells_max, sizeof *e->content);
	e->answer = calloc(e->questions, sizeof *e->answer);
	e->fold_key =
		calloc((size_t)e->s->moves * e->folds, sizeof *e->fold_key);
	e->read_blocks = calloc(e->questions, sizeof *e->read_blocks);
	return e->image && e->scratch && e->told && e->later && e->set &&
	       e->content && e->answer && e->fold_key && e->read_blocks &&
	       hops_open(&e->block_hops, BLOCK_HOPS_BITS, e->opt.shared) &&
	       hops_open(&e->answer_hops, ANSWER_HOPS_BITS, e->opt.shared) &&
	       hops_open(&e->clashes, CLASH_BITS, e->opt.shared);
}

static size_t reads_size(const struct expand *e)
{
	return (e->questions * e->set_words + 1) * sizeof *e->reads;
}

static bool questions_begin(struct expand *e, const struct survey *v)
{
	e->reads = share_map(reads_size(e), e->opt.shared);
	if (!e->reads ||
	    !memo_open(&e->memo, e->questions, e->cells_max, e->opt.shared))
		return false;
	assert(e->memo.words == e->set_words);
	e->grown = (uint32_t *)(e->reads + e->questions * e->set_words);
	*e->grown = 1;
	for (uint32_t q = 0; q < e->questions; q++) {
		const uint64_t *always = &v->always[(size_t)q * v->set_words];

		memcpy(&e->reads[q * e->set_words], always,
		       e->set_words * sizeof *always);
		if (!memo_begin(&e->memo, q, always))
			return false;
	}
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
	e->words = fold_words(&s->fold);
	e->questions = questions(s);
	assert(e->questions <= 64 * ASKED_WORDS);
	done = done && memory_take(e) &&
	       contents_open(&e->contents, opt->shared) &&
	       questions_begin(e, &v) &&
	       blocks_open(&e->blocks, e->cells, v.writers);
	survey_free(&v);
	return done;
}

void expand_close(struct expand *e)
{
	contents_close(&e->contents);
	memo_close(&e->memo);
	blocks_close(&e->blocks);
	hops_close(&e->block_hops);
	hops_close(&e->answer_hops);
	hops_close(&e->clashes);
	if (e->reads)
		share_unmap(e->reads, reads_size(e));
	free(e->image);
	free(e->scratch);
	free(e->told);
	free(e->later);
	free(e->set);
	free(e->content);
	free(e->answer);
	free(e->fold_key);
	free(e->read_blocks);
	*e = (struct expand){0};
}

bool expand_grow(struct expand *e)
{
	return table_grow(&e->memo.table) && table_grow(&e->contents.table);
}

/* Whoever acts on it can have seen which reads are new. */
static void reads_grow(struct expand *e)
{
	__atomic_fetch_add(e->grown, 1, __ATOMIC_RELEASE);
}

/* Question @q was seen to look at the cells of @set. */
static void reads_note(struct expand *e, uint32_t q, const uint64_t *set)
{
	uint64_t *reads = &e->reads[q * e->set_words], more = 0;

	for (uint32_t i = 0; i < e->set_words; i++)
		more |= set[i] &
			~__atomic_fetch_or(&reads[i], set[i], __ATOMIC_RELAXED);
	if (more)
		reads_grow(e);
}

bool expand_widen(struct expand *e, bool memo)
{
	memset(e->set, 0, e->set_words * sizeof *e->set);
	for (; e->cells < e->s->cells; e->cells++) {
		if (e->cells == e->cells_max)
			return false;
		e->set[e->cells / 64] |= UINT64_C(1) << e->cells % 64;
	}
	for (uint32_t i = 0; i < e->set_words; i++)
		e->later[i] |= e->set[i];
	e->in_memory = false;
	if (!memo)
		return true;
	for (uint32_t q = 0; q < e->questions; q++)
		reads_note(e, q, e->set);
	return ++e->widened % WIDEN_MAX ? memo_widen(&e->memo, e->set)
					: memo_shorten(&e->memo, e->later);
}

/* Only blocks that differ are looked at. */
static void image_load(struct expand *e, const uint32_t *number)
{
	const struct blocks *b = &e->blocks;

	for (uint32_t n = 0; n < b->count; n++) {
		const uint64_t *from = contents_get(&e->contents, number[n]);

		if (e->loaded[n] == number[n])
			continue;
		e->loaded[n] = number[n];
		for (uint32_t i = b->first[n]; i < b->first[n + 1]; i++)
			e->image[b->cell[i]] = *from++;
		e->in_memory = false;
	}
}

/* Where the code works, the state is now as @number says. */
static void to_memory(struct expand *e, const uint32_t *number)
{
	image_load(e, number);
	if (!e->in_memory)
		subject_restore(e->s, e->image);
	e->in_memory = true;
}

void expand_restore(struct expand *e, const uint32_t *number)
{
	to_memory(e, number);
	e->in_memory = false; /* whoever asked may do with it as he likes */
}

/* The number of a content, whose cells are in e->content. */
static uint32_t content_put(struct expand *e, uint32_t block)
{
	const struct blocks *b = &e->blocks;
	uint32_t size = blocks_size(b, block), number;

	for (uint32_t i = 0; i < size; i++)
		e->content[size + i] =
			memo_mix(b->cell[b->first[block] + i], e->content[i]);
	number = contents_put(&e->contents, block, e->content, 2 * size);
	e->failed |= number == CONTENTS_NONE;
	return number;
}

/* What block @block holds once move @f has been done where it holds @from. */
static uint32_t content_learn(struct expand *e, uint32_t block, uint32_t from,
			      const struct effect *f)
{
	const uint64_t *value = effect_values(f, e->set_words);
	const uint16_t *cell = effect_cells(f, e->set_words);
	uint32_t size = blocks_size(&e->blocks, block);

	memcpy(e->content, contents_get(&e->contents, from),
	       size * sizeof *e->content);
	for (uint32_t i = 0; i < f->changes; i++) {
		uint32_t place = e->blocks.place[cell[i]];

		if (place >> 16 == block)
			e->content[(place & UINT16_MAX) - size] = value[i];
	}
	return content_put(e, block);
}

static uint32_t content_behind(struct expand *e, uint32_t block, uint32_t from,
			       const struct effect *f, uint64_t delta)
{
	uint64_t key = memo_mix(KEY_CONTENT, from) + delta, none;
	uint32_t to = hops_find(&e->block_hops, key, &none);

	if (!to) {
		to = content_learn(e, block, from, f);
		hops_put(&e->block_hops, key, to, 0);
	}
	return to;
}

/* Numbers of blocks behind move @m. */
static const uint32_t *blocks_behind(struct expand *e, uint32_t m)
{
	const struct effect *f = e->effect[m];
	const uint64_t *delta = f->words;

	if (e->behind_move == m)
		return e->behind;
	memcpy(e->behind, e->here->number, e->blocks.count * sizeof *e->behind);
	for (uint64_t b = f->blocks; b; b &= b - 1) {
		uint32_t block = (uint32_t)__builtin_ctzll(b);

		e->behind[block] =
			content_behind(e, block, e->behind[block], f, *delta++);
	}
	e->behind_move = m;
	return e->behind;
}

/* Keeps what was just asked of the code, in the state @number; 0: not kept. */
static uint32_t answer_keep(struct expand *e, uint32_t q,
			    const uint32_t *number, const uint64_t *answer,
			    uint32_t words)
{
	const struct memo_state state = state_of(e, number);
	uint32_t kept;

	if (!footprint_sees())
		return 0;
	memset(e->set, 0, e->set_words * sizeof *e->set);
	survey_reads(e->s, e->set);
	reads_note(e, q, e->set);
	kept = memo_tell(&e->memo, q, &state, e->set, answer, words);
	e->failed |= !kept;
	return kept;
}

/* Asks the code what @part of the state is told as. */
static uint32_t fold_learn(struct expand *e, uint32_t part,
			   const uint32_t *number)
{
	uint64_t told[FOLD_WORDS_MAX];

	to_memory(e, number);
	footprint_begin();
	subject_fold(e->s, part, told);
	footprint_end();
	return answer_keep(e, question_fold(e->s, part), number, told,
			   e->words);
}

/* Moves that can happen, a bit each, and whether the state rests. */
static uint32_t can_learn(struct expand *e, const uint32_t *number)
{
	uint64_t *can = e->can;

	to_memory(e, number);
	memset(can, 0, CAN_WORDS * sizeof *can);
	footprint_begin();
	for (uint32_t m = 0; m < e->s->moves; m++)
		can[m / 64] |= (uint64_t)subject_can(e->s, m) << m % 64;
	can[CAN_WORDS - 1] = subject_rests(e->s);
	footprint_end();
	return answer_keep(e, question_can(e->s), number, can, CAN_WORDS);
}

static uint32_t answer_learn(struct expand *e, uint32_t q,
			     const uint32_t *number)
{
	if (q < e->s->moves)
		return 0; /* that is for whoever looks at the state */
	return q == question_can(e->s) ? can_learn(e, number)
				       : fold_learn(e, q - e->s->moves, number);
}

/* What was told without that it can be remembered is in e->can. */
static const uint64_t *can_of(const struct expand *e, uint32_t answer)
{
	return answer ? memo_answer(&e->memo, answer) : e->can;
}

/* Questions that look at what @f changes. */
static void asked_find(const struct expand *e, struct effect *f)
{
	const uint64_t *changes = effect_changes(f, e->set_words);

	for (uint32_t q = 0; q < e->questions; q++) {
		const uint64_t *reads = &e->reads[q * e->set_words];
		uint64_t any = 0;

		for (uint32_t i = 0; i < e->set_words; i++)
			any |= reads[i] & changes[i];
		if (any)
			__atomic_fetch_or(&f->asked[q / 64],
					  UINT64_C(1) << q % 64,
					  __ATOMIC_RELAXED);
	}
	__atomic_store_n(&f->grown, e->read_grown, __ATOMIC_RELEASE);
}

/* Blocks that each question looks at, as of now. */
static void read_blocks_find(struct expand *e)
{
	uint32_t grown = __atomic_load_n(e->grown, __ATOMIC_ACQUIRE);

	if (e->read_grown == grown)
		return;
	for (uint32_t q = 0; q < e->questions; q++) {
		const uint64_t *reads = &e->reads[q * e->set_words];

		e->read_blocks[q] = 0;
		for (uint32_t i = 0; i < e->set_words; i++)
			for (uint64_t w = reads[i]; w; w &= w - 1) {
				uint32_t cell =
					64 * i + (uint32_t)__builtin_ctzll(w);

				e->read_blocks[q] |= UINT64_C(1)
						     << e->blocks.of[cell];
			}
	}
	e->read_grown = grown;
}

/* Questions that may have another answer behind move @m, a bit each. */
static const uint64_t *asked_behind(const struct expand *e, uint32_t m)
{
	struct effect *f = (struct effect *)(uintptr_t)e->effect[m];

	if (__atomic_load_n(&f->grown, __ATOMIC_ACQUIRE) != e->read_grown)
		asked_find(e, f);
	return f->asked;
}

/* Cells that @f changes in @blocks. */
static void changes_add(const struct expand *e, const struct effect *f,
			uint64_t blocks, uint64_t *cells)
{
	const uint16_t *cell = effect_cells(f, e->set_words);

	for (uint32_t i = 0; i < f->changes; i++)
		if (blocks >> e->blocks.of[cell[i]] & 1)
			cells[cell[i] / 64] |= UINT64_C(1) << cell[i] % 64;
}

/* Blocks with cells that are needed and not known. */
static uint64_t blocks_lacking(const struct expand *e, const uint64_t *known,
			       const uint64_t *needed)
{
	uint64_t blocks = 0;

	for (uint32_t i = 0; i < e->set_words; i++)
		for (uint64_t w = needed[i] & ~known[i]; w; w &= w - 1) {
			uint32_t cell = 64 * i + (uint32_t)__builtin_ctzll(w);

			blocks |= UINT64_C(1) << e->blocks.of[cell];
		}
	return blocks;
}

/* Blocks that both @q looks at and move @m changes. */
static uint64_t blocks_between(const struct expand *e, uint32_t q, uint32_t m)
{
	return e->effect[m]->blocks & e->read_blocks[q];
}

/* What move @m changes in each block. */
static const uint64_t *deltas(struct expand *e, uint32_t m)
{
	const struct effect *f = e->effect[m];
	const uint64_t *delta = f->words;

	if (e->delta_move == m)
		return e->delta;
	for (uint64_t b = f->blocks; b; b &= b - 1)
		e->delta[__builtin_ctzll(b)] = *delta++;
	e->delta_move = m;
	return e->delta;
}

/*
 * All states in which @q is answered as here have the same answer behind all
 * that changes the same as @m does in blocks that @q looks at, if it looks at
 * no cell but what told that and what is changed.
 */
static uint64_t answer_key(struct expand *e, uint32_t q, uint32_t m)
{
	const uint64_t *delta = deltas(e, m);
	uint64_t key = memo_mix(KEY_ANSWER, e->answer[q]);

	for (uint64_t b = blocks_between(e, q, m); b; b &= b - 1)
		key += delta[__builtin_ctzll(b)];
	return key;
}

/* If it does, then those too that hold the same in @blocks behind move @m. */
static uint64_t answer_key_more(struct expand *e, uint64_t key, uint64_t blocks,
				uint32_t m)
{
	const uint32_t *behind = blocks_behind(e, m);

	for (; blocks; blocks &= blocks - 1) {
		uint32_t b = (uint32_t)__builtin_ctzll(blocks);

		key += memo_mix(KEY_BLOCK + b, behind[b]);
	}
	return key;
}

/* An answer behind a move, and what becomes of the digest by it. */
struct answer_next {
	uint32_t answer;
	bool slots;      /* other things are said of slots, too */
	uint64_t change; /* by all else that the answer says */
};

static struct answer_next next_of(const struct expand *e, uint32_t q,
				  uint32_t answer)
{
	struct answer_next next = {.answer = answer};
	const uint64_t *was, *now;

	if (q < question_fold(e->s, 0) || q == question_can(e->s))
		return next;
	was = memo_answer(&e->memo, e->answer[q]);
	now = memo_answer(&e->memo, answer);
	next.change = now[0] - was[0];
	for (uint32_t i = 1; i < e->words; i++)
		next.slots |= now[i] != was[i];
	return next;
}

/* As hops keep it. */
static void next_keep(struct expand *e, uint64_t key,
		      const struct answer_next *next)
{
	hops_put(&e->answer_hops, key, next->answer | (next->slots ? SLOTS : 0),
		 next->change);
}

/* The same, looked for, and remembered; @blocks were known to be needed. */
static struct answer_next answer_follow(struct expand *e, uint32_t q,
					uint32_t m, uint64_t key,
					uint64_t blocks)
{
	const struct memo_state here = state_of(e, e->here->number);
	const struct memo_state behind = state_of(e, blocks_behind(e, m));
	uint64_t *known = e->set, *needed = e->set + e->set_words;
	struct answer_next next;
	uint32_t answer;

	memset(known, 0, 2 * e->set_words * sizeof *known);
	answer = memo_trace(&e->memo, q, &behind, needed);
	if (!answer)
		return next_of(e, q, answer_learn(e, q, behind.number));
	next = next_of(e, q, answer);
	if (memo_trace(&e->memo, q, &here, known) != e->answer[q])
		return next;
	changes_add(e, e->effect[m], blocks_between(e, q, m), known);
	blocks |= blocks_lacking(e, known, needed);
	if (blocks) {
		hops_put(&e->answer_hops, key, ELSEWHERE, blocks);
		key = answer_key_more(e, key, blocks, m);
	}
	next_keep(e, key, &next);
	return next;
}

/* What @q is answered behind move @m, which may be another than here. */
static struct answer_next answer_behind(struct expand *e, uint32_t q,
					uint32_t m, uint64_t key)
{
	uint64_t change, blocks = 0;
	uint32_t answer = hops_find(&e->answer_hops, key, &change);

	if (answer == ELSEWHERE) {
		blocks = change;
		answer = hops_find(&e->answer_hops,
				   answer_key_more(e, key, blocks, m), &change);
	}
	if (!answer)
		return answer_follow(e, q, m, key, blocks);
	return (struct answer_next){answer & ~SLOTS, answer & SLOTS, change};
}

/* Adds to @told the words that question @q was answered with. */
static void told_add(const struct expand *e, uint32_t answer, uint64_t *told)
{
	const uint64_t *words = memo_answer(&e->memo, answer);

	for (uint32_t i = 0; i < e->words; i++)
		told[i] += words[i];
}

bool expand_first(struct expand *e, struct waiting *out)
{
	uint64_t told[FOLD_WORDS_MAX] = {0};
	const struct memo_state state = state_of(e, out->number);
	const struct blocks *b = &e->blocks;

	subject_save(e->s, e->image);
	out->asleep = 0;
	out->digest = 0;
	for (uint32_t n = 0; n < b->count; n++) {
		for (uint32_t i = b->first[n]; i < b->first[n + 1]; i++)
			e->content[i - b->first[n]] = e->image[b->cell[i]];
		out->number[n] = content_put(e, n);
	}
	for (uint32_t part = 0; part < e->folds && footprint_sees(); part++) {
		uint32_t answer = fold_learn(e, part, out->number);

		out->number[answer_at(e, question_fold(e->s, part))] = answer;
		told_add(e, answer, told);
	}
	out->digest = fold_slots_digest(&e->s->fold, told);
	if (!footprint_sees())
		out->digest = subject_digest(e->s);
	if (e->opt.raw)
		out->digest = 0;
	for (uint32_t i = 0; i < e->cells_max && e->opt.raw; i++)
		out->digest += memo_cell(&state, i);
	return !e->failed;
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

/* What changes to what, and the digests of that by block. */
static void changes_write(const struct expand *e, struct effect *f)
{
	const uint64_t *changes = effect_changes(f, e->set_words);
	uint64_t *value = f->words + f->deltas + 2 * e->set_words;
	uint16_t *cell = (uint16_t *)(value + f->changes);

	memset(f->words, 0, f->deltas * sizeof *f->words);
	for (uint32_t i = 0; i < e->set_words; i++)
		for (uint64_t w = changes[i]; w; w &= w - 1, cell++, value++) {
			uint64_t before;

			*cell = (uint16_t)(64 * i +
					   (uint32_t)__builtin_ctzll(w));
			*value = cell_now(e, *cell);
			before = f->blocks &
				 ((UINT64_C(1) << e->blocks.of[*cell]) - 1);
			f->words[__builtin_popcountll(before)] +=
				memo_mix(*cell, *value);
		}
}

/*
 * Writes down what the move left in memory; the words that it takes. What it
 * wrote is among what it depends on, so that what it changes is always the
 * same.
 */
static uint32_t effect_write(struct expand *e, struct effect *f)
{
	uint64_t *touches = e->set, *changes = e->set + e->set_words;

	memset(f, 0, sizeof *f);
	memset(e->set, 0, 2 * e->set_words * sizeof *e->set);
	survey_reads(e->s, touches);
	writes_find(e, touches);
	f->known = e->cells;
	f->clause = e->s->findings ? (uint16_t)e->s->finding[0].clause
				   : (uint16_t)CLAUSE_NONE;
	if (f->clause == CLAUSE_NONE)
		changes_find(e, touches, changes);
	for (uint32_t i = 0; i < e->set_words; i++)
		for (uint64_t w = changes[i]; w; w &= w - 1) {
			uint32_t cell = 64 * i + (uint32_t)__builtin_ctzll(w);

			f->changes++;
			f->late |= e->later[i] & w & -w;
			f->blocks |= UINT64_C(1) << e->blocks.of[cell];
		}
	f->deltas = (uint16_t)__builtin_popcountll(f->blocks);
	memcpy(f->words + f->deltas, e->set, 2 * e->set_words * sizeof *e->set);
	changes_write(e, f);
	return effect_words(f->deltas, f->changes, e->set_words);
}

/* Lets the code do move @m; its number, or 0 if it is not remembered. */
static uint32_t effect_learn(struct expand *e, uint32_t m)
{
	const struct memo_state here = state_of(e, e->here->number);
	uint64_t *scratch = e->scratch + m * e->scratch_words;
	struct effect *f = (struct effect *)scratch;
	uint32_t words, kept;

	to_memory(e, here.number);
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
		return 0;
	reads_note(e, m, effect_touches(f));
	kept = memo_tell(&e->memo, m, &here, effect_touches(f), scratch, words);
	e->failed |= !kept;
	return kept;
}

/* The code itself tells the state that is looked at as it was told. */
static void state_audit(struct expand *e)
{
	const uint64_t *can = can_of(e, e->answer[question_can(e->s)]);
	bool rests = can[CAN_WORDS - 1];

	to_memory(e, e->here->number);
	for (uint32_t m = 0; m < e->s->moves; m++)
		assert(subject_can(e->s, m) == (can[m / 64] >> m % 64 & 1));
	assert(subject_rests(e->s) == rests);
	assert(e->opt.raw || subject_digest(e->s) == e->here->digest);
	(void)rests;
}

/* The code itself does the same, or something was remembered wrongly. */
static void effect_audit(struct expand *e, uint32_t m, const struct effect *f)
{
	const uint64_t *value = effect_values(f, e->set_words);
	const uint16_t *cell = effect_cells(f, e->set_words);

	to_memory(e, e->here->number);
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

/* What move @m does here. */
static void effect_find(struct expand *e, uint32_t m)
{
	const struct memo_state here = state_of(e, e->here->number);
	uint32_t number = e->answer[m];

	if (!number)
		number = memo_ask(&e->memo, m, &here);
	e->effect[m] = (const struct effect *)memo_answer(&e->memo, number);
	if (number && ++e->asked % e->opt.audit == 0) {
		state_audit(e);
		effect_audit(e, m, e->effect[m]);
	}
	if (!number) {
		number = effect_learn(e, m);
		e->effect[m] = number ? (const struct effect *)memo_answer(
						&e->memo, number)
				      : (struct effect *)(e->scratch +
							  m * e->scratch_words);
	}
	e->effect_number[m] = e->answer[m] = number;
}

/* Adds to what is remembered whether the move touches cells that came later. */
static void touches_renew(struct expand *e, uint32_t m)
{
	struct effect *f = (struct effect *)(uintptr_t)e->effect[m];

	if (f->known == e->cells)
		return;
	to_memory(e, e->here->number);
	footprint_begin();
	subject_do(e->s, m);
	footprint_end();
	e->in_memory = false;
	memset(e->set, 0, e->set_words * sizeof *e->set);
	survey_reads(e->s, e->set);
	writes_find(e, e->set);
	for (uint32_t i = 0; i < e->set_words; i++)
		__atomic_fetch_or(&f->words[f->deltas + i], e->set[i],
				  __ATOMIC_RELAXED);
	__atomic_store_n(&f->known, e->cells, __ATOMIC_RELEASE);
}

/* If the moves change what came later: which of them touch it. */
static void footprints_find(struct expand *e, const uint8_t *moves,
			    uint32_t count)
{
	bool late = false;

	for (uint32_t n = 0; n < count; n++)
		late |= e->effect[moves[n]]->late;
	for (uint32_t n = 0; n < count && late; n++)
		touches_renew(e, moves[n]);
}

/* One of them changes what the other reads or writes. */
static bool clash(struct expand *e, uint32_t a, uint32_t b)
{
	uint64_t key = pair_key(e->effect_number[a], e->effect_number[b]), none;
	uint32_t known = hops_find(&e->clashes, key, &none);

	if (known)
		return known == CLASH;
	known = effects_clash(e->effect[a], e->effect[b], e->set_words) ? CLASH
									: APART;
	hops_put(&e->clashes, key, known, 0);
	return known == CLASH;
}

static const uint64_t *can_behind(struct expand *e, uint32_t m)
{
	uint32_t q = question_can(e->s), answer = e->answer[q];

	if (!footprint_sees())
		answer = can_learn(e, blocks_behind(e, m));
	else if (asked_behind(e, m)[q / 64] >> q % 64 & 1)
		answer = answer_behind(e, q, m, answer_key(e, q, m)).answer;
	return can_of(e, answer);
}

/* Nobody has anything to do behind move @m. */
static bool rests_behind(struct expand *e, uint32_t m)
{
	return e->effect[m]->clause == CLAUSE_NONE &&
	       can_behind(e, m)[CAN_WORDS - 1];
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

/* By all that is in memory. */
static uint64_t raw_behind(const struct expand *e, uint32_t m)
{
	const struct effect *f = e->effect[m];
	const struct memo_state here = state_of(e, e->here->number);
	const uint64_t *value = effect_values(f, e->set_words);
	const uint16_t *cell = effect_cells(f, e->set_words);
	uint64_t sum = e->here->digest;

	for (uint32_t i = 0; i < f->changes; i++)
		sum += memo_mix(cell[i], value[i]) - memo_cell(&here, cell[i]);
	return sum;
}

/* What is said of each slot in the state that is looked at. */
static const uint64_t *slots_here(struct expand *e)
{
	if (e->slots_known)
		return e->told_here;
	memset(e->told_here, 0, sizeof e->told_here);
	for (uint32_t part = 0; part < e->folds; part++)
		told_add(e, e->answer[question_fold(e->s, part)], e->told_here);
	e->slots_known = true;
	return e->told_here;
}

/* What is said of slots in another way. */
static void told_differ(const struct expand *e, uint32_t from, uint32_t to,
			uint64_t *delta)
{
	const uint64_t *was = memo_answer(&e->memo, from);
	const uint64_t *now = memo_answer(&e->memo, to);

	for (uint32_t i = 1; i < e->words; i++)
		delta[i] += now[i] - was[i];
}

/* What it makes for the digest that other things are said of slots. */
static uint64_t slots_differ(struct expand *e, const uint64_t *delta)
{
	uint64_t digest = 0;

	for (uint32_t i = 1; i < e->words; i++)
		if (delta[i]) {
			uint64_t said = slots_here(e)[i];

			digest += fold_slot_digest(said + delta[i]) -
				  fold_slot_digest(said);
		}
	return digest;
}

/* Parts of the canonical bytes that move @m may change, a bit each. */
static uint64_t folds_behind(const struct expand *e, uint32_t m)
{
	const uint64_t *asked = asked_behind(e, m);
	uint32_t first = question_fold(e->s, 0), shift = first % 64;
	uint64_t folds = asked[first / 64] >> shift;

	if (shift && first / 64 + 1 < ASKED_WORDS)
		folds |= asked[first / 64 + 1] << (64 - shift);
	return folds & ~(UINT64_MAX << (e->folds - 1) << 1);
}

/* Keys of what tells the digest behind move @m; they are on their way. */
static void digest_begin(struct expand *e, uint32_t m)
{
	uint64_t *key = e->fold_key + m * e->folds;

	if (e->opt.raw || !footprint_sees())
		return;
	for (uint64_t w = folds_behind(e, m); w; w &= w - 1, key++) {
		uint32_t part = (uint32_t)__builtin_ctzll(w);

		*key = answer_key(e, question_fold(e->s, part), m);
		hops_prefetch(&e->answer_hops, *key);
	}
}

/* From that of the state that is looked at: by parts that become others. */
static uint64_t digest_behind(struct expand *e, uint32_t m)
{
	const uint64_t *key = e->fold_key + m * e->folds;
	uint64_t digest = e->here->digest, delta[FOLD_WORDS_MAX];
	bool slots = false;

	if (e->opt.raw)
		return raw_behind(e, m);
	if (!footprint_sees())
		return e->told[m];
	for (uint64_t w = folds_behind(e, m); w; w &= w - 1) {
		uint32_t part = (uint32_t)__builtin_ctzll(w);

		uint32_t q = question_fold(e->s, part);
		struct answer_next next = answer_behind(e, q, m, *key++);

		digest += next.change;
		if (!next.slots)
			continue;
		if (!slots)
			memset(delta, 0, e->words * sizeof *delta);
		slots = true;
		told_differ(e, e->answer[q], next.answer, delta);
	}
	return slots ? digest + slots_differ(e, delta) : digest;
}

/* Answers behind move @m, where @can says what can happen there. */
static void answers_fill(struct expand *e, uint32_t m, const uint64_t *can,
			 uint32_t *out)
{
	const uint64_t *asked = asked_behind(e, m);

	for (uint32_t q = 0; q < e->questions; q++) {
		bool other = asked[q / 64] >> q % 64 & 1;

		out[q] = e->answer[q];
		if (q < e->s->moves && !(can[q / 64] >> q % 64 & 1))
			out[q] = 0;
		else if (out[q] && other)
			out[q] = answer_behind(e, q, m, answer_key(e, q, m))
					 .answer;
	}
}

/* A state that nobody has seen is written down. */
static void arrival_fill(struct expand *e, struct arrival *a)
{
	const uint64_t *can = can_behind(e, a->move);

	a->rests = can[CAN_WORDS - 1];
	memcpy(a->number, blocks_behind(e, a->move),
	       e->blocks.count * sizeof *a->number);
	answers_fill(e, a->move, can, a->number + e->blocks.count);
}

/* False: it led to where somebody was before, or was faster. */
static bool state_claim(struct expand *e, struct arrival *a, uint64_t asleep)
{
	uint64_t number;

	a->claim = claims_find(e->claims, a->digest);
	if (!a->claim) {
		if (visited_has(e->visited, a->digest))
			return false;
		a->claim = claims_add(e->claims, a->digest);
	} else if (claim_placed(a->claim, &number)) {
		if (number != CLAIM_NOWHERE)
			__atomic_fetch_and(
				&layer_at(e->behind_layer, number)->asleep,
				asleep, __ATOMIC_RELAXED);
		return false;
	}
	__atomic_fetch_or(&a->claim->awake, ~asleep, __ATOMIC_RELAXED);
	return claim_take(a->claim, e->round, a->order);
}

/*
 * What sleeps on one way to a state is awake on another: only what sleeps on
 * all of the shortest need not be tried. False: it leads to nothing new.
 */
static bool arrive(struct expand *e, struct arrival *a, uint64_t asleep)
{
	a->clause = (uint16_t)e->effect[a->move]->clause;
	a->rests = a->owes = false;
	if (a->clause != CLAUSE_NONE)
		return true;
	if (!state_claim(e, a, asleep))
		return false;
	arrival_fill(e, a);
	return true;
}

/* What each move that can happen does; the moves, in their order. */
static uint32_t effects_find(struct expand *e, uint8_t *moves)
{
	uint32_t q = question_can(e->s), n = 0;
	uint64_t can[CAN_WORDS];

	if (!e->answer[q])
		e->answer[q] = can_learn(e, e->here->number);
	memcpy(can, can_of(e, e->answer[q]), sizeof can);
	for (uint32_t i = 0; i < CAN_WORDS - 1; i++)
		for (; can[i]; can[i] &= can[i] - 1) {
			uint32_t m = 64 * i + (uint32_t)__builtin_ctzll(can[i]);

			effect_find(e, m);
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
static void digests_find(struct expand *e, const uint8_t *moves, uint32_t count,
			 uint64_t *digest)
{
	read_blocks_find(e);
	for (uint32_t i = 0; i < count; i++)
		if (e->effect[moves[i]]->clause == CLAUSE_NONE)
			digest_begin(e, moves[i]);
	for (uint32_t i = 0; i < count; i++) {
		if (e->effect[moves[i]]->clause != CLAUSE_NONE)
			continue;
		digest[i] = digest_behind(e, moves[i]);
		claims_prefetch(e->claims, digest[i]);
		visited_prefetch(e->visited, digest[i]);
	}
}

uint64_t expand_words_max(const struct expand *e)
{
	return sizeof(struct looked) / 8 +
	       (uint64_t)e->s->moves * arrival_words(e);
}

/* The state is the one that is looked at. */
static void look_at(struct expand *e, const struct waiting *w)
{
	e->here = w;
	e->behind_move = e->delta_move = MOVES_MAX;
	e->slots_known = false;
	memcpy(e->answer, w->number + e->blocks.count,
	       e->questions * sizeof *e->answer);
}

uint64_t expand_state(struct expand *e, const struct waiting *w, uint32_t n,
		      uint64_t *out)
{
	struct looked *l = (struct looked *)out;
	uint64_t digest[MOVES_MAX], before = w->asleep, asleep = 0;
	uint8_t can[MOVES_MAX], moves[MOVES_MAX];
	uint32_t count;

	look_at(e, w);
	count = effects_find(e, can);
	memcpy(moves, can, count);
	l->transitions = moves_awake(w->asleep, moves, count);
	l->arrivals = 0;
	if (e->learnt || e->failed)
		return 0;
	if (e->opt.reduce)
		footprints_find(e, can, count);
	digests_find(e, moves, l->transitions, digest);
	out += sizeof *l / 8;
	for (uint32_t i = 0; i < l->transitions; i++) {
		struct arrival *a = (struct arrival *)out;

		a->digest = e->effect[moves[i]]->clause ? 0 : digest[i];
		a->move = moves[i];
		a->tried = (uint8_t)(i + 1);
		a->order = n << 8 | i;
		if (e->opt.reduce)
			asleep = asleep_behind(e, before, moves[i]);
		if (e->opt.reduce)
			before |= UINT64_C(1) << moves[i];
		if (!arrive(e, a, asleep))
			continue;
		l->arrivals++;
		out += arrival_words(e);
	}
	return e->learnt || e->failed ? 0 : (uint64_t)(out - (uint64_t *)l);
}
