/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>
#include <xxhash.h>

#include "model/unit.h"
#include "sim/traffic/direction/frame.h"
#include "sim/traffic/generate.h"

static struct generator *open_shape(enum generate_shape shape, uint32_t bytes,
				    uint64_t seed, uint32_t stream)
{
	struct generator_config config = {.shape = shape,
					  .bytes = bytes,
					  .seed = seed,
					  .stream = stream,
					  .from = 0,
					  .to = 1};
	struct generator *g = generate_open(&config);

	CU_ASSERT_PTR_NOT_NULL_FATAL(g);
	return g;
}

static uint64_t stamp_of(const uint8_t *frame)
{
	uint64_t value = 0;

	for (int i = 7; i >= 0; i--)
		value = value << 8 | frame[GENERATE_STAMP + i];
	return value;
}

/* The sum over an IP header with its checksum is all ones. */
static uint32_t ip_sum(const uint8_t *ip)
{
	uint32_t sum = 0;

	for (int i = 0; i < 20; i += 2)
		sum += (uint32_t)(ip[i] << 8 | ip[i + 1]);
	return (sum & 0xffff) + (sum >> 16);
}

static void check_frame(const struct app_packet *p, uint64_t n)
{
	struct frame f;

	CU_ASSERT_EQUAL(p->hash, XXH3_64bits(p->bytes, p->len));
	CU_ASSERT_EQUAL(stamp_of(p->bytes), n);
	frame_parse(p->bytes, p->len, &f);
	CU_ASSERT_EQUAL(memcmp(f.mac_to, "\2\0\0\0\0\2", 6), 0);
	CU_ASSERT_EQUAL(memcmp(f.mac_from, "\2\0\0\0\0\1", 6), 0);
	CU_ASSERT_EQUAL(f.protocol, FRAME_UDP);
	CU_ASSERT_EQUAL(f.l4, 34);
	CU_ASSERT_EQUAL(p->bytes[16] << 8 | p->bytes[17], (int)p->len - 14);
	CU_ASSERT_EQUAL(p->bytes[38] << 8 | p->bytes[39], (int)p->len - 34);
	CU_ASSERT_EQUAL(ip_sum(p->bytes + 14), 0xffff);
}

static void fixed_frames_forward_their_number(void)
{
	static const uint64_t numbers[] = {0, 1, 0, UINT64_C(1) << 40};
	struct generator *g = open_shape(GENERATE_FIXED, 64, 1, 0);
	struct app_packet p;

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		generate_frame(g, numbers[i], &p);
		CU_ASSERT_EQUAL(p.len, 64);
		check_frame(&p, numbers[i]);
	}
	CU_ASSERT_EQUAL(generate_len(g), 64);
	generate_close(g);
}

static void mix_is_seven_four_one(void)
{
	struct generator *g = open_shape(GENERATE_IMIX, 0, 1, 0);
	uint32_t small = 0, middle = 0, large = 0;
	struct app_packet p;

	for (uint64_t n = 0; n < 1200; n++) {
		generate_frame(g, n, &p);
		check_frame(&p, n);
		small += p.len == 64;
		middle += p.len == 594;
		large += p.len == 1518;
	}
	CU_ASSERT_EQUAL(small, 700);
	CU_ASSERT_EQUAL(middle, 400);
	CU_ASSERT_EQUAL(large, 100);
	CU_ASSERT_EQUAL(generate_len(g), 0);
	generate_close(g);
}

static void drawn_sizes_fill_their_range(void)
{
	struct generator *g = open_shape(GENERATE_DRAWN, 69, 1, 0);
	uint32_t seen[10] = {0};
	struct app_packet p;

	for (uint64_t n = 0; n < 10000; n++) {
		generate_frame(g, n, &p);
		CU_ASSERT_FATAL(p.len >= 60 && p.len <= 69);
		seen[p.len - 60]++;
		if (n < 100)
			check_frame(&p, n);
	}
	for (int i = 0; i < 10; i++)
		CU_ASSERT(seen[i] > 850 && seen[i] < 1150);
	generate_close(g);
}

static void a_frame_depends_on_its_number_only(void)
{
	struct generator *a = open_shape(GENERATE_DRAWN, 1500, 9, 3);
	struct generator *b = open_shape(GENERATE_DRAWN, 1500, 9, 3);
	struct app_packet p, q;

	for (uint64_t n = 0; n < 50; n++)
		generate_frame(a, n, &p);
	generate_frame(b, 49, &q);
	CU_ASSERT_EQUAL(p.len, q.len);
	CU_ASSERT_EQUAL(memcmp(p.bytes, q.bytes, p.len), 0);
	generate_frame(a, 7, &p);
	generate_frame(b, 7, &q);
	CU_ASSERT_EQUAL(p.hash, q.hash);
	generate_close(a);
	generate_close(b);
}

