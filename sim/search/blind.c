/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/blind.h"

/* A state that nobody has seen is written down, as it is in memory. */
static void arrival_fill(struct expand *e, struct arrival *to)
{
	struct answers *a = &e->answers;

	to->rests = subject_rests(a->s);
	for (uint32_t q = 0; q < a->questions; q++)
		to->number[q] = 0;
	answers_contents_now(a, to->number + a->questions);
}

static uint64_t digest_now(struct expand *e)
{
	return e->opt.raw ? answers_raw_now(&e->answers)
			  : subject_digest(e->answers.s);
}

/* What is done is in memory. False: it led to nothing new. */
static bool arrive(struct expand *e, struct arrival *a)
{
	const struct subject *s = e->answers.s;

	a->clause = subject_broke(s);
	a->rests = a->owes = false;
	a->digest = 0;
	if (s->findings)
		return true;
	a->digest = digest_now(e);
	if (!expand_claim(e, a, 0))
		return false;
	arrival_fill(e, a);
	return true;
}

uint64_t blind_expand(struct expand *e, const struct waiting *w, uint32_t n,
		      uint64_t *out)
{
	struct answers *a = &e->answers;
	struct looked *l = (struct looked *)out;

	l->transitions = l->arrivals = 0;
	out += sizeof *l / 8;
	code_show(&a->code, w->number + a->questions);
	for (uint32_t m = 0; m < a->s->moves; m++) {
		struct arrival *to = (struct arrival *)out;

		if (!subject_can(a->s, m))
			continue;
		subject_do(a->s, m);
		a->learnt |= subject_learn(a->s);
		to->move = (uint8_t)m;
		to->order = n << 8 | l->transitions;
		to->tried = (uint8_t)++l->transitions;
		if (!a->learnt && arrive(e, to)) {
			l->arrivals++;
			out += arrival_words(e);
		}
		code_undo(&a->code);
	}
	return (uint64_t)(out - (uint64_t *)l);
}
