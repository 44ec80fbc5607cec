/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The driver's half where a queue is reset by itself. Here, and only here, it
 * reads words of its own back: entries, which it checks against its account,
 * and descriptors, to tell what it offers.
 */
#include "model/ring/split/split_driver_batch.h"

/* Sorts heads by what they stand for; few, so any way will do. */
static void heads_sort(const struct split_driver *q, uint16_t *head,
		       uint32_t count)
{
	for (uint32_t gap = count / 2; gap; gap /= 2)
		for (uint32_t i = gap; i < count; i++) {
			uint16_t h = head[i];
			uint32_t k = i;

			for (; k >= gap && q->note[head[k - gap]].cookie >
						   q->note[h].cookie;
			     k -= gap)
				head[k] = head[k - gap];
			head[k] = h;
		}
}

/*
 * The newest entry that names a head is the one that counts. Where one was
 * written over, the device took it long ago: such heads come first.
 */
uint32_t split_driver_out(const struct split_driver *q, uint16_t *head)
{
	const uint8_t *ring = q->at.avail + SPLIT_RING;
	uint16_t *seen = head + q->size;
	uint32_t at = q->size, old = 0;

	memset(seen, 0, q->size * sizeof seen[0]);
	for (uint32_t i = 1; i <= q->size; i++) {
		uint32_t pos = (q->avail_idx - i) & (q->size - 1u);
		uint16_t h = gmem_load16(ring + 2 * (size_t)pos);

		if (h >= q->size || q->note[h].count == 0 || seen[h])
			continue;
		seen[h] = 1;
		head[--at] = h;
	}
	for (uint32_t h = 0; h < q->size; h++)
		if (q->note[h].count && !seen[h])
			head[old++] = (uint16_t)h;
	assert(old <= at);
	heads_sort(q, head, old);
	memmove(head + old, head + at, (q->size - at) * sizeof head[0]);
	return old + q->size - at;
}

void split_driver_restart(struct split_driver *q, uint16_t start)
{
	q->avail_idx = q->published = q->kicked = start;
	q->used_idx = q->used_seen = start;
	q->calls_off = q->broken = false;
	split_words_begin(&q->at, q->size, start);
}

/* Tells of a descriptor at @d behind the first one of its chain. */
static void desc_tell(const struct split_driver *q, const uint8_t *d,
		      uint32_t index)
{
	probe_emit(q->probe, EV_DESC, q->queue, index, gmem_load64(d),
		   gmem_load32(d + SPLIT_DESC_LEN),
		   gmem_load32(d + SPLIT_DESC_FLAGS));
}

/* The descriptors behind @head's, in the table or in one of its own. */
static uint32_t rest_tell(const struct split_driver *q, uint16_t head,
			  uint32_t len, bool indirect)
{
	size_t own = (size_t)head * SPLIT_INDIRECT_MAX;
	uint32_t count = indirect ? len / SPLIT_DESC_SIZE : q->note[head].count;
	uint32_t next = q->note[head].next;

	if (indirect && count > SPLIT_INDIRECT_MAX)
		count = SPLIT_INDIRECT_MAX;
	for (uint32_t k = 0; indirect && k < count; k++)
		desc_tell(q, q->table + (own + k) * SPLIT_DESC_SIZE, k);
	for (uint32_t k = 1; !indirect && k < count; k++) {
		desc_tell(q, q->at.desc + next * (size_t)SPLIT_DESC_SIZE, next);
		next = q->note[next].next;
	}
	return count;
}

void split_driver_reexpose(struct split_driver *q, const uint16_t *head,
			   uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const uint8_t *d =
			q->at.desc + head[i] * (size_t)SPLIT_DESC_SIZE;
		uint32_t len = gmem_load32(d + SPLIT_DESC_LEN);
		uint16_t flags = (uint16_t)gmem_load32(d + SPLIT_DESC_FLAGS);
		bool indirect = q->table && flags & SPLIT_INDIRECT;
		uint32_t segs = rest_tell(q, head[i], len, indirect);
		uint16_t pos = q->avail_idx;

		split_entry_put(q, head[i]);
		q->avail_idx++;
		cost_count(q->cost, COST_DESC, segs);
		cost_count(q->cost, COST_ENTRY, 1);
		probe_emit(q->probe, EV_AVAILABLE, q->queue,
			   head[i] | segs << 16, gmem_load64(d), len,
			   flags | (uint32_t)pos << 16);
	}
}
