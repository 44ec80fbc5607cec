/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/witness/split_witness.h"

/* Virtio 1.4, section 2.7: a descriptor, and what stands in front of rings. */
enum { DESC = 16, DESC_LEN = 8, DESC_FLAGS = 12, DESC_NEXT = 14 };
enum { FLAG_NEXT = 1, FLAG_INDIRECT = 4 };
enum { RING_FLAGS = 0, RING_IDX = 2, RING_FIRST = 4 };
enum { USED_ELEMENT = 8, USED_LEN = 4 };

struct sink {
	void (*tell)(void *to, const struct event *e);
	void *to;
	uint16_t queue;
};

static void tell(const struct sink *t, enum event_kind kind, uint32_t a,
		 uint64_t addr, uint32_t len, uint32_t b)
{
	const struct event e = {.kind = (uint8_t)kind,
				.queue = t->queue,
				.a = a,
				.addr = addr,
				.len = len,
				.b = b};

	t->tell(t->to, &e);
}

/* A descriptor, each word of it loaded once. */
struct descriptor {
	uint64_t addr;
	uint32_t len;
	uint16_t flags;
	uint16_t next;
};

static bool desc_load(const struct split_witness *w, uint64_t table,
		      uint32_t index, struct descriptor *out)
{
	const uint8_t *at =
		gmem_at(w->mem, table + (uint64_t)index * DESC, DESC);

	if (!at)
		return false;
	*out = (struct descriptor){gmem_load64(at), gmem_load32(at + DESC_LEN),
				   gmem_load16(at + DESC_FLAGS),
				   gmem_load16(at + DESC_NEXT)};
	return true;
}

static void desc_tell(const struct sink *t, uint32_t index,
		      const struct descriptor *d)
{
	tell(t, EV_DESC, index, d->addr, d->len,
	     d->flags | (uint32_t)d->next << 16);
}

/* The descriptors behind the first, @first->next on; how many; 0: it is a ring
 * that no end has, or leads out of the table. */
static uint32_t chain_tell(const struct split_witness *w, const struct sink *t,
			   const struct descriptor *first)
{
	struct descriptor d = *first;
	uint32_t segments = 1;

	while (d.flags & FLAG_NEXT) {
		uint32_t index = d.next;

		if (index >= w->size || ++segments > w->size ||
		    !desc_load(w, w->desc, index, &d))
			return 0;
		desc_tell(t, index, &d);
	}
	return segments;
}

/* The descriptors of @first's table; how many. */
static uint32_t table_tell(const struct split_witness *w, const struct sink *t,
			   const struct descriptor *first)
{
	uint32_t segments = first->len / DESC;
	struct descriptor d;

	for (uint32_t k = 0; k < segments; k++) {
		if (!desc_load(w, first->addr, k, &d))
			return 0;
		desc_tell(t, k, &d);
	}
	return segments;
}

static bool entry_tell(const struct split_witness *w, const struct sink *t,
		       const uint8_t *avail)
{
	uint32_t slot = w->avail_idx & (w->size - 1u), segments;
	uint16_t head = gmem_load16(avail + RING_FIRST + 2u * slot);
	struct descriptor first;

	if (head >= w->size || !desc_load(w, w->desc, head, &first))
		return false;
	segments = first.flags & FLAG_INDIRECT ? table_tell(w, t, &first)
					       : chain_tell(w, t, &first);
	tell(t, EV_AVAILABLE, head | segments << 16, first.addr, first.len,
	     first.flags | (uint32_t)w->avail_idx << 16);
	return segments != 0;
}

/* Entries up to the index that @avail shows, and the index. */
static bool avail_look(struct split_witness *w, const struct sink *t,
		       const uint8_t *avail)
{
	uint16_t now = gmem_load16(avail + RING_IDX), before = w->avail_idx;

	if ((uint16_t)(now - before) > w->size)
		return false;
	for (; w->avail_idx != now; w->avail_idx++)
		if (!entry_tell(w, t, avail))
			return false;
	if (now != before)
		tell(t, EV_AVAIL_IDX, now, 0, 0, before);
	return true;
}

static bool used_look(struct split_witness *w, const struct sink *t,
		      const uint8_t *used)
{
	uint16_t now = gmem_load16(used + RING_IDX), before = w->used_idx;

	if ((uint16_t)(now - before) > w->size)
		return false;
	for (; w->used_idx != now; w->used_idx++) {
		const uint8_t *at =
			used + RING_FIRST +
			USED_ELEMENT * (w->used_idx & (w->size - 1u));

		tell(t, EV_USED, gmem_load32(at), 0, gmem_load32(at + USED_LEN),
		     w->used_idx);
	}
	if (now != before)
		tell(t, EV_USED_IDX, now, 0, 0, before);
	return true;
}

/* The four words by which one side asks the other to be quiet. */
static void words_load(const struct split_witness *w, const uint8_t *avail,
		       const uint8_t *used, uint16_t word[4])
{
	word[0] = gmem_load16(avail + RING_FLAGS);
	word[1] = gmem_load16(avail + RING_FIRST + 2u * w->size);
	word[2] = gmem_load16(used + RING_FLAGS);
	word[3] = gmem_load16(used + RING_FIRST +
			      (uint32_t)USED_ELEMENT * w->size);
}

static void words_look(struct split_witness *w, const struct sink *t,
		       const uint8_t *avail, const uint8_t *used)
{
	static const enum event_kind kind[4] = {EV_AVAIL_FLAGS, EV_USED_EVENT,
						EV_USED_FLAGS, EV_AVAIL_EVENT};
	uint16_t now[4];

	words_load(w, avail, used, now);
	for (uint32_t i = 0; i < 4; i++)
		if (now[i] != w->word[i])
			tell(t, kind[i], now[i], 0, 0, 0);
	memcpy(w->word, now, sizeof now);
}

static const uint8_t *avail_of(const struct split_witness *w)
{
	return gmem_at(w->mem, w->avail, RING_FIRST + 2u * w->size + 2);
}

static const uint8_t *used_of(const struct split_witness *w)
{
	return gmem_at(w->mem, w->used,
		       RING_FIRST + (uint32_t)USED_ELEMENT * w->size + 2);
}

bool split_witness_begin(struct split_witness *w)
{
	const uint8_t *avail = avail_of(w), *used = used_of(w);

	assert(w->size && (w->size & (w->size - 1)) == 0);
	if (!avail || !used)
		return false;
	w->avail_idx = gmem_load16(avail + RING_IDX);
	w->used_idx = gmem_load16(used + RING_IDX);
	words_load(w, avail, used, w->word);
	return true;
}

bool split_witness_look(struct split_witness *w,
			void (*tell_event)(void *to, const struct event *e),
			void *to)
{
	const struct sink t = {tell_event, to, w->queue};
	const uint8_t *avail = avail_of(w), *used = used_of(w);

	if (!avail || !used)
		return false;
	words_look(w, &t, avail, used);
	return avail_look(w, &t, avail) && used_look(w, &t, used);
}
