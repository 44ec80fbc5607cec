/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For the two formats of records: bytes of the file, numbers in its byte order,
 * and words for what is wrong.
 */
#ifndef TWINRING_SIM_TRAFFIC_CAPTURE_RECORD_WINDOW_H
#define TWINRING_SIM_TRAFFIC_CAPTURE_RECORD_WINDOW_H

#include <string.h>

#include "sim/traffic/capture/record.h"

/* Moves the window; as record_look(). */
uint8_t *record_move(struct record_reader *r, uint64_t offset, uint32_t len);

/*
 * @len bytes, at most RECORD_BYTES_MAX and a header, from @offset on; NULL if
 * they are not all there: held is then how many are. What was returned before
 * may move.
 */
static inline uint8_t *record_look(struct record_reader *r, uint64_t offset,
				   uint32_t len)
{
	uint64_t at = offset - r->base;

	if (offset >= r->base && at + len <= r->held)
		return r->buffer + RECORD_FRONT + at;
	return record_move(r, offset, len);
}

static inline bool record_swaps(const struct record_reader *r)
{
	return r->big == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
}

static inline uint32_t record_32(const struct record_reader *r,
				 const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof v);
	return record_swaps(r) ? __builtin_bswap32(v) : v;
}

static inline uint16_t record_16(const struct record_reader *r,
				 const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof v);
	return record_swaps(r) ? __builtin_bswap16(v) : v;
}

/* Notes what is wrong with the packet or block at next; RECORD_BAD. */
enum record_answer record_bad(struct record_reader *r, const char *format, ...)
	__attribute__((format(printf, 2, 3), cold));

/* The file ends within @want bytes from next on, or cannot be read. */
enum record_answer record_cut(struct record_reader *r, uint64_t want);

/* Adds an interface; false: no memory. */
bool record_add_interface(struct record_reader *r,
			  const struct record_interface *i);

/* libpcap's number for a link type of a file. */
int record_linktype(uint32_t in_file);

/* The formats: what begins with these bytes, and the next packet of it. */
bool record_pcap_begin(struct record_reader *r);
enum record_answer record_pcap_next(struct record_reader *r,
				    struct record *out);
bool record_pcapng_begin(struct record_reader *r);
enum record_answer record_pcapng_next(struct record_reader *r,
				      struct record *out);

#endif
