/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For tests only: captures made byte by byte, so that they may lie as no
 * library lets them, and a folder of their own to keep them in.
 */
#ifndef TWINRING_SIM_TRAFFIC_CAPTURE_CAPTURE_FIXTURE_H
#define TWINRING_SIM_TRAFFIC_CAPTURE_CAPTURE_FIXTURE_H

#include <assert.h>
#include <bzlib.h>
#include <lzma.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "sim/traffic/capture/unpack.h"

/* A file in the making. */
struct made {
	uint8_t *bytes;
	size_t len;
	bool big; /* endian */
};

/* Room for @len bytes and one more, grown by doubling. */
static inline size_t made_room(size_t len)
{
	size_t room = 64;

	while (room <= len)
		room *= 2;
	return room;
}

static inline void made_put(struct made *m, const void *bytes, size_t len)
{
	if (!m->bytes || made_room(m->len) != made_room(m->len + len))
		m->bytes = realloc(m->bytes, made_room(m->len + len));
	assert(m->bytes);
	if (len)
		memcpy(m->bytes + m->len, bytes, len);
	m->len += len;
}

static inline void made_number(struct made *m, uint64_t value, int size)
{
	for (int i = 0; i < size; i++) {
		int shift = 8 * (m->big ? size - 1 - i : i);
		uint8_t byte = (uint8_t)(value >> shift);

		made_put(m, &byte, 1);
	}
}

static inline void made_32(struct made *m, uint32_t value)
{
	made_number(m, value, 4);
}

static inline void made_zeros(struct made *m, size_t count)
{
	for (size_t i = 0; i < count; i++)
		made_number(m, 0, 1);
}

static inline struct made made_pcap(uint32_t magic, bool big, uint32_t linktype)
{
	struct made m = {.big = big};

	made_32(&m, magic);
	made_number(&m, 2, 2);
	made_number(&m, 4, 2);
	made_zeros(&m, 8);
	made_32(&m, 262144);
	made_32(&m, linktype);
	return m;
}

/* What most tests want: little-endian microseconds, Ethernet. */
static inline struct made made_plain(void)
{
	return made_pcap(0xa1b2c3d4, false, 1);
}

static inline void made_record(struct made *m, uint32_t s, uint32_t part,
			       const void *bytes, uint32_t caplen, uint32_t len)
{
	made_32(m, s);
	made_32(m, part);
	made_32(m, caplen);
	made_32(m, len);
	made_put(m, bytes, caplen);
}

/* pcapng: a section and an interface with stamps of 10^-@digits seconds. */
static inline struct made made_pcapng(bool big, uint16_t linktype,
				      uint8_t digits)
{
	struct made m = {.big = big};

	made_32(&m, 0x0a0d0d0a);
	made_32(&m, 28);
	made_32(&m, 0x1a2b3c4d);
	made_number(&m, 1, 2);
	made_number(&m, 0, 2);
	made_number(&m, UINT64_MAX, 8);
	made_32(&m, 28);

	made_32(&m, 1);
	made_32(&m, 32);
	made_number(&m, linktype, 2);
	made_number(&m, 0, 2);
	made_32(&m, 0);
	made_number(&m, 9, 2); /* if_tsresol */
	made_number(&m, 1, 2);
	made_number(&m, digits, 1);
	made_zeros(&m, 3);
	made_zeros(&m, 4);
	made_32(&m, 32);
	return m;
}

static inline void made_block(struct made *m, uint64_t stamp, const void *bytes,
			      uint32_t caplen, uint32_t len)
{
	uint32_t padded = (caplen + 3) / 4 * 4;

	made_32(m, 6);
	made_32(m, 32 + padded);
	made_32(m, 0);
	made_32(m, (uint32_t)(stamp >> 32));
	made_32(m, (uint32_t)stamp);
	made_32(m, caplen);
	made_32(m, len);
	made_put(m, bytes, caplen);
	made_zeros(m, padded - caplen);
	made_32(m, 32 + padded);
}

/* A frame of @len >= 42 bytes: Ethernet, IPv4, UDP or TCP, then zeros. */
struct made_frame {
	uint8_t mac_from, mac_to; /* the last byte; 0xff: broadcast */
	uint8_t ip_from, ip_to;   /* the last byte; 0 and 0: no IP */
	uint16_t port_from, port_to;
	uint8_t protocol;  /* 0: UDP */
	uint8_t tcp_flags; /* where protocol is 6 */
};

