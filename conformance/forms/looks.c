/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/forms/looks.h"

#include "sim/explore/sut/footprint.h"

/* Who looks: what is read meanwhile is his. */
static struct {
	const struct canon_site *site; /* NULL: nobody */
	looks_took *took;
	void *to;
	void (*name)(const void *to, uint32_t q, struct canon_queue *out);
} looking;

/* What was read so far, by who looks, or else early by @next. */
static void looks_take(const struct canon_site *next)
{
	const struct canon_site *who = looking.site ? looking.site : next;

	footprint_end();
	for (uint32_t i = 0; who && i < footprint.count; i++) {
		const uint32_t word = footprint.touched[i];

		if (footprint.read[word])
			looking.took(looking.to, who, word,
				     footprint.read[word], !looking.site);
	}
}

static void on_site(struct canon_site *s)
{
	looks_take(s);
	looking.site = s;
	footprint_begin();
}

/* Names are looked for by whoever needs one first, but for all. */
static void on_name(const void *to, uint32_t q, struct canon_queue *out)
{
	const struct canon_site *site = looking.site;

	on_site(NULL);
	looking.name(to, q, out);
	looks_take(NULL);
	looking.site = site;
	footprint_begin();
}

void looks_of(struct sut *s, looks_took *took, void *to)
{
	uint64_t out[CANON_WORDS_MAX];

	looking.site = NULL;
	looking.took = took;
	looking.to = to;
	looking.name = s->canon.name;
	s->canon.name = on_name;
	canon_site_told = on_site;
	footprint_begin();
	for (uint32_t part = 0; part < sut_canons(s); part++)
		sut_canon(s, part, out);
	sut_quiescent(s);
	looks_take(NULL);
	canon_site_told = NULL;
	s->canon.name = looking.name;
}
