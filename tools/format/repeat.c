/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/format/repeat.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/text/visible.h"
#include "tools/format/as_text.h"

/* Whether a terminal may be shown all of @word as it is. */
static bool is_plain(const char *word)
{
	char shown[VISIBLE_SIZE];

	return strcmp(visible(word, shown, sizeof shown), word) == 0;
}

/* In dollar and single quotes, in which \ooo is a byte. */
static void put_escaped(FILE *out, const char *word)
{
	fputs("$'", out);
	for (; *word; word++) {
		uint8_t byte = (uint8_t)*word;

		if (byte < ' ' || byte >= 0x7f || byte == '\'' || byte == '\\')
			fprintf(out, "\\%03o", byte);
		else
			fputc(byte, out);
	}
	fputc('\'', out);
}

/*
 * As one word of a shell: bare if it can be, else in single quotes, and where a
 * terminal would obey it, in those of newer shells.
 */
static void put_word(FILE *out, const char *word)
{
	static const char bare[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz"
				   "0123456789_-./=,:+@%";

	if (*word && word[strspn(word, bare)] == '\0') {
		fputs(word, out);
		return;
	}
	if (!is_plain(word)) {
		put_escaped(out, word);
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

static bool is_stdin(const char *file)
{
	return strcmp(file, "-") == 0;
}

static void put_file(FILE *out, const char *file)
{
	bool looks_like_option = file[0] == '-' && file[1];

	fputs(looks_like_option ? " ./" : " ", out);
	put_word(out, file);
}

static bool ends_in(const char *text, size_t length, const char *end)
{
	size_t n = strlen(end);

	return length >= n && memcmp(text + length - n, end, n) == 0;
}

/* Whether --set @text names a file by where it is from here. */
static bool is_relative(const char *text)
{
	size_t key = strcspn(text, "=");
	const char *value = text[key] ? text + key + 1 : "";

	return (ends_in(text, key, "pcap") || ends_in(text, key, "profile")) &&
	       value[0] != '/' && !is_stdin(value);
}

/* Whether the command means something else in another folder. */
static bool needs_folder(const struct repeat *r)
{
	bool needs = r->file && !is_stdin(r->file) && r->file[0] != '/';

	for (uint32_t i = 0; i < r->sets; i++)
		needs |= is_relative(r->set[i].text);
	return needs;
}

static void put_folder(FILE *out)
{
	char folder[PATH_MAX];

	if (!getcwd(folder, sizeof folder))
		return; /* it is no more */
	fputs("cd ", out);
	put_word(out, folder);
	fputs(" && ", out);
}

static void put_sets(FILE *out, const struct repeat *r)
{
	for (uint32_t i = 0; i < r->sets; i++) {
		if (r->seeded && strncmp(r->set[i].text, "seed=", 5) == 0)
			continue;
		fputs(" --set ", out);
		put_word(out, r->set[i].text);
	}
}

void repeat_put(FILE *out, const struct repeat *r)
{
	if (needs_folder(r))
		put_folder(out);
	fprintf(out, "twinring %s", r->verb);
	if (r->file)
		put_file(out, r->file);
	if (r->options && *r->options)
		fprintf(out, " %s", r->options);
	put_sets(out, r);
	if (r->captured || (r->file && is_stdin(r->file)))
		fputs(" # with the same standard input", out);
}

static void write_command(FILE *out, const void *what)
{
	repeat_put(out, what);
}

char *repeat_command(const struct repeat *r)
{
	return as_text(write_command, r);
}

bool repeat_captured(const struct scenario *sc)
{
	for (uint32_t i = 0; i < sc->traffics; i++)
		if (sc->traffic[i].pcap && is_stdin(sc->traffic[i].pcap))
			return true;
	return false;
}
