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

static void put_command(FILE *out, const struct scenario *sc,
			const struct scenario_override *set, uint32_t count)
{
	bool looks_like_option = sc->file[0] == '-' && sc->file[1];

	fprintf(out, "twinring run %s", looks_like_option ? "./" : "");
	put_word(out, sc->file);
	fprintf(out, " --seed %" PRIu64, sc->seed);
	for (uint32_t i = 0; i < count; i++) {
		if (strncmp(set[i].text, "seed=", 5) == 0)
			continue;
		fputs(" --set ", out);
		put_word(out, set[i].text);
	}
}

char *repeat_command(const struct scenario *sc,
		     const struct scenario_override *set, uint32_t count)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	put_command(out, sc, set, count);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
