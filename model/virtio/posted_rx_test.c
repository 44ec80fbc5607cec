/* SPDX-License-Identifier: BSD-3-Clause */
/* Classic delivery into posted buffers of any sizes, by a raw device half. */
#include "model/virtio/posted_rx.h"

#include "model/ring/ring_fixture.h"
#include "model/ring/split/split.h"
#include "model/unit_verdict.h"

enum { SIZE = 16, MEMORY = 1 << 18, GPA = 0x10000, BUFFERS = 0x20000 };
enum { SOURCE = 0x4000, LONGEST = 8192 };

static _Alignas(4096) uint8_t bytes[MEMORY];
static _Alignas(64) uint8_t memory[1 << 16];
static struct ring_fixture r;
static struct posted_rx line;

/* A ring in memory with a driver and a device half, and an empty line. */
static void begin(void)
{
	const struct vq_area area = {GPA, GPA + 0x400, GPA + 0x800, SIZE};
	struct arena arena = {.base = memory, .size = sizeof memory};

	memset(memory, 0, sizeof memory);
	ring_fixture_begin(&r, VQ_SPLIT, &area, GPA, bytes, MEMORY, 0, false);
	posted_rx_init(&line, &r.device, &r.mem, 0, SIZE, &arena);
	CU_ASSERT(arena.used <= posted_rx_arena(SIZE));
}

static uint64_t buffer(uint32_t i)
{
	return GPA + BUFFERS + (uint64_t)i * 4096;
}

/* Posts buffer @i of @len bytes in two segments, and takes it into line. */
static bool post(uint32_t i, uint32_t len)
{
	struct ring_seg out[SIZE + 1],
		seg[2] = {{.gpa = buffer(i), .len = len / 3, .write = true},
			  {.gpa = buffer(i) + len / 3,
			   .len = len - len / 3,
			   .write = true}};
	struct ring_chain c = {.seg = out};
	struct verdict why;

	CU_ASSERT_FATAL(vq_driver_add(&r.driver, seg, 2, i));
	vq_driver_publish(&r.driver);
	CU_ASSERT_EQUAL_FATAL(vq_device_pop(&r.device, &c, &why), RING_CHAIN);
	return posted_rx_post(&line, &c, &why);
}

static enum line_end deliver(uint32_t frame, uint64_t features,
			     struct virtio_net_hdr *h)
{
	const struct iov_copy m = {&r.probe,       &r.cost,
				   EV_HOST_READ,   EV_HOST_WRITE,
				   COST_HOST_COPY, COST_HOST_BYTE};
	struct ring_seg seg = {.gpa = GPA + SOURCE, .len = frame};
	struct cursor src = {.mem = &r.mem, .seg = &seg, .count = 1};
	struct rx_form form = {features, net_hdr_size(features)};

	for (uint32_t i = 0; i < frame; i++)
		bytes[SOURCE + i] = (uint8_t)(i * 3 + 1);
	return posted_rx_deliver(&line, &m, &src, h, frame, &form);
}

#define MANY (FEATURE_BIT(F_VERSION_1) | FEATURE_BIT(F_NET_MRG_RXBUF))
#define ONE  FEATURE_BIT(F_VERSION_1)

/* Takes used buffers; their bytes behind the header make up the frame. */
static uint32_t check_used(uint32_t frame, uint32_t hdr)
{
	uint32_t done = 0, buffers = 0, cookie, len;
	struct verdict why;

	vq_device_publish(&r.device);
	while (vq_driver_take(&r.driver, &cookie, &len, &why) == RING_CHAIN) {
		const uint8_t *at = bytes + (buffer(cookie) - GPA);

		for (uint32_t i = buffers ? 0 : hdr; i < len; i++, done++)
			CU_ASSERT_EQUAL_FATAL(at[i], (uint8_t)(done * 3 + 1));
		buffers++;
	}
	CU_ASSERT_EQUAL(done, frame);
	return buffers;
}

/* Nothing was used, and nothing can be: the queue is stopped. */
static void nothing_used(void)
{
	CU_ASSERT_EQUAL(vq_device_given(&r.device), 0);
	CU_ASSERT(vq_device_broken(&r.device));
	CU_ASSERT_EQUAL(line.count, 0);
}

static void one_buffer(void)
{
	struct virtio_net_hdr h = {0};

	begin();
	CU_ASSERT(post(0, 1000));
	CU_ASSERT_EQUAL(deliver(988, ONE, &h), LINE_DONE);
	CU_ASSERT_EQUAL(le16toh(h.num_buffers), 1);
	CU_ASSERT_EQUAL(check_used(988, 12), 1);
	CU_ASSERT_EQUAL(line.count, 0);
}

