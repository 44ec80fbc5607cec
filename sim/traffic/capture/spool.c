/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is held in memory is written out when it is full, so that memory holds
 * the end and the file all that comes before.
 */
#define _GNU_SOURCE /* O_TMPFILE */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/traffic/capture/spool.h"

enum { FIRST_ROOM = 4096 };

void spool_begin(struct spool *s, uint64_t most)
{
	assert(most);
	*s = (struct spool){.most = most, .fd = -1};
}

/* /tmp may be memory. */
static const char *folder = "/var/tmp";

void spool_set_folder(const char *path)
{
	folder = path;
}

static int open_file(void)
{
	char name[PATH_MAX];
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
		return fd;
	if (snprintf(name, sizeof name, "%s/twinring-XXXXXX", folder) >=
	    (int)sizeof name) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	return fd;
}

/* Moves what is held into the file. */
static bool write_out(struct spool *s)
{
	uint64_t done = 0;

	if (s->fd < 0)
		s->fd = open_file();
	if (s->fd < 0)
		return false;
	while (done < s->held) {
		ssize_t put = pwrite(s->fd, s->bytes + done, s->held - done,
				     (off_t)(s->filed + done));

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		done += (uint64_t)put;
	}
	s->filed += s->held;
	s->held = 0;
	return true;
}

/* Room for one more byte at least. */
static bool make_room(struct spool *s)
{
	uint64_t room = s->room ? 2 * s->room : FIRST_ROOM;
	uint8_t *bigger;

	if (s->held < s->room)
		return true;
	if (s->room == s->most)
		return write_out(s);
	room = room < s->most ? room : s->most;
	bigger = realloc(s->bytes, room);
	if (!bigger)
		return false;
	s->bytes = bigger;
	s->room = room;
	return true;
}

bool spool_add(struct spool *s, const void *bytes, uint64_t len)
{
	const uint8_t *from = bytes;

	while (len) {
		uint64_t part;

		if (!make_room(s))
			return false;
		part = s->room - s->held;
		part = part < len ? part : len;
		memcpy(s->bytes + s->held, from, part);
		s->held += part;
		from += part;
		len -= part;
	}
	return true;
}

static ssize_t read_some(int fd, uint64_t offset, void *into, uint64_t len)
{
	if (offset == SPOOL_ON)
		return read(fd, into, len);
	return pread(fd, into, len, (off_t)offset);
}

int64_t spool_read_file(int fd, uint64_t offset, void *into, uint64_t len)
{
	uint64_t done = 0;

	while (done < len) {
		ssize_t got = read_some(
			fd, offset == SPOOL_ON ? offset : offset + done,
			(uint8_t *)into + done, len - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		done += (uint64_t)got;
	}
	return (int64_t)done;
}

int64_t spool_read(const struct spool *s, uint64_t offset, void *into,
		   uint64_t len)
{
	uint64_t in_file = 0, left;

	if (offset < s->filed) {
		int64_t got;

		in_file = s->filed - offset < len ? s->filed - offset : len;
		got = spool_read_file(s->fd, offset, into, in_file);
		if (got < 0 || (uint64_t)got < in_file)
			return got;
	}
	offset += in_file;
	len -= in_file;
	left = s->filed + s->held - offset;
	if (offset > s->filed + s->held)
		left = 0;
	left = left < len ? left : len;
	if (left)
		memcpy((uint8_t *)into + in_file,
		       s->bytes + (offset - s->filed), left);
	return (int64_t)(in_file + left);
}

void spool_end(struct spool *s)
{
	if (s->fd >= 0)
		close(s->fd);
	free(s->bytes);
	*s = (struct spool){.fd = -1};
}
