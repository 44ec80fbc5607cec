/* SPDX-License-Identifier: BSD-3-Clause */
/* What is out when a queue is reset, in which order, and how it returns. */
#include "model/ring/virtqueue.h"

#include "model/unit.h"

enum { SIZE = 4, START = 65534, EVENTS = 4096 };

static struct vq_driver q;
static _Alignas(8) uint8_t account[1024];
enum { RING_GPA = 0x1000, AVAIL = 64, USED = 128, TABLE_GPA = 0x8000 };
static _Alignas(16) uint8_t bytes[USED + 64];
static uint8_t *const avail = bytes + AVAIL, *const used = bytes + USED;
static _Alignas(16) uint8_t table[SIZE * SPLIT_INDIRECT_MAX * SPLIT_DESC_SIZE];
static struct gmem_window window[2];
static struct gmem mem;
static struct event ring[EVENTS + PROBE_SLACK];
static struct probe probe;
static struct cost_meter cost;
static uint16_t used_idx; /* the device's */
static uint16_t out[2 * SIZE];

static void heard(void *to, const struct event *ev, uint32_t places)
{
	(void)to;
	(void)ev;
	(void)places;
}

static void open_queue(bool indirect)
{
	struct arena arena = {.base = account, .size = sizeof account};

	probe = (struct probe){.ring = ring,
			       .mask = EVENTS - 1,
			       .wanted = UINT64_MAX,
			       .flush = heard};
	mem = (struct gmem){.window = window, .room = 2};
	gmem_add(&mem, (struct gmem_window){.gpa = RING_GPA,
					    .size = sizeof bytes,
					    .base = bytes});
	gmem_add(&mem, (struct gmem_window){.gpa = TABLE_GPA,
					    .size = sizeof table,
					    .base = table});
	vq_driver_begin(
		&q, &(struct vq_driver_setup){
			    .area = {RING_GPA, RING_GPA + AVAIL,
				     RING_GPA + USED, SIZE},
			    .mem = &mem,
			    .account = vq_account_new(VQ_SPLIT, SIZE, &arena),
			    .table_gpa = indirect ? TABLE_GPA : 0,
			    .probe = &probe,
			    .cost = &cost,
			    .start = START});
	used_idx = START;
}

/* A chain of @count segments that says which cookie it has. */
static void add(uint32_t cookie, uint32_t count)
{
	struct ring_seg seg[SIZE];

	for (uint32_t k = 0; k < count; k++)
		seg[k] = (struct ring_seg){.gpa = 0x1000 * cookie + k,
					   .len = 8 * cookie + k};
	CU_ASSERT_FATAL(vq_driver_add(&q, seg, count, cookie));
	vq_driver_publish(&q);
}

/* The device uses the chain of @cookie, and the driver takes that. */
static void use(uint32_t cookie)
{
	uint32_t head = 0, taken, len;
	struct verdict why;

	while (vq_driver_note(&q, head).count == 0 ||
	       vq_driver_note(&q, head).cookie != cookie)
		head++;
	gmem_store32(used + SPLIT_RING + 8 * (used_idx % SIZE), head);
	gmem_store16(used + SPLIT_IDX, ++used_idx);
	CU_ASSERT_EQUAL(vq_driver_take(&q, &taken, &len, &why), RING_CHAIN);
	CU_ASSERT_EQUAL(taken, cookie);
}

/* Those @count chains are out, in this order; cookies are digits. */
static void out_are(const char *cookies)
{
	uint32_t n = vq_driver_out(&q, out);

	CU_ASSERT_EQUAL(n, strlen(cookies));
	for (uint32_t i = 0; i < n; i++)
		CU_ASSERT_EQUAL(vq_driver_note(&q, out[i]).cookie,
				(uint32_t)(cookies[i] - '0'));
}

static void in_the_order_of_offers(void)
{
	open_queue(false);
	out_are("");
	add(3, 1);
	add(1, 1);
	add(2, 1);
	out_are("312");
	use(1);
	out_are("32");
	add(9, 1); /* on the descriptor that became free */
	out_are("329");
	add(4, 1);
	out_are("3294");
}

