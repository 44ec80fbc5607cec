/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Shared Buffers BAR: packets lie in slots that both VMs map, and the host
 * completes the receive descriptor of the slot that was sent. Everything
 * outside of the BAR is copied in the classic way.
 */
#include "model/path/shared_buffers.h"

#include "model/host/classic.h"
#include "model/path/path.h"
#include "model/path/posted_slots.h"

static enum reject_reason admit(const struct link *l)
{
	uint64_t a = l->nic[0].dev.accepted, b = l->nic[1].dev.accepted;
	static const struct {
		enum feature_bit host, guest;
	} offloads[] = {
		{F_NET_CSUM, F_NET_GUEST_CSUM},
		{F_NET_HOST_TSO4, F_NET_GUEST_TSO4},
		{F_NET_HOST_TSO6, F_NET_GUEST_TSO6},
	};

	if (!feature_on(a & b, F_NET_SHARED_BUFFERS))
		return REJECT_FEATURE;
	if (l->slots.slots < 2)
		return REJECT_GEOMETRY;
	if (!link_rule(l, RULE_FEATURES))
		return REJECT_NONE;
	if (net_hdr_size(a) != net_hdr_size(b) ||
	    feature_on(a ^ b, F_NET_MRG_RXBUF) || feature_on(a ^ b, F_NET_GIFT))
		return REJECT_HEADER;
	for (uint32_t i = 0; i < sizeof offloads / sizeof offloads[0]; i++)
		if ((feature_on(a, offloads[i].host) &&
		     !feature_on(b, offloads[i].guest)) ||
		    (feature_on(b, offloads[i].host) &&
		     !feature_on(a, offloads[i].guest)))
			return REJECT_OFFLOADS;
	return REJECT_NONE;
}

/* The slots of the chain that @w holds. */
static inline uint32_t *held_slots(const struct worker *w)
{
	return shared_buffers(w->link)->slot[w->end];
}

/* All in the BAR, all out of it, or neither; held_slots() are set then. */
static enum kind chain_kind(struct worker *w)
{
	const struct nic *n = &w->link->nic[w->end];
	const struct ring_chain *c = &w->held.chain;
	uint32_t *slot = held_slots(w), in = 0;

	if (!w->link->paired)
		return KIND_CLASSIC;
	for (uint32_t k = 0; k < c->count; k++) {
		enum kind kind = classify(n, &c->seg[k], &slot[k]);

		if (kind == KIND_BAD)
			return KIND_BAD;
		in += kind == KIND_SLOTS;
	}
	if (in == 0)
		return KIND_CLASSIC;
	return in == c->count && c->readable == c->count ? KIND_SLOTS
							 : KIND_BAD;
}

/* What the receiver has posted for the slots that @w holds. */
enum found { FOUND_ALL, FOUND_TOO_FEW, FOUND_TWICE };

enum { CLAIMED = 1 << 31 }; /* mark in the head of a slot that was found */

/*
 * Looks each slot up once; a chain that names one twice is found out. Marks
 * stay where all are found.
 */
static enum found find_posted(const struct worker *w, struct nic *n)
{
	const uint32_t *slot = held_slots(w), count = w->held.chain.count;
	uint32_t *heads = slots_posted(n)->head, head = 0, k;

	for (k = 0; k < count; k++) {
		head = heads[slot[k]];
		if (head == 0 || head & (uint32_t)CLAIMED)
			break;
		heads[slot[k]] = head | (uint32_t)CLAIMED;
	}
	cost_count(w->link->cost, COST_MATCH, k + (k < count));
	if (k == count)
		return FOUND_ALL;
	while (k--)
		heads[slot[k]] &= ~(uint32_t)CLAIMED;
	return head ? FOUND_TWICE : FOUND_TOO_FEW;
}

/* Whether the sender may send these slots, as far as the host knows (F6). */
static inline bool sender_holds(const struct worker *w)
{
	const struct link *l = w->link;
	const uint8_t *holder = shared_buffers(l)->holder;
	const uint32_t *slot = held_slots(w);

	if (!link_rule(l, RULE_HOLD_MAP))
		return true;
	for (uint32_t k = 0; k < w->held.chain.count; k++)
		if (holder[slot[k]] != w->end)
			return false;
	return true;
}

/* Flags that a receiver may see as the sender wrote them. */
static inline uint8_t header_keep(const struct nic *from)
{
	uint8_t keep = NET_HDR_NEEDS_CSUM | NET_HDR_DATA_VALID;

	if (feature_on(from->dev.accepted, F_NET_GIFT))
		keep |= NET_HDR_GIFT | NET_HDR_WANT;
	return keep;
}

