/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/referee/headers.h"

#include "conformance/referee/finding.h"

/* The specification's words, not the model's: constants are our own. */
enum {
	CSUM = 0,
	GUEST_CSUM = 1,
	GUEST_TSO4 = 7,
	GUEST_TSO6 = 8,
	HOST_TSO4 = 11,
	HOST_TSO6 = 12,
	MRG_RXBUF = 15,
	VERSION_1 = 32,
	HASH_REPORT = 57,
	GIFT = 58
};
enum { STATUS_FEATURES_OK = 8 };
enum { HDR_NEEDS_CSUM = 0x01, HDR_WANT = 0x40, HDR_GIFT = 0x80 };
enum { HEADER_COUNTS = 12 /* bytes: shorter ones have no num_buffers */ };

struct headers {
	struct referee_setup setup;
	uint64_t *accepted; /* by nic_id() */
};

static bool on(uint64_t features, uint32_t bit)
{
	return features >> bit & 1;
}

static uint64_t accepted(const struct headers *h, const struct event *ev)
{
	return h->accepted[queue_nic(ev->queue)];
}

/* Bytes of a header where @features are agreed to. */
static uint32_t header_size(uint64_t features)
{
	if (on(features, HASH_REPORT))
		return 20;
	return on(features, VERSION_1) || on(features, MRG_RXBUF) ? 12 : 10;
}

/* Flags that a driver with @features may send. */
static uint32_t flags_sent(uint64_t features)
{
	uint32_t flags = on(features, CSUM) ? HDR_NEEDS_CSUM : 0;

	return on(features, GIFT) ? flags | HDR_GIFT | HDR_WANT : flags;
}

static void sent(const struct headers *h, const struct event *ev)
{
	uint32_t flags = ev->a & 0xff, num = ev->a >> 16;
	uint32_t odd = flags & ~flags_sent(accepted(h, ev));

	if (odd)
		referee_finding(&h->setup, ev, CLAUSE_NET_TX_FLAGS, NO_SLOT,
				"flags %#x, of which %#x are not negotiated",
				flags, odd);
	if (ev->b >= HEADER_COUNTS && num)
		referee_finding(&h->setup, ev, CLAUSE_NET_TX_NUM, NO_SLOT,
				"num_buffers is %u", num);
}

static void received(const struct headers *h, const struct event *ev)
{
	uint32_t gso = ev->a >> 8 & 0xff;
	uint64_t features = accepted(h, ev);

	if (gso && !on(features, GUEST_TSO4) && !on(features, GUEST_TSO6))
		referee_finding(&h->setup, ev, CLAUSE_NET_RX_GSO, NO_SLOT,
				"gso_type %u", gso);
}

static void on_header(void *self, const struct event *ev)
{
	if (queue_is_tx(ev->queue))
		sent(self, ev);
	else
		received(self, ev);
}

/* What a driver has accepted now, unless it begins to agree anew. */
static void on_status(void *self, const struct event *ev)
{
	struct headers *h = self;
	const struct numbering *n = &h->setup.config->numbers;
	uint32_t link = queue_link(n, ev->queue);
	uint32_t end = queue_end(n, ev->queue);

	h->accepted[queue_nic(ev->queue)] =
		ev->a & STATUS_FEATURES_OK
			? h->setup.map->link[link].features[end] ^ ev->addr
			: 0;
}

/* Why slots of a sender with @from are wrong for a receiver with @to; or NULL.
 */
static const char *mismatch(uint64_t from, uint64_t to)
{
	if (header_size(from) != header_size(to))
		return "headers of two sizes";
	if (on(from ^ to, MRG_RXBUF))
		return "mergeable buffers at one end";
	if (on(from ^ to, GIFT))
		return "gifts at one end";
	if (on(from, CSUM) && !on(to, GUEST_CSUM))
		return "checksums that the other end does not complete";
	if ((on(from, HOST_TSO4) && !on(to, GUEST_TSO4)) ||
	    (on(from, HOST_TSO6) && !on(to, GUEST_TSO6)))
		return "segmentation that the other end does not do";
	return NULL;
}

static void on_pair(void *self, const struct event *ev)
{
	const struct headers *h = self;
	const struct numbering *n = &h->setup.config->numbers;
	uint32_t link = queue_link(n, ev->queue);
	const uint64_t *end = &h->accepted[nic_id(n, link, 0)];
	const char *why = mismatch(end[0], end[1]);

	if (!why)
		why = mismatch(end[1], end[0]);
	if (why)
		referee_finding(&h->setup, ev, CLAUSE_EXT_FEATURES, NO_SLOT,
				"ends are paired in spite of %s", why);
}

static const struct event_subscriptions subscriptions = {
	.handler = {
		[EV_HEADER] = on_header,
		[EV_STATUS] = on_status,
		[EV_PAIR] = on_pair,
	}};

static size_t headers_size(const struct world_config *c)
{
	return sizeof(struct headers) + _Alignof(struct headers) +
	       nic_count(&c->numbers) * sizeof(uint64_t) + _Alignof(uint64_t);
}

static void *headers_create(const struct referee_setup *s)
{
	struct headers *h = arena_new(s->arena, struct headers, 1);

	h->setup = *s;
	h->accepted =
		arena_new(s->arena, uint64_t, nic_count(&s->config->numbers));
	return h;
}

static void headers_canon(const void *self, uint32_t q, struct canon *f)
{
	const struct headers *h = self;

	if (!queue_is_tx(q))
		canon_u64(f, h->accepted[queue_nic(q)]);
}

const struct referee_ops headers_referee = {
	.name = "headers",
	.words = "headers say what was negotiated, and paired ends match",
	.size = headers_size,
	.create = headers_create,
	.subscriptions = &subscriptions,
	.canon = headers_canon,
};
