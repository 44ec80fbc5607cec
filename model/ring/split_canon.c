/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/ring/split_canon.h"

#include "model/ring/split/split.h"

/* Where used elements end that the driver may still take. */
static uint16_t used_end(const struct ring_view *v)
{
	return vq_device_live(v->dev)
		       ? vq_device_given(v->dev)
		       : gmem_load16(vq_driver_bytes(v->drv).device +
				     SPLIT_IDX);
}

static uint32_t used_at(const struct vq_driver *d, uint16_t i)
{
	return gmem_load32(vq_driver_bytes(d).device + SPLIT_RING +
			   (uint32_t)SPLIT_USED_SIZE *
				   (i & (vq_driver_size(d) - 1u)));
}

static uint16_t avail_at(const struct vq_driver *d, uint16_t i)
{
	return gmem_load16(vq_driver_bytes(d).driver + SPLIT_RING +
			   2u * (i & (vq_driver_size(d) - 1u)));
}

static uint16_t used_event(const struct vq_driver *d)
{
	return gmem_load16(vq_driver_bytes(d).driver + SPLIT_RING +
			   2u * vq_driver_size(d));
}

static uint16_t avail_event(const struct vq_driver *d)
{
	return gmem_load16(vq_driver_bytes(d).device + SPLIT_RING +
			   (uint32_t)SPLIT_USED_SIZE * vq_driver_size(d));
}

enum { WITH_DEVICE = 0x10000 };

/* How far @head has come: used first, then with the device, then offered. */
static uint32_t head_rank(const struct ring_view *v, uint32_t head)
{
	const struct vq_driver *d = v->drv;
	uint16_t end = used_end(v);

	for (uint16_t i = vq_driver_taken(d); i != end; i++)
		if (used_at(d, i) == head)
			return (uint16_t)(i - vq_driver_taken(d));
	for (uint16_t i = vq_device_popped(v->dev);
	     vq_device_live(v->dev) && i != vq_driver_added(d); i++)
		if (avail_at(d, i) == head)
			return WITH_DEVICE + 0x10000u +
			       (uint16_t)(i - vq_device_popped(v->dev));
	return WITH_DEVICE;
}

/* Whether @a is named before @b: by its way, then by what it stands for. */
static bool head_before(const struct ring_view *v, uint32_t a, uint32_t b)
{
	uint32_t ra = head_rank(v, a), rb = head_rank(v, b);

	return ra == rb ? vq_driver_note(v->drv, a).cookie <
				  vq_driver_note(v->drv, b).cookie
			: ra < rb;
}

/* Exposed heads, in the order in which they are named. */
static uint32_t heads_sorted(const struct ring_view *v, uint8_t *head)
{
	const struct vq_driver *d = v->drv;
	uint32_t n = 0;

	for (uint32_t i = 0; i < vq_driver_size(d); i++) {
		uint32_t at = n;

		if (vq_driver_note(d, i).count == 0)
			continue;
		while (at && head_before(v, i, head[at - 1])) {
			head[at] = head[at - 1];
			at--;
		}
		head[at] = (uint8_t)i;
		n++;
	}
	return n;
}

static void name_identity(struct canon_queue *q)
{
	for (uint32_t i = 0; i < q->size; i++)
		q->raw[i] = q->name[i] = (uint8_t)i;
}

/*
 * The slot that @head is called by, as it is one of several in no order, and
 * the only one that stands for that slot.
 */
static uint32_t head_slot(const struct ring_view *v, uint32_t head)
{
	const struct vq_note n = vq_driver_note(v->drv, head);
	uint32_t at = v->slot(v, n.cookie);
	bool several = false;

	if (at == CANON_NO_SLOT || n.count != 1 ||
	    head_rank(v, head) != WITH_DEVICE)
		return CANON_NO_SLOT;
	for (uint32_t i = 0; i < vq_driver_size(v->drv); i++) {
		if (i == head || vq_driver_note(v->drv, i).count == 0)
			continue;
		if (vq_driver_note(v->drv, i).cookie == n.cookie)
			return CANON_NO_SLOT;
		several |= head_rank(v, i) == WITH_DEVICE;
	}
	return several ? at : (uint32_t)CANON_NO_SLOT;
}

/*
 * Free descriptors in the order in which they will be taken, then chains, and
 * last those that slots tell apart. The list and the chains share none and
 * leave none out.
 */
