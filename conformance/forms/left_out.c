/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/forms/left_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SITES_MAX = 1024, ROW = 512 };

/* By site. */
static struct left {
	bool missed;
	uint64_t *digest; /* without it, of states so far */
} left[SITES_MAX];

static uint32_t sites(void)
{
	uint32_t n = (uint32_t)(__stop_canon_sites - __start_canon_sites);

	assert(n <= SITES_MAX);
	return n;
}

static struct left *left_of(const struct canon_site *s)
{
	return &left[s - __start_canon_sites];
}

void left_out_missed(const struct canon_site *s)
{
	left_of(s)->missed = true;
}

bool left_out_is_missed(const struct canon_site *s)
{
	return left_of(s)->missed;
}

uint64_t left_out_digest(struct sut *s, struct canon_site *site)
{
	uint64_t digest;

	site->off = true;
	digest = sut_digest(s);
	site->off = false;
	return digest;
}

/* In the state that is shown, none of which was told as this one is. */
static void site_try(struct states *st, struct canon_site *site)
{
	struct left *l = left_of(site);

	if (l->missed || !site->reached)
		return;
	if (!l->digest)
		l->digest = calloc(st->size, sizeof *l->digest);
	assert(l->digest);
	l->missed = !states_digest_new(l->digest, st->size,
				       left_out_digest(&st->s, site));
}

void left_out_try(struct states *st)
{
	for (uint32_t i = 0; i < st->count; i++) {
		states_show(st, i);
		sut_digest(&st->s); /* comes to all sites that it comes to */
		for (uint32_t k = 0; k < sites(); k++)
			site_try(st, &__start_canon_sites[k]);
	}
	for (uint32_t k = 0; k < sites(); k++) {
		free(left[k].digest);
		left[k].digest = NULL;
	}
}

uint32_t left_out_count(uint32_t *missed)
{
	uint32_t reached = 0;

	*missed = 0;
	for (uint32_t i = 0; i < sites(); i++) {
		reached += __start_canon_sites[i].reached;
		*missed += left[i].missed;
	}
	return reached;
}

/* The file of a site, from where the project begins. */
static const char *file_of(const struct canon_site *s)
{
	static const char *const floors[] = {"/model/", "/sim/",
					     "/conformance/"};

	for (uint32_t i = 0; i < sizeof floors / sizeof floors[0]; i++) {
		const char *at = strstr(s->file, floors[i]);

		if (at)
			return at + 1;
	}
	return s->file;
}

static void row_of(const struct canon_site *s, char *out, size_t size)
{
	snprintf(out, size, "%s: %s", file_of(s), s->text);
}

/* The one that @row is about, if it was not missed. */
static const struct canon_site *survivor_of(const char *row)
{
	char is[ROW];

	for (uint32_t i = 0; i < sites(); i++) {
		row_of(&__start_canon_sites[i], is, sizeof is);
		if (!left[i].missed && strcmp(is, row) == 0)
			return &__start_canon_sites[i];
	}
	return NULL;
}

/* Those with a row count as missed from now on; how many rows have none. */
static uint32_t rows_take(const char *list)
{
	FILE *in = fopen(list, "r");
	char row[ROW];
	uint32_t stale = 0;

	if (!in) {
		printf("%s cannot be read\n", list);
		return 1;
	}
	while (fgets(row, sizeof row, in)) {
		char *reason = strstr(row, " | ");
		const struct canon_site *s;

		if (row[0] == '#' || row[0] == '\n')
			continue;
		if (reason)
			*reason = '\0';
		s = reason ? survivor_of(row) : NULL;
		if (s) {
			left_of(s)->missed = true;
			continue;
		}
		printf("%s: %s: no such thing, or it is missed\n", list, row);
		stale++;
	}
	fclose(in);
	return stale;
}

uint32_t left_out_tell(const char *list)
{
	uint32_t bad = rows_take(list);

	for (const struct canon_site *s = __start_canon_sites;
	     s < __stop_canon_sites; s++) {
		if (left_of(s)->missed)
			continue;
		printf("%s:%u: %s \"%s\"\n", file_of(s), s->line,
		       s->reached ? "nobody misses" : "nothing comes to",
		       s->text);
		bad++;
	}
	return bad;
}
