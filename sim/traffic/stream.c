/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * zlib reads packed and plain files alike; fopencookie() makes a FILE of it.
 * An end in the middle of packed data is an error here, not an end of file.
 */
#define _GNU_SOURCE /* fopencookie() */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "sim/traffic/stream.h"

enum { STREAM_BUFFER = 1 << 17 };

/* Remembers zlib's words, without the name that it puts before them. */
static void note_problem(struct stream *s)
{
	int number = Z_OK;
	int os_error = errno;
	const char *words = gzerror(s->gz, &number);
	const char *colon = strstr(words, ": ");

	if (number == Z_ERRNO)
		words = strerror(os_error);
	else if (colon)
		words = colon + 2;
	snprintf(s->problem, sizeof s->problem, "%s%s",
		 number == Z_ERRNO ? "" : "gzip: ", words);
}

static bool is_cut_short(struct stream *s)
{
	int number = Z_OK;

	gzerror(s->gz, &number);
	return number != Z_OK;
}

static ssize_t read_cookie(void *cookie, char *into, size_t room)
{
	struct stream *s = cookie;
	uint32_t ready = s->held - s->given;
	unsigned want = room > STREAM_BUFFER ? STREAM_BUFFER : (unsigned)room;
	int got;

	assert(s->given <= s->held);
	if (ready) {
		want = want < ready ? want : ready;
		memcpy(into, s->head + s->given, want);
		s->given += want;
		return (ssize_t)want;
	}
	got = gzread(s->gz, into, want);
	if (got > 0)
		return got;
	if (got == 0 && !is_cut_short(s))
		return 0;
	note_problem(s);
	errno = EIO;
	return -1;
}

static int close_cookie(void *cookie)
{
	struct stream *s = cookie;

	gzclose_r(s->gz);
	s->gz = NULL;
	return 0;
}

/* Looks at the first bytes, which also tells zlib whether this is gzip. */
static bool read_head(struct stream *s)
{
	int got = gzread(s->gz, s->head, sizeof s->head);

	if (got < 0) {
		note_problem(s);
		return false;
	}
	s->held = (uint32_t)got;
	s->gzip = !gzdirect(s->gz);
	return true;
}

static gzFile open_gz(const char *file)
{
	bool standard = strcmp(file, "-") == 0;
	int fd = standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
			  : open(file, O_RDONLY | O_CLOEXEC);
	gzFile gz;

	if (fd < 0)
		return NULL;
	gz = gzdopen(fd, "rb");
	if (!gz) {
		close(fd);
		errno = ENOMEM;
		return NULL;
	}
	gzbuffer(gz, STREAM_BUFFER);
	return gz;
}

bool stream_open(struct stream *s, const char *file, char *error, uint32_t size)
{
	cookie_io_functions_t calls = {.read = read_cookie,
				       .close = close_cookie};

	assert(file && size);
	*s = (struct stream){.gz = open_gz(file)};
	if (!s->gz) {
		snprintf(error, size, "%s: %s", file, strerror(errno));
		return false;
	}
	if (!read_head(s)) {
		snprintf(error, size, "%s: %s", file, s->problem);
		gzclose_r(s->gz);
		return false;
	}
	s->file = fopencookie(s, "r", calls);
	if (!s->file) {
		snprintf(error, size, "%s: %s", file, strerror(errno));
		gzclose_r(s->gz);
		return false;
	}
	return true;
}
