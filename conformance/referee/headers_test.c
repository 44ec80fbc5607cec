/* SPDX-License-Identifier: BSD-3-Clause */
/* Headers against what was negotiated, and ends that are paired. */
#include "conformance/referee/headers.h"

#include "conformance/referee_harness.h"

enum {
	RX = NET_RX,
	TX = NET_TX,
	PEER_RX = NIC_QUEUES,
	HOST = 2,
	FEATURES_OK = 11
};
enum { CSUM = 1, GIFT = 0x80, WANT = 0x40, RETURNED = 0x20 }; /* flags */

#define BIT(n) (UINT64_C(1) << (n))
#define MODERN (BIT(32) | BIT(15)) /* headers of twelve bytes, mergeable */

static void agree(struct referee_harness *h, uint32_t end, uint64_t unusual)
{
	TELL(h, .kind = EV_STATUS, .actor = (actor_id)end,
	     .queue = queue_of_nic(end, NET_RX), .a = FEATURES_OK, .b = 3,
	     .addr = unusual);
}

/* Two drivers with these features, as configured. */
static void begin(struct referee_harness *h, uint64_t first, uint64_t second)
{
	harness_prepare(h);
	h->map.link[0].features[0] = first;
	h->map.link[0].features[1] = second;
	harness_open(h, &headers_referee);
	agree(h, 0, 0);
	agree(h, 1, 0);
	harness_silent(h);
}

static void close(struct referee_harness *h)
{
	harness_silent(h);
	harness_close(h);
}

static void header(struct referee_harness *h, uint16_t queue, uint32_t flags,
		   uint32_t gso, uint32_t buffers)
{
	TELL(h, .kind = EV_HEADER, .actor = queue_is_tx(queue) ? 0 : HOST,
	     .queue = queue, .addr = 0x1000, .len = 100, .b = 12,
	     .a = flags | gso << 8 | buffers << 16);
}

static void join(struct referee_harness *h)
{
	TELL(h, .kind = EV_PAIR, .actor = 1, .a = 1, .b = 8);
}

static void what_was_negotiated_is_said(void)
{
	struct referee_harness h;
	uint64_t all = MODERN | BIT(0) | BIT(1) | BIT(7) | BIT(11) | BIT(58);

	begin(&h, all, all);
	join(&h);
	header(&h, TX, CSUM, 1, 0);
	header(&h, TX, GIFT | WANT, 0, 0);
	header(&h, PEER_RX, CSUM, 1, 2);
	header(&h, PEER_RX, GIFT, 0, 3);
	header(&h, RX, GIFT | RETURNED, 0, 3);
	close(&h);
}

static void buffers_are_counted_on_transmit(void)
{
	struct referee_harness h;

	begin(&h, MODERN, MODERN);
	header(&h, TX, 0, 0, 1);
	harness_finds(&h, CLAUSE_NET_TX_NUM, 0);
	close(&h);
}

/* Bytes behind a header of ten are the packet's own. */
static void short_headers_have_no_count(void)
{
	struct referee_harness h;

	begin(&h, 0, 0);
	TELL(&h, .kind = EV_HEADER, .queue = TX, .b = 10, .len = 70,
	     .a = 7 << 16);
	close(&h);
}

static void flags_were_not_negotiated(void)
{
	struct referee_harness h;

	begin(&h, MODERN | BIT(58), MODERN);
	header(&h, TX, CSUM, 0, 0);
	harness_finds(&h, CLAUSE_NET_TX_FLAGS, 0);
	header(&h, TX, GIFT, 0, 0);
	harness_silent(&h);
	agree(&h, 0, BIT(58)); /* anew, and without gifts */
	header(&h, TX, GIFT, 0, 0);
	harness_finds(&h, CLAUSE_NET_TX_FLAGS, 0);
	close(&h);
}

static void flags_of_the_device_are_sent(void)
{
	struct referee_harness h;

	begin(&h, MODERN | BIT(0) | BIT(58), MODERN);
	header(&h, TX, 2, 0, 0); /* DATA_VALID */
	harness_finds(&h, CLAUSE_NET_TX_FLAGS, 0);
	header(&h, TX, RETURNED, 0, 0);
	harness_finds(&h, CLAUSE_NET_TX_FLAGS, 0);
	close(&h);
}

static void who_cannot_segment_gets_a_large_frame(void)
{
	struct referee_harness h;

	begin(&h, MODERN | BIT(0) | BIT(11), MODERN | BIT(1));
	header(&h, TX, CSUM, 1, 0);
	header(&h, PEER_RX, CSUM, 0, 2);
	harness_silent(&h);
	header(&h, PEER_RX, CSUM, 1, 2);
	harness_finds(&h, CLAUSE_NET_RX_GSO, HOST);
	close(&h);
}

static void paired(uint64_t first, uint64_t second, bool well)
{
	for (int swapped = 0; swapped < 2; swapped++) {
		struct referee_harness h;

		begin(&h, swapped ? second : first, swapped ? first : second);
		join(&h);
		if (!well)
			harness_finds(&h, CLAUSE_EXT_FEATURES, 1);
		close(&h);
	}
}

static void ends_are_paired(void)
{
	paired(0, 0, true);
	paired(0, MODERN, false);
	paired(BIT(32), MODERN, false);
	paired(MODERN, MODERN, true);
	paired(MODERN, MODERN | BIT(57), false);
	paired(MODERN, MODERN | BIT(58), false);
	paired(MODERN | BIT(0), MODERN, false);
	paired(MODERN | BIT(0), MODERN | BIT(1), true);
	paired(MODERN | BIT(1), MODERN, true);
	paired(MODERN | BIT(0) | BIT(11), MODERN | BIT(1) | BIT(8), false);
	paired(MODERN | BIT(0) | BIT(12), MODERN | BIT(1) | BIT(8), true);
}

static void an_end_comes_back_with_other_features(void)
{
	struct referee_harness h;

	begin(&h, MODERN, MODERN);
	TELL(&h, .kind = EV_STATUS, .queue = RX, .a = 0, .b = 15);
	agree(&h, 0, BIT(57));
	join(&h);
	harness_finds(&h, CLAUSE_EXT_FEATURES, 1);
	agree(&h, 0, 0);
	join(&h);
	close(&h);
}

static const struct unit_case cases[] = {
	{"what was negotiated is said", what_was_negotiated_is_said},
	{"buffers are counted on transmit", buffers_are_counted_on_transmit},
	{"short headers have no count", short_headers_have_no_count},
	{"flags were not negotiated", flags_were_not_negotiated},
	{"flags of the device are sent", flags_of_the_device_are_sent},
	{"who cannot segment gets a large frame",
	 who_cannot_segment_gets_a_large_frame},
	{"ends are paired", ends_are_paired},
	{"an end comes back with other features",
	 an_end_comes_back_with_other_features},
};

UNIT_MAIN("headers", cases)