/* Headers say in how many buffers a frame is. */
static inline bool header_counts(const struct nic *from)
{
	return from->hdr_len > offsetof(struct virtio_net_hdr, num_buffers);
}

/* Sets @flags, and the one header field that the device owes a receiver. */
static inline void header_set(uint8_t *at, bool counted, uint8_t flags,
			      uint32_t buffers)
{
	at[0] = flags;
	if (counted)
		gmem_store16(at + offsetof(struct virtio_net_hdr, num_buffers),
			     (uint16_t)buffers);
}

/* The slot is the host's between transmit and receive. */
static inline void header_fix(struct worker *w, const struct nic *to,
			      uint8_t set)
{
	const struct link *l = w->link;
	const struct nic *from = &l->nic[w->end];
	const uint64_t off = bar_offset(&l->slots, held_slots(w)[0]);
	uint8_t *at = l->region + off;

	header_set(at, header_counts(from), (at[0] & header_keep(from)) | set,
		   w->held.chain.count);
	cost_count(l->cost, COST_HEADER, 1);
	probe_emit(l->probe, EV_HOST_WRITE, vq_device_queue(&from->tx), 1,
		   from->region_gpa + off, from->hdr_len, from->vm->id);
	rx_header_tell(l->probe, vq_device_queue(&to->rx),
		       net_hdr_says(at, from->hdr_len), to->region_gpa + off,
		       (uint32_t)w->held.chain.read_len, from->hdr_len);
}

/* A slot that was found is @end's: its receive chain, which is to be used. */
static inline uint32_t slot_hand(uint32_t *head, uint8_t *holder, uint32_t end)
{
	uint32_t posted = (*head & ~(uint32_t)CLAIMED) - 1;

	*head = 0;
	*holder = (uint8_t)end;
	return posted;
}

/* Uses the chains that @to has posted for @count slots of @w from @k on. */
static inline void use_batch(struct worker *w, struct nic *to, uint32_t k,
			     uint32_t count)
{
	struct event_item *said = vq_push_used_tell(&to->rx, count);
	struct vq_push_used_cursor u =
		vq_push_used_begin(&to->rx, vq_device_layout(&to->rx));
	const struct ring_seg *seg = &w->held.chain.seg[k];
	const uint32_t *slot = &held_slots(w)[k], end = to->end;
	uint32_t *heads = slots_posted(to)->head;
	uint8_t *holder = shared_buffers(to->link)->holder;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t s = slot[i], len = seg[i].len;
		uint32_t head = slot_hand(&heads[s], &holder[s], end);

		vq_push_used_put(&u, head, len);
		vq_push_used_told(&said[i], head, len);
	}
	probe_batch_end(to->link->probe);
	vq_push_used_end(&to->rx, &u, count);
}

/* Completes the receive chains that @to has posted for the held slots. */
static inline void hand_to(struct worker *w, struct nic *to, uint8_t flags)
{
	const struct link *l = w->link;
	const uint32_t count = w->held.chain.count;

	header_fix(w, to, flags);
	assert(slots_posted(to)->count >= count);
	slots_posted(to)->count -= count;
	for (uint32_t k = 0, n; k < count; k += n) {
		n = vq_push_used_most(&to->rx, count - k);
		use_batch(w, to, k, n);
	}
	for (uint32_t k = 0; k < count && !link_rule(l, RULE_PRIVATE_RX); k++)
		slots_line_remove(&to->line, held_slots(w)[k]);
	vq_device_used(&w->link->nic[w->end].tx, w->held.chain.head, 0);
}

static inline enum forward forward_slots(struct worker *w)
{
	struct nic *from = &w->link->nic[w->end];
	struct nic *to = &w->link->nic[!w->end];

	if (w->held.chain.seg[0].len < from->hdr_len) {
		classic_refuse(w, w->held.chain.read_len < from->hdr_len
					  ? CLAUSE_NET_TX_HDR
					  : CLAUSE_EXT_WHOLE_SLOTS);
		return FORWARDED;
	}
	if (!sender_holds(w)) {
		classic_drop(w); /* as far as the host can know */
		return FORWARDED;
	}
	switch (find_posted(w, to)) {
	case FOUND_TOO_FEW:
		return FORWARD_WAIT;
	case FOUND_TWICE:
		classic_refuse(w, CLAUSE_EXT_ONE_OWNER);
		break;
	case FOUND_ALL:
		hand_to(w, to, 0);
	}
	return FORWARDED;
}

