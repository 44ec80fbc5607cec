/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/cache/transition_cache.h"

#include <stdlib.h>
#include <string.h>

#include "sim/explore/sut/footprint.h"

enum {
	WIDEN_MAX = 4 /* detours before what is remembered */
};

#define TOLD_WORDS (UINT64_C(1) << 29)

static size_t reads_words(const struct transition_cache *a)
{
	return (size_t)a->queries * a->set_words;
}

static bool memory_take(struct transition_cache *a, bool shared)
{
	a->later = calloc(a->set_words, sizeof *a->later);
	a->read.variable = calloc(a->variables_max, sizeof *a->read.variable);
	a->read.set = calloc(a->set_words, sizeof *a->read.set);
	a->content = calloc(2 * a->variables_max, sizeof *a->content);
	a->scratch = calloc(effect_words(a->variables_max, a->set_words),
			    sizeof *a->scratch);
	a->reads = shared_arena_map(reads_words(a) * sizeof *a->reads, shared);
	a->head = shared_arena_map(sizeof *a->head, shared);
	return a->later && a->read.variable && a->read.set && a->content &&
	       a->scratch && a->reads && a->head &&
	       trie_open(&a->trie, a->queries, a->variables_max, shared) &&
	       effects_open(&a->effects, a->set_words, shared) &&
	       shared_pool_open(&a->told, TOLD_WORDS, shared) &&
	       interned_open(&a->interned, shared) &&
	       working_state_open(&a->working_state, a->variables_max);
}

static bool queries_begin(struct transition_cache *a, const struct profiling *v)
{
	uint64_t *set = a->read.set;

	a->head->grown = a->head->moves_since = 1;
	for (uint32_t q = 0; q < a->queries; q++) {
		const uint64_t *always = &v->always[(size_t)q * v->set_words];

		memcpy(set, &v->first[(size_t)q * v->set_words],
		       a->set_words * sizeof *set);
		memcpy(&a->reads[q * a->set_words], set,
		       a->set_words * sizeof *set);
		if (!trie_begin(&a->trie, q, set, always))
			return false;
	}
	return true;
}

static bool components_make(struct transition_cache *a,
			    const struct profiling *v)
{
	const struct components_sample sample = {
		.variables = a->variables.count,
		.steps = PROFILING_STEPS,
		.states = PROFILING_STATES,
		.written = v->written,
		.held = v->held,
	};

	return components_open(&a->components, &sample);
}

bool cache_open(struct transition_cache *a, struct sut *s, bool shared)
{
	struct profiling v = {0};
	bool done;

	*a = (struct transition_cache){.s = s};
	done = variables_open(&a->variables, s) &&
	       profiling_make(&v, s, &a->variables);
	a->variables_max = a->variables.count + VARIABLES_LATER;
	a->set_words = set_words(a->variables_max);
	a->queries = queries(s);
	a->parts = sut_canons(s);
	a->slots = canon_words(&s->canon) - 1;
	done = done && memory_take(a, shared) && queries_begin(a, &v) &&
	       components_make(a, &v);
	a->working_state.s = s;
	a->working_state.variables = &a->variables;
	a->working_state.components = &a->components;
	a->working_state.interned = &a->interned;
	profiling_free(&v);
	return done;
}

void cache_close(struct transition_cache *a)
{
	variables_close(&a->variables);
	components_close(&a->components);
	interned_close(&a->interned);
	trie_close(&a->trie);
	effects_close(&a->effects);
	shared_pool_close(&a->told);
	working_state_close(&a->working_state);
	shared_arena_unmap(a->reads, reads_words(a) * sizeof *a->reads);
	shared_arena_unmap(a->head, sizeof *a->head);
	free(a->later);
	free(a->read.variable);
	free(a->read.set);
	free(a->content);
	free(a->scratch);
	*a = (struct transition_cache){0};
}

bool cache_grow(struct transition_cache *a)
{
	return trie_grow(&a->trie) && effects_grow(&a->effects) &&
	       table_grow(&a->interned.table);
}

uint64_t cache_bytes(const struct transition_cache *a)
{
	return table_bytes(&a->interned.table) + table_bytes(&a->trie.table) +
	       table_bytes(&a->effects.table) +
	       share_pool_bytes(&a->interned.pool) +
	       share_pool_bytes(&a->trie.nodes) +
	       share_pool_bytes(&a->trie.cache) +
	       share_pool_bytes(&a->effects.pool) +
	       share_pool_bytes(&a->effects.at) + share_pool_bytes(&a->told);
}

/*
 * Query @q was seen to look at the variables of @set. Whoever acts on it can
 * have seen which reads are new.
 */
