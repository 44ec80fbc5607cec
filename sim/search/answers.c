/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/answers.h"

#include <stdlib.h>
#include <string.h>

#include "sim/search/footprint.h"

enum {
	WIDEN_MAX = 4 /* detours before what is remembered */
};

#define TOLD_WORDS (UINT64_C(1) << 29)

static size_t reads_words(const struct answers *a)
{
	return (size_t)a->questions * a->set_words;
}

static bool memory_take(struct answers *a, bool shared)
{
	a->later = calloc(a->set_words, sizeof *a->later);
	a->read.cell = calloc(a->cells_max, sizeof *a->read.cell);
	a->read.set = calloc(a->set_words, sizeof *a->read.set);
	a->content = calloc(2 * a->cells_max, sizeof *a->content);
	a->scratch = calloc(effect_words(a->cells_max, a->set_words),
			    sizeof *a->scratch);
	a->reads = share_map(reads_words(a) * sizeof *a->reads, shared);
	a->head = share_map(sizeof *a->head, shared);
	return a->later && a->read.cell && a->read.set && a->content &&
	       a->scratch && a->reads && a->head &&
	       memo_open(&a->memo, a->questions, a->cells_max, shared) &&
	       effects_open(&a->effects, a->set_words, shared) &&
	       share_pool_open(&a->told, TOLD_WORDS, shared) &&
	       contents_open(&a->contents, shared) &&
	       code_open(&a->code, a->cells_max);
}

static bool questions_begin(struct answers *a, const struct survey *v)
{
	uint64_t *set = a->read.set;

	a->head->grown = a->head->moves_since = 1;
	for (uint32_t q = 0; q < a->questions; q++) {
		const uint64_t *always = &v->always[(size_t)q * v->set_words];

		memcpy(set, &v->first[(size_t)q * v->set_words],
		       a->set_words * sizeof *set);
		memcpy(&a->reads[q * a->set_words], set,
		       a->set_words * sizeof *set);
		if (!memo_begin(&a->memo, q, set, always))
			return false;
	}
	return true;
}

static bool blocks_make(struct answers *a, const struct survey *v)
{
	const struct blocks_sample sample = {
		.cells = a->cells.count,
		.steps = SURVEY_STEPS,
		.states = SURVEY_STATES,
		.written = v->written,
		.held = v->held,
	};

	return blocks_open(&a->blocks, &sample);
}

bool answers_open(struct answers *a, struct subject *s, bool shared)
{
	struct survey v = {0};
	bool done;

	*a = (struct answers){.s = s};
	done = cells_open(&a->cells, s) && survey_make(&v, s, &a->cells);
	a->cells_max = a->cells.count + CELLS_LATER;
	a->set_words = set_words(a->cells_max);
	a->questions = questions(s);
	a->parts = subject_folds(s);
	a->slots = fold_words(&s->fold) - 1;
	done = done && memory_take(a, shared) && questions_begin(a, &v) &&
	       blocks_make(a, &v);
	a->code.s = s;
	a->code.cells = &a->cells;
	a->code.blocks = &a->blocks;
	a->code.contents = &a->contents;
	survey_free(&v);
	return done;
}

void answers_close(struct answers *a)
{
	cells_close(&a->cells);
	blocks_close(&a->blocks);
	contents_close(&a->contents);
	memo_close(&a->memo);
	effects_close(&a->effects);
	share_pool_close(&a->told);
	code_close(&a->code);
	share_unmap(a->reads, reads_words(a) * sizeof *a->reads);
	share_unmap(a->head, sizeof *a->head);
	free(a->later);
	free(a->read.cell);
	free(a->read.set);
	free(a->content);
	free(a->scratch);
	*a = (struct answers){0};
}

bool answers_grow(struct answers *a)
{
	return memo_grow(&a->memo) && effects_grow(&a->effects) &&
	       table_grow(&a->contents.table);
}

/*
 * Question @q was seen to look at the cells of @set. Whoever acts on it can
 * have seen which reads are new.
 */
static void reads_note(struct answers *a, uint32_t q, const uint64_t *set)
{
	uint64_t *reads = &a->reads[q * a->set_words], more = 0;

	for (uint32_t i = 0; i < a->set_words; i++)
		more |= set[i] &
			~__atomic_fetch_or(&reads[i], set[i], __ATOMIC_RELAXED);
	if (more)
		__atomic_fetch_add(&a->head->grown, 1, __ATOMIC_RELEASE);
}

