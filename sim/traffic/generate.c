/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Each shape is a frame made once, of which only the stamp and, for drawn
 * sizes, the lengths change. The last that was asked for is kept: who asks for
 * it again gets it at once.
 */
#include <assert.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "sim/traffic/generate.h"

enum {
	SHAPES_MAX = 3,
	HEADERS = 42, /* Ethernet, IPv4, UDP */
	DRAWN_MIN = 60,
	MIX = 12,
	CACHE_LINE = 64,
};

/* 7 of 64, 4 of 594, 1 of 1518 bytes, in an order that was drawn once. */
static const uint32_t mix_bytes[SHAPES_MAX] = {64, 594, 1518};
static const uint8_t mix[MIX] = {0, 1, 0, 0, 1, 0, 2, 0, 1, 0, 1, 0};

struct shape {
	uint8_t *frame;
	uint64_t hash;
	uint64_t held; /* number of the frame that it is, plus 1 */
	uint32_t len;
};

struct generator {
	enum generate_shape kind;
	uint64_t key; /* of the drawn sizes */
	uint64_t spread;
	uint32_t ip_sum; /* of the IP header without its length */
	struct shape shape[SHAPES_MAX];
};

static uint64_t mixed(uint64_t z)
{
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* The @n-th number of a splitmix64 stream. */
static uint64_t draw(uint64_t key, uint64_t n)
{
	return mixed(key + (n + 1) * UINT64_C(0x9e3779b97f4a7c15));
}

static void store16(uint8_t *to, uint32_t value)
{
	to[0] = (uint8_t)(value >> 8);
	to[1] = (uint8_t)value;
}

/* Lengths that no 16 bits can say are said as the longest possible. */
static uint32_t at_most16(uint32_t value)
{
	return value < UINT16_MAX ? value : UINT16_MAX;
}

static void set_lengths(const struct generator *g, uint8_t *frame, uint32_t len)
{
	uint32_t ip_len = at_most16(len - 14);
	uint32_t sum = g->ip_sum + ip_len;

	assert(len >= HEADERS);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	store16(frame + 16, ip_len);
	store16(frame + 24, ~sum);
	store16(frame + 38, at_most16(len - 34));
}

static void set_ip(struct generator *g, uint8_t *ip,
		   const struct generator_config *config)
{
	const uint8_t header[20] = {
		[0] = 0x45, [6] = 0x40,
		[8] = 64,   [9] = 17,
		[12] = 10,  [15] = (uint8_t)(config->from + 1),
		[16] = 10,  [19] = (uint8_t)(config->to + 1)};

	memcpy(ip, header, sizeof header);
	for (int i = 0; i < 20; i += 2)
		g->ip_sum += (uint32_t)(header[i] << 8 | header[i + 1]);
	store16(ip + 20, 40000 + (config->stream & 0x3fff));
	store16(ip + 22, 9); /* the port that discards */
	store16(ip + 26, 0); /* IPv4 allows UDP to have no checksum */
}

static void fill_frame(struct generator *g, struct shape *s,
		       const struct generator_config *config)
{
	const uint8_t macs[12] = {2, 0, 0, 0, 0, (uint8_t)(config->to + 1),
				  2, 0, 0, 0, 0, (uint8_t)(config->from + 1)};
	uint64_t key = mixed(config->seed) ^ mixed(config->stream + 1);

	for (uint32_t i = 0; i < s->len; i += 8) {
		uint64_t word = htole64(draw(key, i / 8));

		memcpy(s->frame + i, &word, 8);
	}
	memcpy(s->frame, macs, sizeof macs);
	if (s->len < HEADERS) {
		store16(s->frame + 12, 0x88b5); /* for local experiments */
		return;
	}
	store16(s->frame + 12, 0x0800);
	g->ip_sum = 0;
	set_ip(g, s->frame + 14, config);
	set_lengths(g, s->frame, s->len);
}

static bool make_shape(struct generator *g, uint32_t n, uint32_t len,
		       const struct generator_config *config)
{
	struct shape *s = &g->shape[n];
	size_t room = (len / CACHE_LINE + 2) * CACHE_LINE;

	assert(len >= GENERATE_MIN && len <= GENERATE_MAX);
	s->frame = aligned_alloc(CACHE_LINE, room);
	if (!s->frame)
		return false;
	s->len = len;
	fill_frame(g, s, config);
	s->hash = XXH3_64bits(s->frame, len);
	return true;
}

struct generator *generate_open(const struct generator_config *config)
{
	struct generator *g = calloc(1, sizeof *g);
	uint32_t bytes = config->bytes;
	bool ok;

	if (!g)
		return NULL;
	g->kind = config->shape;
	g->key = draw(config->seed, config->stream);
	if (g->kind == GENERATE_IMIX) {
		ok = true;
		for (uint32_t i = 0; ok && i < SHAPES_MAX; i++)
			ok = make_shape(g, i, mix_bytes[i], config);
	} else {
		if (g->kind == GENERATE_DRAWN) {
			bytes = bytes < DRAWN_MIN ? DRAWN_MIN : bytes;
			g->spread = bytes - DRAWN_MIN + UINT64_C(1);
		}
		ok = make_shape(g, 0, bytes, config);
	}
	if (!ok) {
		generate_close(g);
		return NULL;
	}
	return g;
}

void generate_close(struct generator *g)
{
	if (!g)
		return;
	for (int i = 0; i < SHAPES_MAX; i++)
		free(g->shape[i].frame);
	free(g);
}

uint32_t generate_len(const struct generator *g)
{
	return g->kind == GENERATE_FIXED ? g->shape[0].len : 0;
}

static uint32_t drawn_len(const struct generator *g, uint64_t n)
{
	unsigned __int128 wide = draw(g->key, n);

	return DRAWN_MIN + (uint32_t)(wide * g->spread >> 64);
}

/* What frame @n is made of. */
static inline struct shape *shape_of(struct generator *g, uint64_t n)
{
	return &g->shape[g->kind == GENERATE_IMIX ? mix[n % MIX] : 0];
}

static inline uint32_t len_of(const struct generator *g, const struct shape *s,
			      uint64_t n)
{
	return g->kind == GENERATE_DRAWN ? drawn_len(g, n) : s->len;
}

/* They say their number, and those of drawn lengths how long they are. */
static inline void frame_set(const struct generator *g, uint8_t *frame,
			     uint32_t len, uint64_t n)
{
	uint64_t stamp = htole64(n);

	if (g->kind == GENERATE_DRAWN)
		set_lengths(g, frame, len);
	if (len >= GENERATE_STAMP + sizeof stamp)
		memcpy(frame + GENERATE_STAMP, &stamp, sizeof stamp);
}

void generate_frame(struct generator *g, uint64_t n, struct app_packet *out)
{
	struct shape *s = shape_of(g, n);

	if (s->held != n + 1) {
		s->held = n + 1;
		s->len = len_of(g, s, n);
		frame_set(g, s->frame, s->len, n);
		s->hash = XXH3_64bits(s->frame, s->len);
	}
	out->bytes = s->frame;
	out->len = s->len;
	out->hash = s->hash;
}

/* Hashes are made when all are written: what was just stored loads slowly. */
uint32_t generate_run(struct generator *g, uint64_t n,
		      const struct app_buffers *to, uint32_t most,
		      struct app_frame *out)
{
	uint32_t count;

	for (count = 0; count < most; count++) {
		const struct shape *s = shape_of(g, n + count);
		const uint32_t len = len_of(g, s, n + count);

		if (len > to->room)
			break;
		memcpy(app_buffer(to, count), s->frame, len);
		frame_set(g, app_buffer(to, count), len, n + count);
		out[count].len = len;
	}
	for (uint32_t k = 0; k < count; k++)
		out[k].hash = XXH3_64bits(app_buffer(to, k), out[k].len);
	return count;
}
