/* SPDX-License-Identifier: BSD-3-Clause */
/* The window over the file, and what both formats share. */
#include "sim/traffic/capture/record.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdarg.h>
#include <stdlib.h>

#include "sim/traffic/capture/record_window.h"

enum {
	FIRST_ROOM = 1 << 16,
	LINKTYPE_RAW = 101,         /* in files; DLT_RAW differs by system */
	LINKTYPE_BITS = 0x03ffffff, /* the rest tells of checksums */
};

int record_linktype(uint32_t in_file)
{
	uint32_t type = in_file & LINKTYPE_BITS;

	return type == LINKTYPE_RAW ? DLT_RAW : (int)type;
}

enum record_answer record_bad(struct record_reader *r, const char *format, ...)
{
	va_list args;
	int used = snprintf(r->problem, sizeof r->problem,
			    "packet %" PRIu64 ", byte %" PRIu64 ": ",
			    r->count + 1, r->next);

	assert(used > 0 && (size_t)used < sizeof r->problem);
	va_start(args, format);
	vsnprintf(r->problem + used, sizeof r->problem - (size_t)used, format,
		  args);
	va_end(args);
	return RECORD_BAD;
}

enum record_answer record_cut(struct record_reader *r, uint64_t want)
{
	if (r->problem[0]) /* reading failed */
		return RECORD_BAD;
	if (r->s->problem[0])
		return record_bad(r, "%s", r->s->problem);
	return record_bad(
		r, "the file is truncated within these %" PRIu64 " bytes",
		want);
}

/* More room, so that @len bytes fit. */
static bool grow(struct record_reader *r, uint32_t len)
{
	uint32_t room = r->room ? r->room : FIRST_ROOM;
	uint8_t *bigger;

	while (room < len)
		room *= 2;
	if (room == r->room)
		return true;
	bigger = realloc(r->buffer, RECORD_FRONT + room);
	if (!bigger)
		return false;
	r->buffer = bigger;
	r->room = room;
	return true;
}

/* Keeps what the window has from @offset on. */
static void slide(struct record_reader *r, uint64_t offset)
{
	uint32_t kept = 0;

	if (offset >= r->base && offset - r->base < r->held)
		kept = r->held - (uint32_t)(offset - r->base);
	if (kept)
		memmove(r->buffer + RECORD_FRONT,
			r->buffer + RECORD_FRONT + r->held - kept, kept);
	r->base = offset;
	r->held = kept;
}

uint8_t *record_move(struct record_reader *r, uint64_t offset, uint32_t len)
{
	int64_t got;

	assert(len <= RECORD_BYTES_MAX + 64);
	slide(r, offset);
	if (!grow(r, len)) {
		record_bad(r, "out of memory");
		return NULL;
	}
	got = stream_read(r->s, offset + r->held,
			  r->buffer + RECORD_FRONT + r->held,
			  r->room - r->held);
	if (got < 0) {
		record_bad(r, "%s", strerror(errno));
		return NULL;
	}
	r->held += (uint32_t)got;
	return r->held < len ? NULL : r->buffer + RECORD_FRONT;
}

bool record_add_interface(struct record_reader *r,
			  const struct record_interface *i)
{
	if (r->interfaces == r->interface_room) {
		uint32_t room = 2 * r->interface_room + 4;
		struct record_interface *bigger =
			realloc(r->interface, room * sizeof *bigger);

		if (!bigger)
			return false;
		r->interface = bigger;
		r->interface_room = room;
	}
	r->interface[r->interfaces++] = *i;
	return true;
}

void record_rewind(struct record_reader *r)
{
	bool ok;

	r->next = r->count = r->interfaces = 0;
	r->base = r->held = 0; /* its bytes may have been overwritten */
	r->problem[0] = 0;
	r->mixed = false;
	ok = r->format == RECORD_PCAP ? record_pcap_begin(r)
				      : record_pcapng_begin(r);
	if (!ok) /* the file changed; the next record will say so */
		r->next = UINT64_MAX;
}

static bool is_section(const struct stream *s)
{
	static const uint8_t section[4] = {0x0a, 0x0d, 0x0d, 0x0a};

	return s->held >= sizeof section &&
	       memcmp(s->head, section, sizeof section) == 0;
}

bool record_begin(struct record_reader *r, const struct stream *s)
{
	*r = (struct record_reader){
		.s = s, .format = is_section(s) ? RECORD_PCAPNG : RECORD_PCAP};
	if (!grow(r, FIRST_ROOM)) {
		snprintf(r->problem, sizeof r->problem, "out of memory");
		return false;
	}
	return r->format == RECORD_PCAP ? record_pcap_begin(r)
					: record_pcapng_begin(r);
}

void record_end(struct record_reader *r)
{
	free(r->buffer);
	free(r->interface);
	*r = (struct record_reader){.s = NULL};
}

enum record_answer record_next(struct record_reader *r, struct record *out)
{
	enum record_answer answer;

	if (r->next == UINT64_MAX)
		return RECORD_BAD;
	answer = r->format == RECORD_PCAP ? record_pcap_next(r, out)
					  : record_pcapng_next(r, out);
	r->count += answer == RECORD_GOOD;
	return answer;
}
