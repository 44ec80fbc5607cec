/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The first bytes tell whether a file is packed. An end in the middle of
 * packed data is a problem to be told, and not an end of file.
 */
#define _GNU_SOURCE /* F_DUPFD_CLOEXEC */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/traffic/capture/stream.h"

/* Of what has to be spooled, so much is held in memory: 16 MiB. */
#define SPOOL_MEMORY (UINT64_C(1) << 24)

enum { PART = 1 << 17 };

/* The head of a file in the making. */
struct opening {
	struct stream *s;
	const char *file;
	char *error;
	uint32_t size;
};

static bool refuse(const struct opening *o, const char *words)
{
	snprintf(o->error, o->size, "%s: %s", o->file, words);
	return false;
}

static bool spool_part(const struct opening *o, const uint8_t *part,
		       uint64_t len)
{
	char words[160];

	if (spool_add(&o->s->spool, part, len))
		return true;
	snprintf(words, sizeof words,
		 "cannot be kept in a temporary file (TMPDIR, else /var/tmp): "
		 "%s",
		 strerror(errno));
	return refuse(o, words);
}

/* What a pipe gives, beginning with the @len bytes of @head. */
static bool spool_plain(const struct opening *o, const uint8_t *head,
			uint32_t len, uint8_t *part)
{
	int64_t got;

	if (!spool_part(o, head, len))
		return false;
	while ((got = spool_read_file(o->s->fd, SPOOL_ON, part, PART)) > 0)
		if (!spool_part(o, part, (uint64_t)got))
			return false;
	return got == 0 || refuse(o, strerror(errno));
}

static bool spool_packed(const struct opening *o, const uint8_t *head,
			 uint32_t len, uint8_t *part)
{
	struct unpack *u = unpack_begin(o->s->packing, o->s->fd, head, len);
	bool ok = true;
	size_t got;

	if (!u)
		return refuse(o, "out of memory");
	while (ok && (got = unpack_read(u, part, PART)) > 0)
		ok = spool_part(o, part, got);
	snprintf(o->s->problem, sizeof o->s->problem, "%s", unpack_problem(u));
	unpack_end(u);
	return ok;
}

static bool spool_all(const struct opening *o, const uint8_t *head,
		      uint32_t len)
{
	uint8_t *part = malloc(PART);
	bool ok;

	if (!part)
		return refuse(o, "out of memory");
	ok = o->s->packing == PACKING_NONE ? spool_plain(o, head, len, part)
					   : spool_packed(o, head, len, part);
	free(part);
	close(o->s->fd);
	o->s->fd = -1;
	return ok;
}

/* A file that lies on a disk is left where it is, and read from @begin on. */
static bool is_plain(int fd, uint64_t *begin)
{
	struct stat st;
	off_t at = lseek(fd, 0, SEEK_CUR);

	*begin = at > 0 ? (uint64_t)at : 0;
	return at >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

static bool refuse_packing(const struct opening *o, const char *name,
			   const char *command)
{
	snprintf(o->error, o->size,
		 "%s: packed by %s, which is not read here; unpack it first, "
		 "as by '%s FILE | twinring pcap info -'",
		 o->file, name, command);
	return false;
}

static bool begin(const struct opening *o)
{
	struct stream *s = o->s;
	uint8_t head[STREAM_HEAD];
	const char *command, *foreign;
	bool plain = is_plain(s->fd, &s->begin);
	int64_t got = spool_read_file(s->fd, SPOOL_ON, head, sizeof head);

	if (got < 0)
		return refuse(o, strerror(errno));
	s->packing = packing_of(head, (uint32_t)got);
	foreign = packing_foreign(head, (uint32_t)got, &command);
	if (foreign)
		return refuse_packing(o, foreign, command);
	if ((!plain || s->packing != PACKING_NONE) &&
	    !spool_all(o, head, (uint32_t)got))
		return false;
	got = stream_read(s, 0, s->head, sizeof s->head);
	if (got < 0)
		return refuse(o, strerror(errno));
	s->held = (uint32_t)got;
	if (!s->held && s->problem[0])
		return refuse(o, s->problem);
	return true;
}

bool stream_open(struct stream *s, const char *file, char *error, uint32_t size)
{
	bool standard = strcmp(file, "-") == 0;
	struct opening o = {s, file, error, size};

	assert(file && size);
	*s = (struct stream){.fd = -1};
	spool_begin(&s->spool, SPOOL_MEMORY);
	s->fd = standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
			 : open(file, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0)
		return refuse(&o, strerror(errno));
	if (begin(&o))
		return true;
	stream_close(s);
	return false;
}

void stream_close(struct stream *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	spool_end(&s->spool);
}

int64_t stream_read(const struct stream *s, uint64_t offset, void *into,
		    uint64_t len)
{
	if (s->fd < 0)
		return spool_read(&s->spool, offset, into, len);
	return spool_read_file(s->fd, s->begin + offset, into, len);
}
