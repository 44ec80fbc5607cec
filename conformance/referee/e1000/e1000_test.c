/* SPDX-License-Identifier: BSD-3-Clause */
/* An 82540EM and its driver before a referee, one lie a case. */
#include "conformance/referee/e1000/e1000.h"
#include "conformance/referee_harness.h"

enum { VM = 0, DEVICE = 2, RX = 0, TX = 1 };
enum {
	STATUS = 0x8,
	ICR = 0xc0,
	ICS = 0xc8,
	IMS = 0xd0,
	IMC = 0xd8,
	RCTL = 0x100,
	TCTL = 0x400,
	RX_RING = 0x2800,
	TX_RING = 0x3800
};
enum { HEAD = 0x10, TAIL = 0x18, SIZE = 8, RX_AT = 0x10000, TX_AT = 0x20000 };

static void writes(struct referee_harness *h, uint32_t at, uint32_t value)
{
	TELL(h, .kind = EV_REGISTER_WRITE, .actor = VM, .addr = at, .a = value);
}

static void reads(struct referee_harness *h, uint32_t at, uint32_t value)
{
	TELL(h, .kind = EV_REGISTER_READ, .actor = VM, .addr = at, .a = value);
}

static void cause(struct referee_harness *h, uint32_t bits)
{
	TELL(h, .kind = EV_CAUSE, .actor = DEVICE, .a = bits);
}

static void line(struct referee_harness *h, uint32_t up)
{
	TELL(h, .kind = EV_LINE, .actor = DEVICE, .a = up);
}

static void touches(struct referee_harness *h, enum event_kind kind,
		    uint16_t queue, uint32_t index)
{
	TELL(h, .kind = (uint8_t)kind, .actor = DEVICE, .queue = queue,
	     .a = index, .addr = (queue ? TX_AT : RX_AT) + 16u * index,
	     .len = 16);
}

static void fetch(struct referee_harness *h, uint16_t queue, uint32_t index)
{
	touches(h, EV_FETCH, queue, index);
}

static void back(struct referee_harness *h, uint16_t queue, uint32_t index)
{
	touches(h, EV_WRITE_BACK, queue, index);
}

static void frame(struct referee_harness *h, uint16_t queue)
{
	TELL(h, .kind = queue ? EV_HOST_READ : EV_HOST_WRITE, .actor = DEVICE,
	     .queue = queue, .addr = 0x5000, .len = 60);
}

static void ring(struct referee_harness *h, uint32_t at, uint32_t base,
		 uint32_t tail)
{
	writes(h, at, base);
	writes(h, at + 4, 0);
	writes(h, at + 8, SIZE * 16);
	writes(h, at + HEAD, 0);
	writes(h, at + TAIL, tail);
}

/* A device that works, with @posted receive descriptors. */
static void begin(struct referee_harness *h, uint32_t posted)
{
	harness_prepare(h);
	harness_open(h, &e1000_referee);
	TELL(h, .kind = EV_STATUS, .actor = VM);
	ring(h, RX_RING, RX_AT, posted);
	ring(h, TX_RING, TX_AT, 0);
	writes(h, RCTL, 2);
	writes(h, TCTL, 2);
	writes(h, IMS, 0x81);
}

static void finish(struct referee_harness *h)
{
	h->ops->finish(h->self, h->time);
}

/* Frames each way, round the ring, some of two descriptors. */
static void a_conversation(void)
{
	struct referee_harness h;
	uint32_t sent = 0, got = 0;

	begin(&h, 7);
	for (uint32_t n = 0; n < 20; n++) {
		writes(&h, TX_RING + TAIL, (sent + 1) % SIZE);
		fetch(&h, TX, sent);
		frame(&h, TX);
		back(&h, TX, sent);
		sent = (sent + 1) % SIZE;
		fetch(&h, RX, got);
		frame(&h, RX);
		fetch(&h, RX, (got + 1) % SIZE);
		frame(&h, RX);
		back(&h, RX, got);
		back(&h, RX, (got + 1) % SIZE);
		got = (got + 2) % SIZE;
		cause(&h, 0x81);
		line(&h, 1);
		reads(&h, ICR, 0x81);
		line(&h, 0);
		writes(&h, IMC, UINT32_MAX);
		writes(&h, RX_RING + TAIL, (got + 7) % SIZE);
		writes(&h, IMS, 0x81);
	}
	reads(&h, STATUS, 3);
	finish(&h);
	harness_silent(&h);
	harness_close(&h);
}

/* What is not to be written back is done when the next one is read. */
static void without_write_back(void)
{
	struct referee_harness h;

	begin(&h, 0);
	writes(&h, TX_RING + TAIL, 2);
	fetch(&h, TX, 0);
	frame(&h, TX);
	fetch(&h, TX, 1);
	frame(&h, TX);
	back(&h, TX, 1);
	harness_silent(&h);
	fetch(&h, TX, 2);
	harness_finds(&h, CLAUSE_E1000_HEAD_TAIL, DEVICE);
	harness_close(&h);
}

static void a_status_that_is_written(void)
{
	struct referee_harness h;

	begin(&h, 0);
	writes(&h, STATUS, UINT32_MAX);
	reads(&h, STATUS, 1);
	harness_silent(&h);
	reads(&h, STATUS, UINT32_MAX);
	harness_finds(&h, CLAUSE_E1000_READ_ONLY, VM);
	harness_close(&h);
}

