/* SPDX-License-Identifier: BSD-3-Clause */
/* Words of a line, what is wrong with them, and numbers among them. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/script/script_verbs.h"

void line_put(struct line *to, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(to->at, to->room, format, args);
	va_end(args);
	if (length < 0)
		return;
	if ((size_t)length >= to->room)
		length = (int)to->room - 1;
	to->at += length;
	to->room -= (size_t)length;
}

bool words_split(struct words *w, const char *text)
{
	char *rest = w->text, *word;

	w->count = 0;
	if (strlen(text) >= sizeof w->text)
		return false;
	strcpy(w->text, text);
	while ((word = strtok_r(rest, " \t", &rest))) {
		if (w->count == WORDS_MAX)
			return false;
		w->word[w->count++] = word;
	}
	return w->count > 0;
}

/* Something is wrong with words @first to @last. */
void reading_mistake(struct reading *r, uint32_t first, uint32_t last,
		     const char *format, ...)
{
	const char *begin = r->w.word[first], *end = r->w.word[last];
	struct script_mistake *m = &r->m->list[r->m->count];
	va_list args;

	assert(first <= last && last < r->w.count);
	if (r->m->count == SCRIPT_MISTAKES_MAX)
		return;
	r->m->count++;
	m->at = (uint32_t)(begin - r->w.text);
	m->length = (uint32_t)(end + strlen(end) - begin);
	va_start(args, format);
	vsnprintf(m->text, sizeof m->text, format, args);
	va_end(args);
}

bool reading_more(const struct reading *r)
{
	return r->at < r->w.count;
}

/* Something has to follow and does not. */
void reading_lack(struct reading *r)
{
	if (!r->lacks)
		reading_mistake(r, r->w.count - 1, r->w.count - 1,
				"'%s' takes %s", r->verb->name, r->verb->takes);
	r->lacks = true;
}

static bool is_number(const char *word, uint64_t *out)
{
	char *end;

	if (word[0] < '0' || word[0] > '9')
		return false;
	*out = strtoull(word, &end, 10); /* at most the largest */
	return *end == '\0';
}

/* @what of the verb, a number in @word, which is the @at-th or part of it. */
bool reading_part(struct reading *r, uint32_t at, const char *word,
		  const char *what, uint32_t least, uint32_t most,
		  uint32_t *out)
{
	uint64_t v;

	if (!is_number(word, &v)) {
		reading_mistake(r, at, at,
				"%s needs a whole number, not '%.40s'", what,
				word);
		return false;
	}
	if (v < least || v > most) {
		reading_mistake(r, at, at,
				"%s is %.40s, allowed are %" PRIu32
				" to %" PRIu32,
				what, word, least, most);
		return false;
	}
	*out = (uint32_t)v;
	return true;
}

/* The next word, a number. */
bool reading_number(struct reading *r, const char *what, uint32_t least,
		    uint32_t most, uint32_t *out)
{
	uint32_t at = r->at;

	if (!reading_more(r)) {
		reading_lack(r);
		return false;
	}
	r->at++;
	return reading_part(r, at, r->w.word[at], what, least, most, out);
}