static void seed_and_stream_change_the_payload(void)
{
	struct app_packet p[3];
	struct generator *g[3] = {open_shape(GENERATE_FIXED, 64, 1, 0),
				  open_shape(GENERATE_FIXED, 64, 2, 0),
				  open_shape(GENERATE_FIXED, 64, 1, 1)};

	for (int i = 0; i < 3; i++)
		generate_frame(g[i], 0, &p[i]);
	CU_ASSERT_NOT_EQUAL(p[0].hash, p[1].hash);
	CU_ASSERT_NOT_EQUAL(p[0].hash, p[2].hash);
	CU_ASSERT_NOT_EQUAL(p[1].hash, p[2].hash);
	for (int i = 0; i < 3; i++)
		generate_close(g[i]);
}

/* Golden: the same on every machine, in every build. */
static void frames_are_the_same_everywhere(void)
{
	struct generator *g = open_shape(GENERATE_FIXED, 64, 1, 0);
	struct app_packet p;

	generate_frame(g, 5, &p);
	CU_ASSERT_EQUAL(p.hash, UINT64_C(0x73e5ec0a73781df1));
	generate_close(g);
	g = open_shape(GENERATE_DRAWN, 1518, 1, 0);
	generate_frame(g, 5, &p);
	CU_ASSERT_EQUAL(p.len, 1189);
	CU_ASSERT_EQUAL(p.hash, UINT64_C(0xfc9334d8545b7a6));
	generate_close(g);
}

static void extreme_sizes(void)
{
	static const uint32_t sizes[] = {14, 41,    42,    55,
					 56, 65549, 65550, GENERATE_MAX};
	struct app_packet p;

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct generator *g =
			open_shape(GENERATE_FIXED, sizes[i], 1, 0);

		generate_frame(g, 258, &p);
		CU_ASSERT_EQUAL(p.len, sizes[i]);
		CU_ASSERT_EQUAL(p.hash, XXH3_64bits(p.bytes, p.len));
		if (sizes[i] >= 56)
			CU_ASSERT_EQUAL(stamp_of(p.bytes), 258);
		generate_close(g);
	}
}

/* What a run writes is what each number stands for, as far as there is room. */
static void a_run_is_frame_by_frame(void)
{
	enum { COUNT = 24, STRIDE = 1600 };
	static const enum generate_shape shapes[] = {
		GENERATE_FIXED, GENERATE_IMIX, GENERATE_DRAWN};
	static uint8_t bytes[COUNT * STRIDE];
	uint32_t number[COUNT];
	struct app_buffers to = {bytes, STRIDE, number, COUNT, STRIDE};
	struct app_frame out[COUNT];
	struct app_packet p;
	struct generator *g;

	for (uint32_t k = 0; k < COUNT; k++)
		number[k] = COUNT - 1 - k;
	for (uint32_t i = 0; i < 3; i++) {
		g = open_shape(shapes[i], 1000, 1, 0);

		generate_frame(g, 11, &p); /* leaves its mark on the shape */
		CU_ASSERT_EQUAL(generate_run(g, 7, &to, COUNT, out), COUNT);
		for (uint32_t k = 0; k < COUNT; k++) {
			generate_frame(g, 7 + k, &p);
			CU_ASSERT_EQUAL(out[k].len, p.len);
			CU_ASSERT_EQUAL(out[k].hash, p.hash);
			CU_ASSERT_EQUAL(
				memcmp(app_buffer(&to, k), p.bytes, p.len), 0);
		}
		generate_close(g);
	}
	to.room = 593;
	g = open_shape(GENERATE_IMIX, 0, 1, 0);
	CU_ASSERT_EQUAL(generate_run(g, 0, &to, COUNT, out), 1);
	CU_ASSERT_EQUAL(generate_run(g, 1, &to, COUNT, out), 0);
	generate_close(g);
}

static const struct unit_case cases[] = {
	{"fixed frames carry their number", fixed_frames_forward_their_number},
	{"the mix is 7 : 4 : 1", mix_is_seven_four_one},
	{"drawn sizes fill their range", drawn_sizes_fill_their_range},
	{"a frame depends on its number only",
	 a_frame_depends_on_its_number_only},
	{"seed and stream change the payload",
	 seed_and_stream_change_the_payload},
	{"frames are the same everywhere", frames_are_the_same_everywhere},
	{"extreme sizes", extreme_sizes},
	{"a run is frame by frame", a_run_is_frame_by_frame},
};

UNIT_MAIN("generate", cases)
