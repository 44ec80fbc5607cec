/* SPDX-License-Identifier: BSD-3-Clause */
/* What both makers of sources need: a growing list, messages, rates. */
#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>

#include "sim/text/visible.h"
#include "sim/traffic/source.h"

bool source_fail(struct source_list *l, int exit_code, const char *format, ...)
{
	va_list args;

	assert(exit_code == EXIT_BAD_SCENARIO || exit_code == EXIT_UNREADABLE);
	l->exit_code = exit_code;
	va_start(args, format);
	vsnprintf(l->error, l->size, format, args);
	va_end(args);
	return false;
}

void source_notice(struct source_list *l, const char *file, const char *format,
		   ...)
{
	struct replayed *told = l->told;
	char *words = told->notice[told->notices++];
	va_list args;

	assert(told->notices <= REPLAYED_NOTICES);
	va_start(args, format);
	vsnprintf(words, REPLAYED_WORDS, format, args);
	va_end(args);
	if (l->talk)
		fprintf(l->talk, "%s: %s\n", VISIBLE(file), words);
}

struct source *source_add(struct source_list *l, const struct source *s)
{
	assert(s->pass && s->rate && s->period_rest < s->rate);
	if (l->count == l->room) {
		uint32_t room = 2 * l->room + 8;
		struct source *bigger = realloc(l->source, room * sizeof *s);

		if (!bigger) {
			source_fail(l, EXIT_UNREADABLE, "out of memory");
			return NULL;
		}
		l->source = bigger;
		l->room = room;
	}
	l->source[l->count] = *s;
	l->source[l->count].number = l->count;
	return &l->source[l->count++];
}

void source_set_rate(struct source *s, uint64_t packets, uint64_t rate)
{
	unsigned __int128 span = (unsigned __int128)packets * SECOND_PS;

	assert(rate && rate <= SECOND_PS);
	s->rate = rate;
	s->period = (uint64_t)(span / rate);
	s->period_rest = (uint64_t)(span % rate);
}
