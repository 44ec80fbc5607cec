/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/forms/uncovered.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/forms/left_out.h"
#include "conformance/forms/looks.h"
#include "model/guest/net_driver.h"
#include "model/guest/vhost_pci_driver.h"
#include "model/path/shared_buffers.h"
#include "model/virtio/vhost_pci_device.h"
#include "sim/explore/sut/footprint.h"

enum { PIECES_MAX = 1 << 14, SEEN_MAX = 1 << 14, TEXT = 256 };

/* A piece of an arena: @count of a type, for the function @by. */
struct piece {
	const uint8_t *at;
	size_t size, count;
	const char *type, *by;
};

static struct piece piece[PIECES_MAX];
static uint32_t pieces;

/* A struct that others have in them. */
struct inner {
	const char *in, *type;
	size_t at, bytes, size; /* of all of them, and of one */
};

static const struct inner inners[] = {
#define PART(in, member, type)                                        \
	{#in, #type, offsetof(in, member), sizeof(((in *)0)->member), \
	 sizeof(type)},
#define UNCOVERED(type, member, reason)
#define UNCOVERED_ROOM(by, type, reason)
#define UNCOVERED_AT(type, member, at, bytes, reason)
#include "conformance/forms/uncovered.def"
#undef PART
#undef UNCOVERED
#undef UNCOVERED_ROOM
#undef UNCOVERED_AT
};

/* What no form has to look at. */
struct row {
	const char *type, *member, *by;
	size_t at, bytes;
};

