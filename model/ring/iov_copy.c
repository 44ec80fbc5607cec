/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/ring/iov_copy.h"

/* The next run of bytes, at most @most; NULL: none, or out of reach. */
static uint8_t *run(struct cursor *c, uint32_t most, uint32_t *len,
		    uint64_t *gpa)
{
	while (c->i < c->count && c->off == c->seg[c->i].len) {
		c->i++;
		c->off = 0;
	}
	if (c->i == c->count)
		return NULL;
	*len = c->seg[c->i].len - c->off;
	if (*len > most)
		*len = most;
	*gpa = c->seg[c->i].gpa + c->off;
	c->off += *len;
	return gmem_at(c->mem, *gpa, *len);
}

bool iov_copy_reaches(const struct cursor *c)
{
	for (uint32_t i = c->i; i < c->count; i++)
		if (c->seg[i].len &&
		    !gmem_at(c->mem, c->seg[i].gpa, c->seg[i].len))
			return false;
	return true;
}

/* @header: the bytes are looked at, and not only moved. */
static void tell(const struct iov_copy *m, enum event_kind kind,
		 const struct cursor *c, uint32_t header, uint64_t gpa,
		 uint32_t len)
{
	if (c->vm != NO_VM)
		probe_emit(m->probe, kind, c->queue, header, gpa, len, c->vm);
}

bool iov_copy_get(const struct iov_copy *m, struct cursor *from, void *to,
		  uint32_t len)
{
	uint8_t *out = to;

	while (len) {
		uint64_t gpa;
		uint32_t part;
		const uint8_t *at = run(from, len, &part, &gpa);

		if (!at)
			return false;
		memcpy(out, at, part);
		tell(m, m->read, from, 1, gpa, part);
		out += part;
		len -= part;
	}
	return true;
}

bool iov_copy_put(const struct iov_copy *m, struct cursor *to, const void *from,
		  uint32_t len)
{
	const uint8_t *in = from;

	while (len) {
		uint64_t gpa;
		uint32_t part;
		uint8_t *at = run(to, len, &part, &gpa);

		if (!at)
			return false;
		memcpy(at, in, part);
		tell(m, m->write, to, 1, gpa, part);
		in += part;
		len -= part;
	}
	return true;
}

bool iov_copy_move(const struct iov_copy *m, struct cursor *to,
		   struct cursor *from, uint32_t len)
{
	while (len) {
		uint64_t src_gpa, dst_gpa;
		uint32_t part, fits;
		const uint8_t *src = run(from, len, &part, &src_gpa);
		uint8_t *dst = src ? run(to, part, &fits, &dst_gpa) : NULL;

		if (!dst)
			return false;
		from->off -= part - fits;
		memmove(dst, src, fits);
		tell(m, m->read, from, 0, src_gpa, fits);
		tell(m, m->write, to, 0, dst_gpa, fits);
		cost_count(m->cost, m->copy, 1);
		cost_count(m->cost, m->byte, fits);
		len -= fits;
	}
	return true;
}