void split_canon_name(const struct ring_view *v, struct canon_queue *q)
{
	const struct vq_driver *d = v->drv;
	uint8_t head[CANON_RING_MAX];
	uint32_t heads, n = 0, ordered;

	assert(v->size <= CANON_RING_MAX);
	q->size = v->size;
	q->base = v->start;
	memset(q->slot, CANON_NO_SLOT, sizeof q->slot);
	if (!d) {
		name_identity(q);
		return;
	}
	q->base = vq_driver_taken(d);
	for (uint32_t i = vq_driver_free_head(d); n < vq_driver_free(d);
	     i = (uint16_t)vq_driver_behind(d, i))
		q->raw[n++] = (uint8_t)i;
	heads = heads_sorted(v, head);
	for (uint32_t h = 0; h < heads; h++) {
		uint16_t i = head[h];

		q->slot[i] = (uint8_t)head_slot(v, i);
		if (q->slot[i] != CANON_NO_SLOT)
			continue;
		for (uint16_t k = vq_driver_note(d, i).count; k; k--) {
			assert(n < v->size);
			q->raw[n++] = (uint8_t)i;
			i = vq_driver_behind(d, i);
		}
	}
	ordered = n;
	for (uint32_t h = 0; h < heads; h++)
		if (q->slot[head[h]] != CANON_NO_SLOT)
			q->raw[n++] = head[h];
	assert(n == v->size);
	for (uint32_t k = 0; k < ordered; k++)
		q->name[q->raw[k]] = (uint8_t)k;
}

static void driver_canon(const struct ring_view *v, struct canon *f)
{
	const struct vq_driver *d = v->drv;

	canon_index(f, v->id, vq_driver_added(d));
	canon_index(f, v->id, vq_driver_published(d));
	canon_index(f, v->id, vq_driver_kicked(d));
	canon_index(f, v->id, vq_driver_seen(d));
	canon_u16(f, vq_driver_free(d));
	canon_flags(f, vq_driver_calls_are_off(d), vq_driver_broken(d));
}

static void device_canon(const struct ring_view *v, struct canon *f)
{
	const struct vq_device *d = v->dev;

	canon_flags(f, vq_device_live(d));
	if (!vq_device_live(d))
		return; /* whatever it was is found anew before it lives */
	canon_flags(f, vq_device_broken(d), vq_device_kicks_are_off(d));
	canon_index(f, v->id, vq_device_popped(d));
	canon_index(f, v->id, vq_device_seen(d));
	canon_index(f, v->id, vq_device_given(d));
	canon_index(f, v->id, vq_device_published(d));
	canon_index(f, v->id, vq_device_called(d));
}

/* The words that one side writes and the other reads. */
static void words_canon(const struct ring_view *v, struct canon *f)
{
	const struct vq_driver *d = v->drv;

	canon_index(f, v->id,
		    gmem_load16(vq_driver_bytes(d).driver + SPLIT_IDX));
	canon_index(f, v->id,
		    gmem_load16(vq_driver_bytes(d).device + SPLIT_IDX));
	if (vq_driver_event_idx(d) && vq_device_live(v->dev)) {
		canon_event(f, used_event(d), vq_device_called(v->dev));
		canon_event(f, avail_event(d), vq_driver_kicked(d));
	}
	canon_u16(f, gmem_load16(vq_driver_bytes(d).driver + SPLIT_FLAGS));
	canon_u16(f, gmem_load16(vq_driver_bytes(d).device + SPLIT_FLAGS));
}

/* Entries that the device has not taken. */
static void avail_canon(const struct ring_view *v, struct canon *f)
{
	const struct vq_driver *d = v->drv;

	for (uint16_t i = vq_device_popped(v->dev); i != vq_driver_added(d);
	     i++)
		canon_head(f, v->id, avail_at(d, i));
}

static void content_canon(const struct ring_view *v, struct canon *f,
			  uint32_t head, uint32_t len)
{
	struct ring_chain c = {.seg = v->seg};
	struct verdict why;

	if (vq_device_size(v->dev) == v->size &&
	    vq_device_walk(v->dev, (uint16_t)head, &c, &why))
		v->content(v, f, &c, len, vq_driver_note(v->drv, head).cookie);
}

/*
 * Elements that the driver has not taken; what a receive chain of them holds
 * is still to be read. A device that has stopped adds none to those that the
 * driver sees. Returns their descriptors as a bit each.
 */
static uint64_t used_canon(const struct ring_view *v, struct canon *f)
{
	const struct vq_driver *d = v->drv;
	uint16_t last = used_end(v);
	uint64_t used = 0;

	for (uint16_t i = vq_driver_taken(d); i != last; i++) {
		const uint8_t *e = vq_driver_bytes(d).device + SPLIT_RING +
				   (uint32_t)SPLIT_USED_SIZE *
					   (i & (vq_driver_size(d) - 1u));
		uint32_t head = gmem_load32(e);
		uint32_t len = gmem_load32(e + SPLIT_USED_LEN);

		canon_head(f, v->id, head);
		canon_u32(f, len);
		if (head >= vq_driver_size(d) ||
		    vq_driver_note(d, head).count == 0)
			continue;
		used |= UINT64_C(1) << head;
		if (len)
			content_canon(v, f, head, len);
	}
	return used;
}