static void reads_note(struct transition_cache *a, uint32_t q,
		       const uint64_t *set)
{
	uint64_t *reads = &a->reads[q * a->set_words], more = 0;

	for (uint32_t i = 0; i < a->set_words; i++)
		more |= set[i] &
			~__atomic_fetch_or(&reads[i], set[i], __ATOMIC_RELAXED);
	if (more)
		__atomic_fetch_add(&a->head->grown, 1, __ATOMIC_RELEASE);
}

/* What was told of parts holds on; what moves touch has to be seen again. */
static bool trie_tell_more(struct transition_cache *a, const uint64_t *more)
{
	bool detour = ++a->widened % WIDEN_MAX;

	for (uint32_t q = 0; q < a->queries; q++) {
		reads_note(a, q, more);
		if (q >= a->parts ? !trie_forget(&a->trie, q)
		    : detour      ? !trie_widen(&a->trie, q, more)
				  : !trie_shorten(&a->trie, q, a->later))
			return false;
	}
	a->head->moves_since = trie_next(&a->trie);
	return true;
}

bool cache_widen(struct transition_cache *a, bool trie)
{
	uint64_t *more = a->read.set;
	uint32_t before = a->variables.count;

	variables_take(&a->variables);
	if (a->variables.count > a->variables_max)
		return false;
	memset(more, 0, a->set_words * sizeof *more);
	for (uint32_t i = before; i < a->variables.count; i++)
		set_add(more, i);
	for (uint32_t i = 0; i < a->set_words; i++)
		a->later[i] |= more[i];
	working_state_lose(&a->working_state);
	return !trie || trie_tell_more(a, more);
}

/* The number of a content, whose variables are in a->content, with what goes
 * by. */
static uint32_t content_put(struct transition_cache *a, uint32_t component)
{
	uint32_t size = components_size(&a->components, component), number;

	number = interned_put(&a->interned, component, a->content, 2 * size);
	a->failed |= number == CONTENTS_NONE;
	return number;
}

void cache_interned_now(struct transition_cache *a, uint32_t *number)
{
	const struct components *b = &a->components;

	for (uint32_t n = 0; n < b->count; n++) {
		uint32_t size = components_size(b, n);

		for (uint32_t i = 0; i < size; i++) {
			uint32_t variable = b->variable[b->first[n] + i];
			uint64_t value =
				variable < a->variables.count
					? variables_now(&a->variables, variable)
					: 0;

			a->content[i] = value;
			a->content[size + i] = trie_mix(variable, value);
		}
		number[n] = content_put(a, n);
	}
}

uint32_t cache_interned(struct transition_cache *a, uint32_t component,
			uint32_t from, const struct effect *f)
{
	const uint64_t *value = effect_values(f, a->set_words);
	const uint16_t *variable = effect_variables(f, a->set_words);
	uint32_t size = components_size(&a->components, component);

	memcpy(a->content, interned_get(&a->interned, from),
	       2 * size * sizeof *a->content);
	for (uint32_t i = 0; i < f->writes; i++) {
		uint32_t place = a->components.place[variable[i]];

		if (place >> 16 != component)
			continue;
		a->content[(place & UINT16_MAX) - size] = value[i];
		a->content[place & UINT16_MAX] =
			trie_mix(variable[i], value[i]);
	}
	return content_put(a, component);
}

static void reads_find(struct transition_cache *a)
{
	a->read.count = 0;
	memset(a->read.set, 0, a->set_words * sizeof *a->read.set);
	variables_read(&a->variables, &a->read);
}

/* Keeps what was just asked of the code, whose reads are in a->read. */
static uint32_t answer_keep(struct transition_cache *a, uint32_t q,
			    const uint32_t *number, uint64_t word,
			    uint32_t says, bool mark)
{
	const struct trie_state state = cache_state(a, number);
	uint32_t kept;

	reads_note(a, q, a->read.set);
	kept = trie_tell(&a->trie, q, &state, &a->read, word, says, mark);
	a->failed |= !kept;
	return kept;
}

/* Asks the code what @part of the state is told as. */
static uint32_t part_learn(struct transition_cache *a, uint32_t part,
			   const uint32_t *number)
{
	uint64_t told[CANON_WORDS_MAX],
		at = shared_pool_take(&a->told, a->slots);
	bool rests = false;

	a->failed |= at == UINT64_MAX;
	if (a->failed)
		return 0;
	working_state_show(&a->working_state, number);
	footprint_begin();
	sut_canon(a->s, part, told);
	if (part == a->parts - 1)
		rests = sut_quiescent(a->s);
	footprint_end();
	memcpy(&a->told.word[at], told + 1, a->slots * sizeof *told);
	reads_find(a);
	return answer_keep(a, part, number, told[0],
			   a->slots ? (uint32_t)(at / a->slots) : 0, rests);
}