/* What was told of parts holds on; what moves touch has to be seen again. */
static bool memo_tell_more(struct answers *a, const uint64_t *more)
{
	bool detour = ++a->widened % WIDEN_MAX;

	for (uint32_t q = 0; q < a->questions; q++) {
		reads_note(a, q, more);
		if (q >= a->parts ? !memo_forget(&a->memo, q)
		    : detour      ? !memo_widen(&a->memo, q, more)
				  : !memo_shorten(&a->memo, q, a->later))
			return false;
	}
	a->head->moves_since = memo_next(&a->memo);
	return true;
}

bool answers_widen(struct answers *a, bool memo)
{
	uint64_t *more = a->read.set;
	uint32_t before = a->cells.count;

	cells_take(&a->cells);
	if (a->cells.count > a->cells_max)
		return false;
	memset(more, 0, a->set_words * sizeof *more);
	for (uint32_t i = before; i < a->cells.count; i++)
		set_add(more, i);
	for (uint32_t i = 0; i < a->set_words; i++)
		a->later[i] |= more[i];
	code_lose(&a->code);
	return !memo || memo_tell_more(a, more);
}

/* The number of a content, whose cells are in a->content, with what goes by. */
static uint32_t content_put(struct answers *a, uint32_t block)
{
	uint32_t size = blocks_size(&a->blocks, block), number;

	number = contents_put(&a->contents, block, a->content, 2 * size);
	a->failed |= number == CONTENTS_NONE;
	return number;
}

void answers_contents_now(struct answers *a, uint32_t *number)
{
	const struct blocks *b = &a->blocks;

	for (uint32_t n = 0; n < b->count; n++) {
		uint32_t size = blocks_size(b, n);

		for (uint32_t i = 0; i < size; i++) {
			uint32_t cell = b->cell[b->first[n] + i];
			uint64_t value = cell < a->cells.count
						 ? cells_now(&a->cells, cell)
						 : 0;

			a->content[i] = value;
			a->content[size + i] = memo_mix(cell, value);
		}
		number[n] = content_put(a, n);
	}
}

uint32_t answers_content(struct answers *a, uint32_t block, uint32_t from,
			 const struct effect *f)
{
	const uint64_t *value = effect_values(f, a->set_words);
	const uint16_t *cell = effect_cells(f, a->set_words);
	uint32_t size = blocks_size(&a->blocks, block);

	memcpy(a->content, contents_get(&a->contents, from),
	       2 * size * sizeof *a->content);
	for (uint32_t i = 0; i < f->writes; i++) {
		uint32_t place = a->blocks.place[cell[i]];

		if (place >> 16 != block)
			continue;
		a->content[(place & UINT16_MAX) - size] = value[i];
		a->content[place & UINT16_MAX] = memo_mix(cell[i], value[i]);
	}
	return content_put(a, block);
}

static void reads_find(struct answers *a)
{
	a->read.count = 0;
	memset(a->read.set, 0, a->set_words * sizeof *a->read.set);
	cells_read(&a->cells, &a->read);
}

/* Keeps what was just asked of the code, whose reads are in a->read. */
static uint32_t answer_keep(struct answers *a, uint32_t q,
			    const uint32_t *number, uint64_t word,
			    uint32_t says, bool mark)
{
	const struct memo_state state = answers_state(a, number);
	uint32_t kept;

	reads_note(a, q, a->read.set);
	kept = memo_tell(&a->memo, q, &state, &a->read, word, says, mark);
	a->failed |= !kept;
	return kept;
}

/* Asks the code what @part of the state is told as. */
static uint32_t part_learn(struct answers *a, uint32_t part,
			   const uint32_t *number)
{
	uint64_t told[FOLD_WORDS_MAX], at = share_take(&a->told, a->slots);
	bool rests = false;

	a->failed |= at == UINT64_MAX;
	if (a->failed)
		return 0;
	code_show(&a->code, number);
	footprint_begin();
	subject_fold(a->s, part, told);
	if (part == a->parts - 1)
		rests = subject_rests(a->s);
	footprint_end();
	memcpy(&a->told.word[at], told + 1, a->slots * sizeof *told);
	reads_find(a);
	return answer_keep(a, part, number, told[0],
			   a->slots ? (uint32_t)(at / a->slots) : 0, rests);
}