/*
 * Hands the first @most held sends, 1 or more, to what is posted for them, up
 * to one for which there is nothing, or that is not in order; how many. @map:
 * rule hold-map; @counted: headers say in how many buffers a frame is.
 */
static inline __attribute__((always_inline)) uint32_t match_batch_by(
	struct worker *w, uint32_t most, const bool map, const bool counted)
{
	const struct link *l = w->link;
	const struct bar_geometry slots = l->slots;
	struct nic *from = &w->link->nic[w->end], *to = &w->link->nic[!w->end];
	const uint8_t end = (uint8_t)w->end;
	const uint32_t hdr_len = from->hdr_len;
	const uint64_t gpa = from->region_gpa;
	const uint32_t room = slots.slot_size - hdr_len;
	struct slots_posted *posted = slots_posted(to);
	uint32_t *heads = posted->head, k;
	uint8_t *holder = shared_buffers(l)->holder;
	struct probe_batches runs = probe_batches_begin(l->probe, most);
	struct event_item *item =
		probe_fused_begin(l->probe,
				  fused_forward(vq_device_queue(&from->tx),
						vq_device_queue(&to->rx),
						vq_device_given(&to->rx),
						vq_device_given(&from->tx),
						hdr_len, from->vm->id),
				  most);
	struct vq_push_used_cursor rx =
		vq_push_used_begin(&to->rx, vq_device_layout(&to->rx));
	struct vq_push_used_cursor tx =
		vq_push_used_begin(&from->tx, vq_device_layout(&from->tx));
	const uint8_t keep = header_keep(from);
	const struct ring_buffer *held = &w->held.buffer[w->held.first];
	uint8_t *bar = l->region;

	for (k = 0; k < most; k++) {
		const struct ring_buffer b = held[k];
		uint64_t off = b.gpa - gpa, slot = bar_begins(&slots, off);
		uint32_t head;
		uint16_t says;

		if (slot >= slots.slots || b.len - hdr_len > room ||
		    (map && holder[slot] != end) || !(head = heads[slot]))
			break;
		says = gmem_load16(bar + off);
		if (rx_header_offloads(says))
			break;
		heads[slot] = 0;
		holder[slot] = !end;
		event_item_set(&item[k], b.gpa, b.len,
			       fused_heads(head - 1, b.head));
		header_set(bar + off, counted, says & keep, 1);
		vq_push_used_put(&rx, head - 1, b.len);
		vq_push_used_put(&tx, b.head, 0);
	}
	probe_batches_end(l->probe, &runs, k);
	vq_push_used_end(&to->rx, &rx, k);
	vq_push_used_end(&from->tx, &tx, k);
	posted->count -= k;
	cost_count(l->cost, COST_HEADER, k);
	cost_count(l->cost, COST_MATCH, k);
	return k;
}

/* The first of @most held sends waits for a post, or a later one may. */
static bool awaits_posts(const struct worker *w, uint32_t most)
{
	const struct link *l = w->link;
	const struct nic *from = &l->nic[w->end], *to = &l->nic[!w->end];
	const struct ring_buffer *b = &w->held.buffer[w->held.first];
	uint64_t slot = bar_begins(&l->slots, b->gpa - from->region_gpa);
	const struct slots_posted *p = slots_posted(to);

	if (slot >= l->slots.slots || b->len > l->slots.slot_size)
		return false;
	return p->count < most || !p->head[slot];
}

static uint32_t match_batch(struct worker *w, uint32_t most)
{
	bool map = link_rule(w->link, RULE_HOLD_MAP);

	if (map && header_counts(&w->link->nic[w->end]))
		return match_batch_by(w, most, true, true);
	return match_batch_by(w, most, map,
			      header_counts(&w->link->nic[w->end]));
}

static uint32_t forward_batch(struct worker *w)
{
	struct link *l = w->link;
	struct nic *from = &l->nic[w->end], *to = &l->nic[!w->end];
	uint32_t most = batch_most(w->held.count);

	if (!l->paired)
		return classic_forward_batch(w);
	if (!vq_device_works(&to->rx) || !link_rule(l, RULE_PRIVATE_RX) ||
	    l->slots.slot_size < from->hdr_len)
		return 0;
	most = vq_push_used_most(&from->tx, most);
	most = vq_push_used_most(&to->rx, most);
	/* Early, so that a run is not cut short. */
	if (awaits_posts(w, most) && !nic_intake(to))
		return 0;
	return match_batch(w, most);
}

static enum forward forward_classic(struct worker *w)
{
	struct nic *to = &w->link->nic[!w->end];
	uint32_t first = to->line.first;
	enum forward end = classic_forward(w);