static inline void made_fill(const struct made_frame *f, uint8_t *to,
			     uint32_t len)
{
	assert(len >= 60);
	memset(to, 0, len);
	to[0] = to[6] = 2;
	to[5] = f->mac_to;
	to[11] = f->mac_from;
	if (f->mac_to == 0xff)
		memset(to, 0xff, 6);
	to[12] = 0x08;
	to[13] = 0x06; /* ARP, by its type alone */
	if (!f->ip_from && !f->ip_to)
		return;
	to[13] = 0;
	to[14] = 0x45;
	to[16] = (uint8_t)((len - 14) >> 8);
	to[17] = (uint8_t)(len - 14);
	to[23] = f->protocol ? f->protocol : 17;
	to[26] = to[30] = 10;
	to[29] = f->ip_from;
	to[33] = f->ip_to;
	to[34] = (uint8_t)(f->port_from >> 8);
	to[35] = (uint8_t)f->port_from;
	to[36] = (uint8_t)(f->port_to >> 8);
	to[37] = (uint8_t)f->port_to;
	if (f->protocol != 6)
		return;
	to[46] = 0x50;
	to[47] = f->tcp_flags;
}

static inline void made_packet(struct made *m, uint32_t us,
			       const struct made_frame *f, uint32_t len)
{
	uint8_t *bytes = malloc(len);

	assert(bytes);
	made_fill(f, bytes, len);
	made_record(m, us / 1000000, us % 1000000, bytes, len, len);
	free(bytes);
}

/* The folder of this program, made when first asked for. */
static inline const char *made_folder(void)
{
	static char folder[64];

	if (!folder[0]) {
		snprintf(folder, sizeof folder, "/tmp/twinring-%s",
			 "testXXXXXX");
		assert(mkdtemp(folder));
	}
	return folder;
}

static inline const char *made_path(const char *name)
{
	static char path[4][160];
	static unsigned turn;
	char *p = path[turn++ % 4];

	snprintf(p, sizeof path[0], "%s/%s", made_folder(), name);
	return p;
}

/* Writes the first @len bytes of @m; the path holds for the next four. */
static inline const char *made_save_part(const struct made *m, const char *name,
					 size_t len)
{
	const char *path = made_path(name);
	FILE *f;

	unlink(path); /* else a disk waits for what is replaced */
	f = fopen(path, "wb");
	assert(f && len <= m->len);
	assert(!len || fwrite(m->bytes, 1, len, f) == len);
	assert(fclose(f) == 0);
	return path;
}

/* Writes all of @m and frees it. */
static inline const char *made_save(struct made *m, const char *name)
{
	const char *path = made_save_part(m, name, m->len);

	free(m->bytes);
	*m = (struct made){.bytes = NULL};
	return path;
}

/* @m packed, as a file in the making; @m is freed. */
static inline struct made made_packed(struct made *m, enum packing p)
{
	size_t room = 2 * m->len + 1000;
	struct made packed = {.bytes = malloc(room)};
	z_stream z = {.next_in = m->bytes, .avail_in = (unsigned)m->len};
	unsigned small = (unsigned)room;
	char none[1] = "";

	assert(packed.bytes);
	if (p == PACKING_GZIP) {
		z.next_out = packed.bytes;
		z.avail_out = (unsigned)room;
		assert(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9,
				    Z_DEFAULT_STRATEGY) == Z_OK);
		assert(deflate(&z, Z_FINISH) == Z_STREAM_END);
		packed.len = room - z.avail_out;
		deflateEnd(&z);
	} else if (p == PACKING_BZIP2) {
		assert(BZ2_bzBuffToBuffCompress(
			       (char *)packed.bytes, &small,
			       m->len ? (char *)m->bytes : none,
			       (unsigned)m->len, 1, 0, 0) == BZ_OK);
		packed.len = small;
	} else if (p == PACKING_XZ) {
		assert(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC32, NULL,
					       m->bytes, m->len, packed.bytes,
					       &packed.len, room) == LZMA_OK);
	} else {
		assert(p == PACKING_ZSTD);
		packed.len =
			ZSTD_compress(packed.bytes, room, m->bytes, m->len, 1);
		assert(!ZSTD_isError(packed.len));
	}
	free(m->bytes);
	*m = (struct made){.bytes = NULL};
	return packed;
}

static inline struct made made_gzip(struct made *m)
{
	return made_packed(m, PACKING_GZIP);
}

/* Removes the folder and the files @names, which end with a NULL. */
static inline void made_clean(const char *const *names)
{
	for (; *names; names++)
		unlink(made_path(*names));
	rmdir(made_folder());
}

#endif