static void one_buffer_is_too_small(void)
{
	struct virtio_net_hdr h = {0};

	begin();
	CU_ASSERT(post(0, 1000) && post(1, 1000));
	CU_ASSERT_EQUAL(deliver(989, ONE, &h), LINE_WAIT);
	CU_ASSERT_EQUAL(line.count, 2);
	CU_ASSERT_EQUAL(deliver(989, MANY, &h), LINE_DONE);
	CU_ASSERT_EQUAL(le16toh(h.num_buffers), 2);
	CU_ASSERT_EQUAL(check_used(989, 12), 2);
}

/* Lengths and sizes of buffers in every mixture. */
static void many_buffers(void)
{
	for (uint32_t size = 12; size < 1500; size += 97)
		for (uint32_t frame = 0; frame < LONGEST; frame += 311) {
			struct virtio_net_hdr h = {0};
			uint32_t need = (frame + 12 + size - 1) / size;
			enum line_end end;

			begin();
			for (uint32_t i = 0; i < 8; i++)
				CU_ASSERT(post(i, size));
			end = deliver(frame, MANY, &h);
			CU_ASSERT_EQUAL(end, need <= 8 ? LINE_DONE : LINE_WAIT);
			if (end != LINE_DONE)
				continue;
			CU_ASSERT_EQUAL(le16toh(h.num_buffers), need);
			CU_ASSERT_EQUAL(check_used(frame, 12), need);
			CU_ASSERT_EQUAL(line.count, 8 - need);
		}
}

/* A buffer of @room bytes, and a header of twelve: what becomes of a frame. */
static enum line_end room_of(uint32_t room)
{
	struct virtio_net_hdr h = {0};

	begin();
	CU_ASSERT(post(0, room) && post(1, 100));
	return deliver(50, MANY, &h);
}

static void the_first_buffer_holds_a_header(void)
{
	struct verdict why = {CLAUSE_NONE, ""};
	const struct event *last;

	verdict_none("posted_rx", room_of(12) == LINE_DONE, CLAUSE_NET_RX_ROOM);
	CU_ASSERT_EQUAL(check_used(50, 12), 2);
	CU_ASSERT_EQUAL(room_of(11), LINE_BROKEN);
	nothing_used();
	last = &r.event[(r.probe.head - 1) & r.probe.mask];
	CU_ASSERT_EQUAL(last->kind, EV_BROKEN);
	verdict_set(&why, (enum clause)last->a, "told");
	verdict_names("posted_rx", &why, CLAUSE_NET_RX_ROOM);
}

static void the_line_has_an_end(void)
{
	struct ring_seg seg = {.len = 64, .write = true};
	struct ring_chain c = {.count = 1, .write_len = 64, .seg = &seg};
	struct verdict why;

	begin();
	for (uint32_t i = 0; i < SIZE; i++)
		CU_ASSERT(posted_rx_post(&line, &c, &why));
	CU_ASSERT_FALSE(posted_rx_post(&line, &c, &why));
	CU_ASSERT_EQUAL(why.broken, CLAUSE_SPLIT_AVAIL_OVERRUN);
}

/* The driver may change its chain behind our back; then it has lied. */
static void a_chain_that_shrinks(void)
{
	struct virtio_net_hdr h = {0};

	begin();
	CU_ASSERT(post(0, 1000));
	gmem_store32(vq_driver_bytes(&r.driver).desc + SPLIT_DESC_LEN, 4);
	CU_ASSERT_EQUAL(deliver(500, ONE, &h), LINE_BROKEN);
	nothing_used();
}

/* A segment that was taken in is used as it was then. */
static void a_segment_that_shrinks(void)
{
	struct ring_seg seg = {.gpa = buffer(0), .len = 1000, .write = true};
	struct ring_seg out[SIZE + 1];
	struct ring_chain c = {.seg = out};
	struct virtio_net_hdr h = {0};
	struct verdict why;

	begin();
	CU_ASSERT_FATAL(vq_driver_add(&r.driver, &seg, 1, 0));
	vq_driver_publish(&r.driver);
	CU_ASSERT_EQUAL_FATAL(vq_device_pop(&r.device, &c, &why), RING_CHAIN);
	CU_ASSERT(posted_rx_post(&line, &c, &why));
	gmem_store32(vq_driver_bytes(&r.driver).desc + SPLIT_DESC_LEN, 4);
	gmem_store64(vq_driver_bytes(&r.driver).desc, UINT64_MAX - 100);
	CU_ASSERT_EQUAL(deliver(500, ONE, &h), LINE_DONE);
}