	if (!link_rule(w->link, RULE_PRIVATE_RX))
		slots_line_taken(to, first);
	return end;
}

static enum forward forward(struct worker *w)
{
	switch (chain_kind(w)) {
	case KIND_SLOTS:
		return forward_slots(w);
	case KIND_CLASSIC:
		return forward_classic(w);
	case KIND_BAD:
		break;
	}
	classic_refuse(w, CLAUSE_EXT_WHOLE_SLOTS);
	return FORWARDED;
}

/* A gift that comes back is nobody's packet. */
static void hand_back(struct worker *w, struct nic *from)
{
	const struct link *l = w->link;

	if (!(l->region[bar_offset(&l->slots, held_slots(w)[0])] &
	      NET_HDR_GIFT))
		probe_emit(l->probe, EV_BACK, vq_device_queue(&from->tx),
			   w->held.chain.head, 0, 0, 0);
	hand_to(w, from, NET_HDR_RETURNED);
}

/*
 * A send that cannot be delivered goes back through the sender's own receive
 * descriptors, which it posted before it sent (rule one-outcome). If it cannot
 * go there either, its slots end with the epoch.
 */
static void give_up(struct worker *w)
{
	struct nic *from = &w->link->nic[w->end];

	if (chain_kind(w) != KIND_SLOTS ||
	    !link_rule(w->link, RULE_ONE_OUTCOME))
		classic_drop(w);
	else if (feature_on(from->dev.accepted, F_NET_GIFT) &&
		 nic_intake(from) && find_posted(w, from) == FOUND_ALL)
		hand_back(w, from);
	else
		link_unpair(w->link, REJECT_DOWN); /* slots end with it */
}

/* All slots that were asked for, used or not. */
static uint64_t region(const struct link_config *cfg)
{
	return (uint64_t)cfg->bar.slots * cfg->bar.stride;
}

static uint64_t features(uint64_t usual)
{
	return usual | FEATURE_BIT(F_NET_SHARED_BUFFERS) |
	       FEATURE_BIT(F_NET_GIFT);
}

static size_t arena_size(const struct link_config *cfg)
{
	return sizeof(struct shared_buffers) + cfg->bar.slots +
	       2 * (cfg->bar.slots + cfg->ring.size + 1u) * sizeof(uint32_t) +
	       64;
}

static void begin(struct link *l, const struct link_setup *s,
		  struct arena *arena)
{
	struct shared_buffers *b = arena_new(arena, struct shared_buffers, 1);
	uint32_t slots = s->cfg->bar.slots;

	b->holder = arena_new(arena, uint8_t, slots);
	for (uint32_t end = 0; end < 2; end++) {
		b->posted[end].head = arena_new(arena, uint32_t, slots);
		b->slot[end] =
			arena_new(arena, uint32_t, s->cfg->ring.size + 1u);
	}
	l->own = b;
}

/* Each slot is its first holder's. */
static void paired(struct link *l)
{
	for (uint32_t s = 0; s < l->slots.slots; s++)
		shared_buffers(l)->holder[s] = !bar_first_lender(s);
}

static void canon_paired(const struct link *l, struct canon *f)
{
	for (uint32_t s = 0; s < l->slots.slots; s++) {
		canon_of_slot(f, l->index, s);
		canon_u8(f, shared_buffers(l)->holder[s]);
		canon_of_end(f);
	}
}

static void canon_posted(const struct nic *n, struct canon *f, uint32_t rx)
{
	const uint32_t *head = slots_posted(n)->head;

	for (uint32_t s = 0; s < n->link->slots.slots; s++) {
		canon_of_slot(f, n->link->index, s);
		canon_flags(f, head[s] != 0);
		if (head[s])
			canon_head(f, rx, head[s] - 1);
		canon_of_end(f);
	}
}

static void forget(struct nic *n)
{
	struct slots_posted *p = slots_posted(n);

	p->count = 0;
	memset(p->head, 0, n->link->cfg->bar.slots * sizeof p->head[0]);
}

const struct path_ops path_shared_buffers = {
	.name = "shared-buffers",
	.words = "packets stay in slots of a BAR that both VMs map; the host "
		 "moves descriptors",
	.members_min = 2,
	.members_max = 2,
	.arena = arena_size,
	.begin = begin,
	.region = region,
	.features = features,
	.paired = paired,
	.forget = forget,
	.canon_paired = canon_paired,
	.canon_posted = canon_posted,
	.admit = admit,
	.forward = forward,
	.forward_batch = forward_batch,
	.give_up = give_up,
	.posted = slots_post,
	.posted_batch = slots_post_batch,
};
