/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/sut/slot_canon.h"
#include "sim/explore/sut/sut.h"

/*
 * Whoever lies names a slot by its number, and sends what lies in it, whoever
 * left it there.
 */
static void slots_canon(const struct sut *s, struct canon *f)
{
	for (uint32_t i = 0; i < s->w.cfg->links; i++) {
		canon_link_number(f, i);
		canon_counts(f, nic_id(&s->w.cfg->numbers, i, 0),
			     s->w.cfg->link[i].members);
		canon_bytes(f, s->w.link[i].region,
			    (uint32_t)bar_bytes(&s->w.link[i].slots));
	}
}

static void env_budget_canon(const struct sut *s, struct canon *f)
{
	const struct env_budget *h = s->env_budget;

	canon_u8(f, (uint8_t)h->resets);
	canon_u8(f, (uint8_t)h->queue_resets);
	canon_u8(f, (uint8_t)h->crashes);
	canon_u8(f, (uint8_t)h->unpairs);
	canon_u8(f, (uint8_t)h->lies);
	if (h->lies < s->sc->explore.lies)
		slots_canon(s, f);
}

static bool coarse(const struct sut *s)
{
	return s->sc->explore.grain == GRAIN_SLOT;
}

uint32_t sut_canons(const struct sut *s)
{
	return coarse(s) ? 1 : world_canons(s->w.cfg);
}

static void queue_canon(struct sut *s, uint32_t q)
{
	struct canon *f = &s->canon;

	court_canon(&s->court, q, f);
	if (queue_is_tx(q))
		canon_u8(f, (uint8_t)s->env_budget->sends[queue_nic(q)]);
}

/* What @part says: all of a state, if that is coarse. */
static void part_canon(struct sut *s, uint32_t part)
{
	struct canon *f = &s->canon;

	if (coarse(s)) {
		slot_canon(&s->w, f);
		return;
	}
	world_canon(&s->view, part, f);
	if (part < world_queues(s->w.cfg))
		queue_canon(s, part);
	else
		env_budget_canon(s, f);
}

void sut_canon(struct sut *s, uint32_t part, uint64_t *out)
{
	struct canon *f = &s->canon;

	canon_begin(f, s->form, CANON_BYTES_MAX);
	if (queue_is_used(part))
		part_canon(s, part);
	canon_end(f, part, out);
}

uint64_t sut_digest(struct sut *s)
{
	uint64_t sum[CANON_WORDS_MAX] = {0}, out[CANON_WORDS_MAX];

	for (uint32_t part = 0; part < sut_canons(s); part++) {
		sut_canon(s, part, out);
		for (uint32_t i = 0; i < canon_words(&s->canon); i++)
			sum[i] += out[i];
	}
	return canon_slots_digest(&s->canon, sum);
}