static void a_chain_that_leaves_memory(void)
{
	struct virtio_net_hdr h = {0};

	begin();
	CU_ASSERT(post(0, 1000));
	gmem_store64(vq_driver_bytes(&r.driver).desc, UINT64_MAX - 100);
	CU_ASSERT_EQUAL(deliver(500, ONE, &h), LINE_BROKEN);
	nothing_used();
}

/* The last of three buffers cannot be reached: the others stay unused. */
static void all_or_nothing(void)
{
	struct virtio_net_hdr h = {0};
	struct ring_chain c = {
		.head = SIZE - 1,
		.count = 1,
		.write_len = 1000,
		.seg = &(struct ring_seg){
			.gpa = UINT64_MAX - 2000, .len = 1000, .write = true}};
	struct verdict why;

	begin();
	CU_ASSERT(post(0, 1000) && post(1, 100) &&
		  posted_rx_post(&line, &c, &why));
	CU_ASSERT_EQUAL(deliver(988, MANY, &h), LINE_DONE);
	CU_ASSERT(post(2, 1000));
	CU_ASSERT_EQUAL(line.count, 3);
	CU_ASSERT_EQUAL(deliver(1500, MANY, &h), LINE_BROKEN);
	CU_ASSERT_EQUAL(check_used(988, 12), 1);
	CU_ASSERT(vq_device_broken(&r.device));
	CU_ASSERT_EQUAL(line.count, 0);
}

static void a_chain_that_loops(void)
{
	struct virtio_net_hdr h = {0};

	begin();
	CU_ASSERT(post(0, 1000));
	gmem_store16(vq_driver_bytes(&r.driver).desc + SPLIT_DESC_SIZE +
			     SPLIT_DESC_FLAGS,
		     SPLIT_WRITE | SPLIT_NEXT);
	gmem_store16(vq_driver_bytes(&r.driver).desc + SPLIT_DESC_SIZE +
			     SPLIT_DESC_NEXT,
		     0);
	CU_ASSERT_EQUAL(deliver(500, ONE, &h), LINE_BROKEN);
}

/* Room for less than a header: there is nothing to write it into. */
static void a_buffer_below_a_header(void)
{
	struct virtio_net_hdr h = {0};

	begin();
	CU_ASSERT(post(0, 8) && post(1, 1000));
	CU_ASSERT_EQUAL(deliver(100, ONE, &h), LINE_BROKEN);
	nothing_used();
	begin();
	CU_ASSERT(post(0, 8) && post(1, 1000));
	CU_ASSERT_EQUAL(deliver(100, MANY, &h), LINE_BROKEN);
	nothing_used();
	begin();
	CU_ASSERT(post(0, 12) && post(1, 100));
	CU_ASSERT_EQUAL(deliver(100, MANY, &h), LINE_DONE);
	CU_ASSERT_EQUAL(check_used(100, 12), 2);
}

static void only_what_was_negotiated(void)
{
	struct virtio_net_hdr h = {
		.flags = 0xff, .gso_type = NET_GSO_TCPV4, .gso_size = 1400};
	uint64_t all = MANY | FEATURE_BIT(F_NET_GUEST_CSUM) |
		       FEATURE_BIT(F_NET_GUEST_TSO4);

	begin();
	CU_ASSERT(post(0, 1000) && post(1, 1000));
	CU_ASSERT_EQUAL(deliver(100, all, &h), LINE_DONE);
	CU_ASSERT_EQUAL(h.gso_type, NET_GSO_TCPV4);
	CU_ASSERT_EQUAL(h.flags & NET_HDR_EXTENSION, 0);
	h.flags = 0xff;
	CU_ASSERT_EQUAL(deliver(100, MANY, &h), LINE_DONE);
	CU_ASSERT_EQUAL(h.gso_type, NET_GSO_NONE);
	CU_ASSERT_EQUAL(h.flags, 0);
}

static const struct unit_case cases[] = {
	{"one buffer", one_buffer},
	{"one buffer is too small", one_buffer_is_too_small},
	{"many buffers", many_buffers},
	{"the first buffer holds a header", the_first_buffer_holds_a_header},
	{"the line has an end", the_line_has_an_end},
	{"a chain that shrinks", a_chain_that_shrinks},
	{"a segment that shrinks", a_segment_that_shrinks},
	{"a chain that leaves memory", a_chain_that_leaves_memory},
	{"all or nothing", all_or_nothing},
	{"a chain that loops", a_chain_that_loops},
	{"a buffer below a header", a_buffer_below_a_header},
	{"only what was negotiated", only_what_was_negotiated},
};

UNIT_MAIN("posted_rx", cases)
