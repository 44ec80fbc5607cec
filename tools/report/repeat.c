/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/report/repeat.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As one word of a shell: bare if it can be, else in single quotes. */
static void put_word(FILE *out, const char *word)
{
	static const char bare[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz"
				   "0123456789_-./=,:+@%";

	if (*word && word[strspn(word, bare)] == '\0') {
		fputs(word, out);
		return;
	}
	fputc('\'', out);
	for (; *word; word++) {
		if (*word == '\'')
			fputs("'\\''", out);
		else
			fputc(*word, out);
	}
	fputc('\'', out);
}

static void put_file(FILE *out, const char *file)
{
	bool looks_like_option = file[0] == '-' && file[1];

	fputs(looks_like_option ? " ./" : " ", out);
	put_word(out, file);
}

static void put_sets(FILE *out, const struct scenario_override *set,
		     uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (strncmp(set[i].text, "seed=", 5) == 0)
			continue;
		fputs(" --set ", out);
		put_word(out, set[i].text);
	}
}

static char *text_end(FILE *out, char **text)
{
	if (fclose(out) == 0)
		return *text;
	free(*text);
	return NULL;
}

char *repeat_command(const struct scenario *sc,
		     const struct scenario_override *set, uint32_t count)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs("twinring run", out);
	put_file(out, sc->file);
	fprintf(out, " --seed %" PRIu64, sc->seed);
	put_sets(out, set, count);
	return text_end(out, &text);
}

char *repeat_swarm(const char *file, uint64_t seed,
		   const struct scenario_override *set, uint32_t count)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs("twinring swarm", out);
	if (file)
		put_file(out, file);
	fprintf(out, " --seeds %" PRIu64 "..%" PRIu64, seed, seed);
	put_sets(out, set, count);
	return text_end(out, &text);
}