/* Writes down what was written, as it is in memory now. */
static void writes_fill(struct transition_cache *a, struct effect *f)
{
	const uint64_t *writes = effect_writes(f, a->set_words);
	uint64_t *value = f->words + 2 * a->set_words;
	uint16_t *variable = (uint16_t *)(value + f->writes), n = 0;

	memset(value, 0, (f->writes + (f->writes + 3u) / 4) * sizeof *value);
	for (uint32_t i = 0; i < a->set_words; i++)
		for (uint64_t w = writes[i]; w; w &= w - 1, n++) {
			variable[n] = (uint16_t)(64 * i + set_lowest(w));
			value[n] = variables_now(&a->variables, variable[n]);
		}
}

/* What was just done, as words. */
static struct effect *effect_write(struct transition_cache *a)
{
	struct effect *f = (struct effect *)a->scratch;
	uint64_t *writes = f->words + a->set_words;

	memset(f, 0, effect_words(0, a->set_words) * sizeof(uint64_t));
	variables_written(&a->variables, writes);
	for (uint32_t i = 0; i < a->set_words; i++)
		f->words[i] = a->read.set[i] | writes[i];
	f->clause = sut_broke(a->s);
	if (f->clause != CLAUSE_NONE)
		memset(writes, 0, a->set_words * sizeof *writes);
	f->writes = (uint16_t)set_count(writes, a->set_words);
	writes_fill(a, f);
	return f;
}

/* Lets the code do move @m, if it can happen. */
static uint32_t move_learn(struct transition_cache *a, uint32_t q,
			   const uint32_t *number)
{
	uint32_t m = q - a->parts, effect = 0;
	bool can;

	working_state_show(&a->working_state, number);
	footprint_begin();
	can = sut_can(a->s, m);
	if (can)
		sut_do(a->s, m);
	footprint_end();
	if (can && sut_learn_written(a->s)) {
		a->learnt = true;
		working_state_undo(&a->working_state);
		return 0;
	}
	reads_find(a);
	if (can) {
		effect = effects_put(&a->effects, effect_write(a));
		a->failed |= !effect;
		working_state_undo(&a->working_state);
	}
	return answer_keep(a, q, number, 0, effect, !can);
}

uint32_t cache_ask(struct transition_cache *a, uint32_t q,
		   const uint32_t *number)
{
	const struct trie_state state = cache_state(a, number);
	uint32_t known = trie_ask(&a->trie, q, &state);

	if (known)
		return known;
	return q < a->parts ? part_learn(a, q, number)
			    : move_learn(a, q, number);
}

uint64_t cache_raw(const struct transition_cache *a, const uint32_t *interned)
{
	const struct trie_state state = cache_state(a, interned);
	uint64_t digest = 0;

	for (uint32_t i = 0; i < a->variables_max; i++)
		digest += trie_variable(&state, i);
	return digest;
}

uint64_t cache_raw_now(const struct transition_cache *a)
{
	uint64_t digest = 0;

	for (uint32_t i = 0; i < a->variables_max; i++)
		digest += trie_mix(i, i < a->variables.count
					      ? variables_now(&a->variables, i)
					      : 0);
	return digest;
}

/* The code does the same to what is in memory. */
static void effect_audit(struct transition_cache *a, uint32_t m,
			 const struct effect *f)
{
	const uint64_t *value = effect_values(f, a->set_words);
	const uint64_t *writes = effect_writes(f, a->set_words);
	uint32_t n = 0;

	footprint_begin();
	sut_do(a->s, m);
	footprint_end();
	assert(f->clause == sut_broke(a->s));
	for (uint32_t i = 0; i < a->variables.count && f->clause == CLAUSE_NONE;
	     i++)
		assert(variables_now(&a->variables, i) ==
		       (set_has(writes, i) ? value[n++]
					   : a->working_state.image[i]));
	working_state_undo(&a->working_state);
}

void cache_audit(struct transition_cache *a, const uint32_t *number,
		 uint64_t digest, bool raw)
{
	uint32_t rests = number[a->parts - 1] & TRIE_MARK;

	working_state_show(&a->working_state, number + a->queries);
	assert(sut_quiescent(a->s) == (rests != 0));
	assert(raw || sut_digest(a->s) == digest);
	(void)rests;
	(void)digest;
	for (uint32_t m = 0; m < a->s->moves; m++) {
		uint32_t answer = number[a->parts + m];
		bool can = !(answer & TRIE_MARK);

		assert(sut_can(a->s, m) == can);
		if (can)
			effect_audit(a, m,
				     effects_get(&a->effects,
						 cache_effect(a, answer)));
	}
}

void cache_restore(struct transition_cache *a, const uint32_t *interned)
{
	working_state_show(&a->working_state, interned);
	working_state_lose(&a->working_state);
}