/* Writes down what was written, as it is in memory now. */
static void writes_fill(struct answers *a, struct effect *f)
{
	const uint64_t *writes = effect_writes(f, a->set_words);
	uint64_t *value = f->words + 2 * a->set_words;
	uint16_t *cell = (uint16_t *)(value + f->writes), n = 0;

	memset(value, 0, (f->writes + (f->writes + 3u) / 4) * sizeof *value);
	for (uint32_t i = 0; i < a->set_words; i++)
		for (uint64_t w = writes[i]; w; w &= w - 1, n++) {
			cell[n] = (uint16_t)(64 * i + set_lowest(w));
			value[n] = cells_now(&a->cells, cell[n]);
		}
}

/* What was just done, as words. */
static struct effect *effect_write(struct answers *a)
{
	struct effect *f = (struct effect *)a->scratch;
	uint64_t *writes = f->words + a->set_words;

	memset(f, 0, effect_words(0, a->set_words) * sizeof(uint64_t));
	cells_written(&a->cells, writes);
	for (uint32_t i = 0; i < a->set_words; i++)
		f->words[i] = a->read.set[i] | writes[i];
	f->clause = subject_broke(a->s);
	if (f->clause != CLAUSE_NONE)
		memset(writes, 0, a->set_words * sizeof *writes);
	f->writes = (uint16_t)set_count(writes, a->set_words);
	writes_fill(a, f);
	return f;
}

/* Lets the code do move @m, if it can happen. */
static uint32_t move_learn(struct answers *a, uint32_t q,
			   const uint32_t *number)
{
	uint32_t m = q - a->parts, effect = 0;
	bool can;

	code_show(&a->code, number);
	footprint_begin();
	can = subject_can(a->s, m);
	if (can)
		subject_do(a->s, m);
	footprint_end();
	if (can && subject_learn_written(a->s)) {
		a->learnt = true;
		code_undo(&a->code);
		return 0;
	}
	reads_find(a);
	if (can) {
		effect = effects_put(&a->effects, effect_write(a));
		a->failed |= !effect;
		code_undo(&a->code);
	}
	return answer_keep(a, q, number, 0, effect, !can);
}

uint32_t answers_ask(struct answers *a, uint32_t q, const uint32_t *number)
{
	const struct memo_state state = answers_state(a, number);
	uint32_t known = memo_ask(&a->memo, q, &state);

	if (known)
		return known;
	return q < a->parts ? part_learn(a, q, number)
			    : move_learn(a, q, number);
}

uint64_t answers_raw(const struct answers *a, const uint32_t *contents)
{
	const struct memo_state state = answers_state(a, contents);
	uint64_t digest = 0;

	for (uint32_t i = 0; i < a->cells_max; i++)
		digest += memo_cell(&state, i);
	return digest;
}

uint64_t answers_raw_now(const struct answers *a)
{
	uint64_t digest = 0;

	for (uint32_t i = 0; i < a->cells_max; i++)
		digest += memo_mix(
			i, i < a->cells.count ? cells_now(&a->cells, i) : 0);
	return digest;
}

/* The code does the same to what is in memory. */
static void effect_audit(struct answers *a, uint32_t m, const struct effect *f)
{
	const uint64_t *value = effect_values(f, a->set_words);
	const uint64_t *writes = effect_writes(f, a->set_words);
	uint32_t n = 0;

	footprint_begin();
	subject_do(a->s, m);
	footprint_end();
	assert(f->clause == subject_broke(a->s));
	for (uint32_t i = 0; i < a->cells.count && f->clause == CLAUSE_NONE;
	     i++)
		assert(cells_now(&a->cells, i) ==
		       (set_has(writes, i) ? value[n++] : a->code.image[i]));
	code_undo(&a->code);
}

void answers_audit(struct answers *a, const uint32_t *number, uint64_t digest,
		   bool raw)
{
	uint32_t rests = number[a->parts - 1] & MEMO_MARK;

	code_show(&a->code, number + a->questions);
	assert(subject_rests(a->s) == (rests != 0));
	assert(raw || subject_digest(a->s) == digest);
	(void)rests;
	(void)digest;
	for (uint32_t m = 0; m < a->s->moves; m++) {
		uint32_t answer = number[a->parts + m];
		bool can = !(answer & MEMO_MARK);

		assert(subject_can(a->s, m) == can);
		if (can)
			effect_audit(a, m,
				     effects_get(&a->effects,
						 answers_effect(a, answer)));
	}
}

void answers_restore(struct answers *a, const uint32_t *contents)
{
	code_show(&a->code, contents);
	code_lose(&a->code);
}