static const struct row rows[] = {
#define PART(in, member, type)
#define UNCOVERED(type, member, reason)                \
	{#type, #member, NULL, offsetof(type, member), \
	 sizeof(((type *)0)->member)},
#define UNCOVERED_ROOM(by, type, reason) {#type, "", #by, 0, sizeof(type)},
#define UNCOVERED_AT(type, member, at, bytes, reason) \
	{#type, #member, NULL, at, bytes},
#include "conformance/forms/uncovered.def"
#undef PART
#undef UNCOVERED
#undef UNCOVERED_ROOM
#undef UNCOVERED_AT
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static bool used[ROWS];

static void on_told(const void *at, size_t size, size_t count, const char *type,
		    const char *by)
{
	assert(pieces < PIECES_MAX);
	piece[pieces++] = (struct piece){at, size, count, type, by};
}

void uncovered_begin(void)
{
	arena_told = on_told;
}

void uncovered_forget(void)
{
	pieces = 0;
}

uint32_t uncovered_rows(void)
{
	return ROWS;
}

/* A byte of a state, as part of something that has a name. */
struct named {
	const char *type, *by;
	size_t at; /* in it */
};

/* Goes on into the struct that it is in, if it is in any. */
static bool named_deeper(struct named *n)
{
	for (size_t i = 0; i < sizeof inners / sizeof inners[0]; i++) {
		const struct inner *p = &inners[i];

		if (strcmp(p->in, n->type) != 0 || n->at < p->at ||
		    n->at >= p->at + p->bytes)
			continue;
		*n = (struct named){p->type, "", (n->at - p->at) % p->size};
		return true;
	}
	return false;
}

/* A part of a ring: words before entries of @entry bytes each. */
static bool named_ring(struct named *n, const char *type, const uint8_t *from,
		       const uint8_t *at, size_t bytes, size_t entry)
{
	size_t off = (size_t)(at - from);

	if (at < from || off >= bytes)
		return false;
	if (off >= SPLIT_RING && off < bytes - 2)
		off = SPLIT_RING + (off - SPLIT_RING) % entry;
	else if (off >= SPLIT_RING)
		off += 2 + entry + SPLIT_RING - bytes; /* the event word */
	*n = (struct named){type, "", off};
	return true;
}

/* Memory of a VM: a word of a ring, or else what is in buffers. */
static bool named_ram(struct named *n, const struct net_driver *d,
		      const uint8_t *at)
{
	for (uint32_t i = 0; i < NET_QUEUES && d && d->started; i++) {
		const struct split_driver *q =
			i == NET_TX ? &d->tx.split : &d->rx.split;
		const struct split_bytes *b = &q->at;
		size_t off = (size_t)(at - b->desc);

		if (at >= b->desc && off < split_desc_bytes(q->size)) {
			*n = (struct named){"descriptor", "",
					    off % SPLIT_DESC_SIZE};
			return true;
		}
		if (named_ring(n, "available ring", b->avail, at,
			       split_avail_bytes(q->size), 2) ||
		    named_ring(n, "used ring", b->used, at,
			       split_used_bytes(q->size), SPLIT_USED_SIZE))
			return true;
	}
	return false;
}

static struct named name_of(const struct sut *s, const uint8_t *at)
{
	struct named n = {"memory", "", 0}; /* of VMs, and slots */

	for (uint32_t i = 0; i < pieces; i++) {
		const struct piece *p = &piece[i];

		if (at >= p->at && at < p->at + p->size * p->count)
			n = (struct named){p->type, p->by,
					   (size_t)(at - p->at) % p->size};
	}
	for (uint32_t i = 0; i < s->w.cfg->vms; i++) {
		const struct guest *g = &s->w.guest[i];

		for (uint32_t k = 0; k < g->drivers; k++)
			if (named_ram(&n, net_driver_of(g->driver[k]), at))
				return n;
	}
	while (named_deeper(&n))
		;
	return n;
}

/* What was seen of a byte of that name, in all worlds. */
struct seen {
	struct named name;
	uint16_t by; /* which forms looked at it */
	bool read;   /* a move did, and it can change */
	char where[TEXT];
};

static struct seen seen[SEEN_MAX];
static uint32_t seens;

static struct seen *seen_of(const struct named *n)
{
	for (uint32_t i = 0; i < seens; i++)
		if (seen[i].name.at == n->at &&
		    strcmp(seen[i].name.type, n->type) == 0 &&
		    strcmp(seen[i].name.by, n->by) == 0)
			return &seen[i];
	assert(seens < SEEN_MAX);
	seen[seens].name = *n;
	return &seen[seens++];
}

static bool listed(const struct named *n)
{
	for (uint32_t i = 0; i < ROWS; i++) {
		const struct row *r = &rows[i];

		if (strcmp(r->type, n->type) != 0 || n->at < r->at ||
		    n->at >= r->at + r->bytes ||
		    (r->by && strcmp(r->by, n->by) != 0))
			continue;
		used[i] = true;
		return true;
	}
	return false;
}

/* By which site a byte was looked at, counted from 1; or by several. */
enum { BY_NONE = 0, BY_SEVERAL = UINT16_MAX };

static inline uint16_t by_both(uint16_t a, uint16_t b)
{
	return !a ? b : !b || a == b ? a : (uint16_t)BY_SEVERAL;
}

/* By word of the state, with a bit for each byte, in all states of a world. */
struct coverage {
	uint16_t *by;     /* by byte: which forms looked at it */
	uint8_t *read;    /* moves did so, before they wrote it */
	uint8_t *changed; /* it is not the same in all of them */
	uint8_t *move;    /* the first that read it */
};

static void coverage_open(struct coverage *c, const struct sut *s)
{
	size_t words = s->w.state.size / FOOTPRINT_WORD;

	*c = (struct coverage){calloc(words * FOOTPRINT_WORD, sizeof *c->by),
			       calloc(words, 1), calloc(words, 1),
			       calloc(words, 1)};
	assert(c->by && c->read && c->changed && c->move);
}

static void coverage_close(struct coverage *c)
{
	free(c->by);
	free(c->read);
	free(c->changed);
	free(c->move);
}

static void on_look(void *to, const struct canon_site *site, size_t word,
		    uint8_t bytes, bool early)
{
	const struct coverage *c = to;
	const uint16_t who = (uint16_t)(site - __start_canon_sites + 1);
	uint16_t *by = c->by + word * FOOTPRINT_WORD;

	if (early)
		return; /* that does not say that it is written */
	for (uint32_t k = 0; k < FOOTPRINT_WORD; k++)
		if (bytes & 1u << k)
			by[k] = by_both(by[k], who);
}

static void changes_look(struct coverage *c, const struct sut *s)
{
	for (uint32_t i = 0; i < s->words; i++) {
		uint64_t differs = *s->word[i] ^ s->word_first[i];
		const uint8_t *byte = (const uint8_t *)&differs;

		for (uint32_t k = 0; differs && k < sizeof differs; k++)
			if (byte[k])
				c->changed[sut_word_at(s, i)] |=
					(uint8_t)(1u << k);
	}
}

/* Does move @m, if it can happen. */
static bool move_look(struct coverage *c, struct sut *s, uint32_t m)
{
	bool can;

	footprint_begin();
	can = sut_can(s, m);
	if (can)
		sut_do(s, m);
	footprint_end();
	for (uint32_t i = 0; i < footprint.count; i++) {
		uint32_t word = footprint.touched[i];

		if (footprint.read[word] && !c->read[word])
			c->move[word] = (uint8_t)m;
		c->read[word] |= footprint.read[word];
	}
	if (can)
		sut_learn_written(s);
	return can;
}

static void state_look(struct coverage *c, struct states *st, uint32_t i)
{
	states_show(st, i);
	looks_of(&st->s, on_look, c);
	changes_look(c, &st->s);
	for (uint32_t m = 0; m < st->s.moves; m++)
		if (move_look(c, &st->s, m))
			states_show(st, i);
}

static void byte_note(const struct coverage *c, const struct sut *s,
		      uint32_t word, uint32_t byte, const char *world)
{
	const uint8_t *at =
		s->w.state.base + (size_t)word * FOOTPRINT_WORD + byte;
	const struct named n = name_of(s, at);
	struct seen *e = seen_of(&n);
	uint8_t bit = (uint8_t)(1u << byte);
	char move[TEXT / 2];

	e->by = by_both(e->by, c->by[word * FOOTPRINT_WORD + byte]);
	if (e->read || !(c->read[word] & c->changed[word] & bit))
		return;
	e->read = true;
	sut_move_text(s, c->move[word], move, sizeof move);
	snprintf(e->where, sizeof e->where, "\"%s\" in %s", move, world);
}

void uncovered_look(struct states *st, const char *world, uint8_t *moving)
{
	uint32_t words = (uint32_t)(st->s.w.state.size / FOOTPRINT_WORD);
	struct coverage c;

	coverage_open(&c, &st->s);
	for (uint32_t i = 0; i < st->count; i++)
		state_look(&c, st, i);
	states_show(st, st->count - 1); /* in which drivers have begun */
	for (uint32_t i = 0; i < words; i++) {
		moving[i] = c.read[i] & c.changed[i];
		for (uint32_t k = 0; k < FOOTPRINT_WORD; k++)
			if (c.by[i * FOOTPRINT_WORD + k] || moving[i] & 1u << k)
				byte_note(&c, &st->s, i, k, world);
	}
	coverage_close(&c);
}

/* Rows that were not needed; how many. */
static uint32_t stale_tell(void)
{
	uint32_t stale = 0;

	for (uint32_t i = 0; i < ROWS; i++) {
		if (used[i])
			continue;
		printf("uncovered.def: %s %s%s is not needed any more\n",
		       rows[i].type, rows[i].by ? "of " : "",
		       rows[i].by ? rows[i].by : rows[i].member);
		stale++;
	}
	return stale;
}

uint32_t uncovered_tell(void)
{
	uint32_t bad = 0;

	for (uint32_t i = 0; i < seens; i++) {
		const struct named *n = &seen[i].name;

		if (!seen[i].read)
			continue;
		if (seen[i].by) {
			if (seen[i].by != BY_SEVERAL)
				left_out_missed(
					&__start_canon_sites[seen[i].by - 1]);
			continue;
		}
		if (listed(n))
			continue;
		printf("%s%s%s, byte %zu, is read by %s, and no form looks at "
		       "it\n",
		       n->type, *n->by ? " of " : "", n->by, n->at,
		       seen[i].where);
		bad++;
	}
	return bad + stale_tell();
}