/* Entries of chains that stay out long are written over. */
static void behind_those_that_were_written_over(void)
{
	open_queue(false);
	add(7, 1);
	add(5, 1);
	for (uint32_t i = 0; i < 9; i++) {
		add(1, 1);
		use(1);
	}
	out_are("57");
	add(3, 1);
	add(2, 1);
	out_are("5732");
}

/* The last event of an offer, or of a descriptor behind it. */
static const struct event *event(uint32_t back)
{
	return &ring[(probe.head - 1 - back) & (EVENTS - 1)];
}

static void offered_again_as_they_stand(void)
{
	open_queue(false);
	add(1, 1);
	use(1);
	add(6, 2);
	add(2, 1);
	out_are("62");
	vq_driver_restart(&q, START);
	vq_driver_reexpose(&q, out, 2);
	CU_ASSERT_EQUAL(vq_driver_free(&q), 1);
	CU_ASSERT_EQUAL(vq_driver_published(&q), START);
	CU_ASSERT_EQUAL(vq_driver_added(&q), (uint16_t)(START + 2));
	CU_ASSERT_EQUAL(gmem_load16(avail + SPLIT_IDX), START);
	CU_ASSERT_EQUAL(event(0)->kind, EV_AVAILABLE);
	CU_ASSERT_EQUAL(event(0)->addr, 0x2000);
	CU_ASSERT_EQUAL(event(1)->kind, EV_AVAILABLE);
	CU_ASSERT_EQUAL(event(1)->addr, 0x6000);
	CU_ASSERT_EQUAL(event(1)->a >> 16, 2);
	CU_ASSERT_EQUAL(event(1)->b >> 16, START);
	CU_ASSERT_EQUAL(event(2)->kind, EV_DESC);
	CU_ASSERT_EQUAL(event(2)->len, 49);
	used_idx = START;
	use(6);
	use(2);
	CU_ASSERT_EQUAL(vq_driver_free(&q), SIZE);
}

static void tables_are_told_whole(void)
{
	open_queue(true);
	add(3, 3);
	out_are("3");
	vq_driver_restart(&q, START);
	vq_driver_reexpose(&q, out, 1);
	CU_ASSERT_EQUAL(event(0)->kind, EV_AVAILABLE);
	CU_ASSERT_EQUAL(event(0)->a >> 16, 3);
	CU_ASSERT_EQUAL(event(0)->len, 3 * SPLIT_DESC_SIZE);
	for (uint32_t k = 1; k <= 3; k++) {
		CU_ASSERT_EQUAL(event(k)->kind, EV_DESC);
		CU_ASSERT_EQUAL(event(k)->addr, 0x3000 + 3 - k);
	}
	CU_ASSERT_EQUAL(vq_driver_free(&q), SIZE - 1);
}

/* Nonsense in the ring changes the order at most. */
static void whatever_the_ring_says(void)
{
	open_queue(false);
	add(3, 1);
	add(1, 1);
	for (int fill = 0; fill < 256; fill += 255) {
		memset(avail + SPLIT_RING, fill, 2 * SIZE);
		CU_ASSERT_EQUAL(vq_driver_out(&q, out), 2);
		CU_ASSERT_EQUAL(vq_driver_note(&q, out[0]).cookie +
					vq_driver_note(&q, out[1]).cookie,
				4);
		CU_ASSERT_NOT_EQUAL(out[0], out[1]);
	}
}

static const struct unit_case cases[] = {
	{"in the order of offers", in_the_order_of_offers},
	{"behind those that were written over",
	 behind_those_that_were_written_over},
	{"offered again as they stand", offered_again_as_they_stand},
	{"tables are told whole", tables_are_told_whole},
	{"whatever the ring says", whatever_the_ring_says},
};

UNIT_MAIN("split_driver_reexpose", cases)