static void causes_that_stay(void)
{
	struct referee_harness h;

	begin(&h, 0);
	cause(&h, 4);
	reads(&h, ICR, 4);
	reads(&h, ICR, 4);
	harness_finds(&h, CLAUSE_E1000_ICR, VM);
	harness_close(&h);
}

static void causes_that_are_written(void)
{
	struct referee_harness h;

	begin(&h, 0);
	writes(&h, ICS, 0x85);
	line(&h, 1);
	writes(&h, ICR, 0x81);
	line(&h, 0);
	reads(&h, ICR, 4);
	harness_silent(&h);
	harness_close(&h);
}

static void a_cause_that_is_lost(void)
{
	struct referee_harness h;

	begin(&h, 0);
	cause(&h, 4);
	cause(&h, 1);
	line(&h, 1);
	reads(&h, ICR, 1);
	harness_finds(&h, CLAUSE_E1000_CAUSE, VM);
	harness_close(&h);
}

static void a_line_that_lies(void)
{
	struct referee_harness h;

	begin(&h, 0);
	cause(&h, 4);
	line(&h, 1);
	harness_finds(&h, CLAUSE_E1000_LINE, DEVICE);
	line(&h, 0);
	cause(&h, 1);
	line(&h, 1);
	line(&h, 0);
	harness_finds(&h, CLAUSE_E1000_LINE, DEVICE);
	harness_close(&h);
}

static void a_line_that_stays(void)
{
	struct referee_harness h;

	begin(&h, 0);
	cause(&h, 1);
	line(&h, 1);
	reads(&h, ICR, 1);
	writes(&h, IMC, 1);
	harness_finds(&h, CLAUSE_E1000_LINE, VM);
	harness_close(&h);
}

static void a_line_that_is_late_for_good(void)
{
	struct referee_harness h;

	begin(&h, 0);
	cause(&h, 1);
	writes(&h, IMS, 1);
	harness_silent(&h);
	finish(&h);
	harness_finds(&h, CLAUSE_E1000_LINE, DEVICE);
	harness_close(&h);
}

static void beyond_the_tail(void)
{
	struct referee_harness h;

	begin(&h, 1);
	fetch(&h, RX, 0);
	fetch(&h, RX, 1);
	harness_finds(&h, CLAUSE_E1000_HEAD_TAIL, DEVICE);
	harness_close(&h);
}

static void out_of_order(void)
{
	struct referee_harness h;

	begin(&h, 4);
	fetch(&h, RX, 1);
	harness_finds(&h, CLAUSE_E1000_HEAD_TAIL, DEVICE);
	back(&h, RX, 3);
	harness_finds(&h, CLAUSE_E1000_HEAD_TAIL, DEVICE);
	harness_close(&h);
}

static void done_too_early(void)
{
	struct referee_harness h;

	begin(&h, 4);
	fetch(&h, RX, 0);
	back(&h, RX, 0);
	frame(&h, RX);
	harness_finds(&h, CLAUSE_E1000_DD, DEVICE);
	frame(&h, TX);
	harness_finds(&h, CLAUSE_E1000_DD, DEVICE);
	harness_close(&h);
}

static void not_enabled(void)
{
	struct referee_harness h;

	begin(&h, 4);
	writes(&h, RCTL, 0);
	fetch(&h, RX, 0);
	harness_finds(&h, CLAUSE_E1000_QUIET, DEVICE);
	harness_close(&h);
}

static void behind_a_reset(void)
{
	struct referee_harness h;

	begin(&h, 4);
	cause(&h, 1);
	line(&h, 1);
	TELL(&h, .kind = EV_STATUS, .actor = VM);
	line(&h, 0);
	reads(&h, ICR, 0);
	harness_silent(&h);
	fetch(&h, TX, 0);
	harness_finds(&h, CLAUSE_E1000_QUIET, DEVICE);
	harness_close(&h);
}

static void no_descriptor_free(void)
{
	struct referee_harness h;

	begin(&h, 3);
	writes(&h, RX_RING + TAIL, 7);
	harness_silent(&h);
	writes(&h, RX_RING + TAIL, 0);
	harness_finds(&h, CLAUSE_E1000_ONE_FREE, VM);
	writes(&h, TX_RING + TAIL, SIZE);
	harness_finds(&h, CLAUSE_E1000_ONE_FREE, VM);
	harness_close(&h);
}

/* Buffers of virtio are none of its business. */
static void another_device(void)
{
	struct referee_harness h;

	harness_prepare(&h);
	harness_open(&h, &e1000_referee);
	frame(&h, RX);
	frame(&h, TX);
	finish(&h);
	harness_silent(&h);
	harness_close(&h);
}

static const struct unit_case cases[] = {
	{"a conversation", a_conversation},
	{"without write-back", without_write_back},
	{"a status that is written", a_status_that_is_written},
	{"causes that stay", causes_that_stay},
	{"causes that are written", causes_that_are_written},
	{"a cause that is lost", a_cause_that_is_lost},
	{"a line that lies", a_line_that_lies},
	{"a line that stays", a_line_that_stays},
	{"a line that is late for good", a_line_that_is_late_for_good},
	{"beyond the tail", beyond_the_tail},
	{"out of order", out_of_order},
	{"done too early", done_too_early},
	{"not enabled", not_enabled},
	{"behind a reset", behind_a_reset},
	{"no descriptor free", no_descriptor_free},
	{"another device", another_device},
};

UNIT_MAIN("e1000", cases)