/* Chains that will be offered again, in that order. */
static void out_canon(const struct ring_view *v, struct canon *f)
{
	uint16_t head[2 * CANON_RING_MAX];
	uint32_t count = vq_driver_out(v->drv, head);

	for (uint32_t k = 0; k < count; k++)
		canon_head(f, v->id, head[k]);
}

/* What a chain stands for: a slot by its name, or what else there is. */
static void cookie_canon(const struct ring_view *v, struct canon *f,
			 uint32_t cookie)
{
	uint32_t at = v->slot(v, cookie);

	if (at == CANON_NO_SLOT) {
		canon_u8(f, CANON_NONSENSE);
		canon_u32(f, cookie);
	} else {
		canon_slot_at(f, at);
	}
}

/* Chains that are out, and the packets in those that are for the device. */
static void chains_canon(const struct ring_view *v, struct canon *f,
			 uint64_t used)
{
	bool read = vq_device_live(v->dev) || v->again;
	const struct vq_driver *d = v->drv;

	for (uint32_t k = vq_driver_free(d); k < vq_driver_size(d); k++) {
		uint32_t i = canon_queue(f, v->id)->raw[k];
		const struct vq_note n = vq_driver_note(d, i);

		if (n.count == 0)
			continue;
		canon_of_head(f, v->id, i);
		cookie_canon(v, f, n.cookie);
		canon_u32(f, n.room);
		canon_u16(f, (uint16_t)n.count);
		if (n.room == 0 && read && !(used >> i & 1))
			content_canon(v, f, i, UINT32_MAX);
		canon_of_end(f);
	}
}

void split_canon(const struct ring_view *v, struct canon *f)
{
	canon_flags(f, v->drv != NULL);
	device_canon(v, f);
	if (!v->drv)
		return;
	driver_canon(v, f);
	words_canon(v, f);
	if (vq_device_live(v->dev))
		avail_canon(v, f);
	else if (v->again)
		out_canon(v, f);
	chains_canon(v, f, used_canon(v, f));
}

/* A position in a ring, seen from where its indexes count. */
static void position_canon(struct canon *f, uint32_t queue, ptrdiff_t position)
{
	const struct canon_queue *q = canon_queue(f, queue);

	canon_u16(f,
		  (uint16_t)(((uint32_t)position - q->base) & (q->size - 1u)));
}

/* A descriptor by its name, or by that of the head whose table it is in. */
static void desc_canon(struct canon *f, const struct store *s,
		       const struct vq_driver *d)
{
	ptrdiff_t at = s->at - vq_driver_bytes(d).desc;
	bool table = at < 0 || at >= vq_driver_size(d) * SPLIT_DESC_SIZE;
	uint32_t n;

	if (table)
		at = s->at - vq_driver_table(d);
	n = (uint32_t)(at / SPLIT_DESC_SIZE);
	canon_flags(f, table);
	if (table)
		canon_u8(f, (uint8_t)(n % SPLIT_INDIRECT_MAX));
	canon_head(f, s->queue, table ? n / SPLIT_INDIRECT_MAX : n);
}

static uint16_t word_of(const struct store *s)
{
	return gmem_load16(s->bytes);
}

void split_store_canon(const struct store *s, struct canon *f,
		       const struct vq_driver *drv, const struct vq_device *dev)
{
	assert(drv); /* whoever begins anew waits until all is seen */
	switch ((enum event_kind)s->kind) {
	case EV_DESC:
		desc_canon(f, s, drv);
		break;
	case EV_AVAILABLE:
		position_canon(
			f, s->queue,
			(s->at - vq_driver_bytes(drv).driver - SPLIT_RING) / 2);
		break;
	case EV_USED:
		position_canon(
			f, s->queue,
			(s->at - vq_driver_bytes(drv).device - SPLIT_RING) /
				SPLIT_USED_SIZE);
		break;
	case EV_AVAIL_IDX:
	case EV_USED_IDX:
		canon_index(f, s->queue, word_of(s));
		break;
	case EV_USED_EVENT:
		if (vq_device_live(dev))
			canon_event(f, word_of(s), vq_device_called(dev));
		else
			canon_index(f, s->queue, word_of(s));
		break;
	case EV_AVAIL_EVENT:
		canon_event(f, word_of(s), vq_driver_kicked(drv));
		break;
	default:
		canon_u16(f, word_of(s));
	}
}
