/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One loop for all packers: each of them is begun, given bytes and ended. An
 * end of the file within a part is an error, and so is what follows the last
 * part, unless it is zeros.
 */
#include <assert.h>
#include <bzlib.h>
#include <errno.h>
#include <inttypes.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "sim/traffic/capture/unpack.h"

enum { IN_ROOM = 1 << 17, MAGIC_MOST = 6, GZIP_WINDOW = 15 + 16 };

enum step { STEP_ON, STEP_PART_ENDS, STEP_BAD };

struct unpack {
	enum packing packing;
	int fd;
	bool over;         /* of fd */
	bool inside;       /* of a part */
	uint64_t read;     /* bytes of fd */
	const uint8_t *in; /* what was read and not yet unpacked */
	size_t left;       /* bytes of in */
	uint8_t *out;      /* where unpacked bytes go */
	size_t room;       /* bytes of out */
	const char *wrong; /* the packer's word after STEP_BAD */
	z_stream gzip;
	bz_stream bzip2;
	lzma_stream xz;
	ZSTD_DStream *zstd;
	char problem[128];
	uint8_t buffer[IN_ROOM];
};

/* How one packer is spoken to. Only these functions know its library. */
struct packer {
	const char *name;
	uint8_t magic_size;
	uint8_t magic[MAGIC_MOST];
	bool (*begin)(struct unpack *u); /* a part; false: no memory */
	enum step (*step)(struct unpack *u);
	void (*end)(struct unpack *u);
};

static bool gzip_begin(struct unpack *u)
{
	u->gzip = (z_stream){.next_in = Z_NULL};
	return inflateInit2(&u->gzip, GZIP_WINDOW) == Z_OK;
}

static enum step gzip_step(struct unpack *u)
{
	int answer;

	u->gzip.next_in = (uint8_t *)u->in;
	u->gzip.avail_in = (unsigned)u->left;
	u->gzip.next_out = u->out;
	u->gzip.avail_out = (unsigned)u->room;
	answer = inflate(&u->gzip, Z_NO_FLUSH);
	u->in = u->gzip.next_in;
	u->left = u->gzip.avail_in;
	u->out = u->gzip.next_out;
	u->room = u->gzip.avail_out;
	if (answer == Z_OK || answer == Z_BUF_ERROR)
		return STEP_ON;
	u->wrong = u->gzip.msg;
	return answer == Z_STREAM_END ? STEP_PART_ENDS : STEP_BAD;
}

static void gzip_end(struct unpack *u)
{
	inflateEnd(&u->gzip);
}

static bool bzip2_begin(struct unpack *u)
{
	u->bzip2 = (bz_stream){.next_in = NULL};
	return BZ2_bzDecompressInit(&u->bzip2, 0, 0) == BZ_OK;
}

static enum step bzip2_step(struct unpack *u)
{
	int answer;

	u->bzip2.next_in = (char *)u->in;
	u->bzip2.avail_in = (unsigned)u->left;
	u->bzip2.next_out = (char *)u->out;
	u->bzip2.avail_out = (unsigned)u->room;
	answer = BZ2_bzDecompress(&u->bzip2);
	u->in = (const uint8_t *)u->bzip2.next_in;
	u->left = u->bzip2.avail_in;
	u->out = (uint8_t *)u->bzip2.next_out;
	u->room = u->bzip2.avail_out;
	if (answer == BZ_OK)
		return STEP_ON;
	return answer == BZ_STREAM_END ? STEP_PART_ENDS : STEP_BAD;
}

static void bzip2_end(struct unpack *u)
{
	BZ2_bzDecompressEnd(&u->bzip2);
}

static bool xz_begin(struct unpack *u)
{
	u->xz = (lzma_stream)LZMA_STREAM_INIT;
	return lzma_stream_decoder(&u->xz, UNPACK_MEMORY_MOST, 0) == LZMA_OK;
}

static enum step xz_step(struct unpack *u)
{
	lzma_ret answer;

	u->xz.next_in = u->in;
	u->xz.avail_in = u->left;
	u->xz.next_out = u->out;
	u->xz.avail_out = u->room;
	answer = lzma_code(&u->xz, LZMA_RUN);
	u->in = u->xz.next_in;
	u->left = u->xz.avail_in;
	u->out = u->xz.next_out;
	u->room = u->xz.avail_out;
	if (answer == LZMA_OK || answer == LZMA_BUF_ERROR)
		return STEP_ON;
	if (answer == LZMA_MEMLIMIT_ERROR)
		u->wrong = "needs more than 256 MiB to unpack";
	return answer == LZMA_STREAM_END ? STEP_PART_ENDS : STEP_BAD;
}

static void xz_end(struct unpack *u)
{
	lzma_end(&u->xz);
}

static bool zstd_begin(struct unpack *u)
{
	u->zstd = ZSTD_createDStream();
	return u->zstd != NULL;
}

static enum step zstd_step(struct unpack *u)
{
	ZSTD_inBuffer in = {.src = u->in, .size = u->left};
	ZSTD_outBuffer out = {.dst = u->out, .size = u->room};
	size_t answer = ZSTD_decompressStream(u->zstd, &out, &in);

	u->in += in.pos;
	u->left -= in.pos;
	u->out += out.pos;
	u->room -= out.pos;
	if (ZSTD_isError(answer)) {
		u->wrong = ZSTD_getErrorName(answer);
		return STEP_BAD;
	}
	return answer == 0 ? STEP_PART_ENDS : STEP_ON;
}

static void zstd_end(struct unpack *u)
{
	ZSTD_freeDStream(u->zstd);
}

static const struct packer packers[PACKING_KINDS] = {
	[PACKING_NONE] = {.name = ""},
	[PACKING_GZIP] = {.name = "gzip",
			  .magic_size = 2,
			  .magic = {0x1f, 0x8b},
			  .begin = gzip_begin,
			  .step = gzip_step,
			  .end = gzip_end},
	[PACKING_BZIP2] = {.name = "bzip2",
			   .magic_size = 3,
			   .magic = {'B', 'Z', 'h'},
			   .begin = bzip2_begin,
			   .step = bzip2_step,
			   .end = bzip2_end},
	[PACKING_XZ] = {.name = "xz",
			.magic_size = 6,
			.magic = {0xfd, '7', 'z', 'X', 'Z', 0},
			.begin = xz_begin,
			.step = xz_step,
			.end = xz_end},
	[PACKING_ZSTD] = {.name = "zstd",
			  .magic_size = 4,
			  .magic = {0x28, 0xb5, 0x2f, 0xfd},
			  .begin = zstd_begin,
			  .step = zstd_step,
			  .end = zstd_end},
};

const char *packing_name(enum packing p)
{
	assert(p < PACKING_KINDS);
	return packers[p].name;
}

enum packing packing_of(const uint8_t *head, uint32_t len)
{
	for (int p = PACKING_NONE + 1; p < PACKING_KINDS; p++)
		if (len >= packers[p].magic_size &&
		    memcmp(head, packers[p].magic, packers[p].magic_size) == 0)
			return (enum packing)p;
	return PACKING_NONE;
}

const char *packing_foreign(const uint8_t *head, uint32_t len,
			    const char **command)
{
	static const struct {
		const char *magic, *name, *command;
	} foreign[] = {
		{"\x04\x22\x4d\x18", "lz4", "lz4 -dc"},
		{"LZIP", "lzip", "lzip -dc"},
		{"PK\x03\x04", "zip", "unzip -p"},
		{"7z\xbc\xaf", "7z", "7z x -so"},
		{"\x1f\x9d", "compress", "gzip -dc"},
	};

	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
		size_t size = strlen(foreign[i].magic);

		if (len < size || memcmp(head, foreign[i].magic, size) != 0)
			continue;
		*command = foreign[i].command;
		return foreign[i].name;
	}
	return NULL;
}

struct unpack *unpack_begin(enum packing p, int fd, const uint8_t *head,
			    uint32_t len)
{
	struct unpack *u = calloc(1, sizeof *u);

	assert(p > PACKING_NONE && p < PACKING_KINDS && len <= IN_ROOM);
	if (!u)
		return NULL;
	u->packing = p;
	u->fd = fd;
	u->in = u->buffer;
	u->left = len;
	u->read = len;
	memcpy(u->buffer, head, len);
	return u;
}

static void fail(struct unpack *u, const char *words)
{
	snprintf(u->problem, sizeof u->problem, "%s: %s at byte %" PRIu64,
		 packers[u->packing].name, words, u->read - u->left);
	if (u->inside)
		packers[u->packing].end(u);
	u->inside = false;
}

/* At least @want bytes of input, fewer at the end of the file. */
static bool fill(struct unpack *u, size_t want)
{
	assert(want <= IN_ROOM);
	if (u->left >= want || u->over)
		return true;
	memmove(u->buffer, u->in, u->left);
	u->in = u->buffer;
	while (u->left < want && !u->over) {
		ssize_t got =
			read(u->fd, u->buffer + u->left, IN_ROOM - u->left);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			fail(u, strerror(errno));
			return false;
		}
		u->over = got == 0;
		u->left += (size_t)got;
		u->read += (uint64_t)got;
	}
	return true;
}

static bool at_skippable(const struct unpack *u)
{
	return u->packing == PACKING_ZSTD && u->left >= 4 &&
	       (u->in[0] & 0xf0) == 0x50 &&
	       memcmp(u->in + 1, "\x2a\x4d\x18", 3) == 0;
}

/* Begins the next part, if there is one; false at the end. */
static bool next_part(struct unpack *u)
{
	if (!fill(u, MAGIC_MOST))
		return false;
	while (u->left && !*u->in) {
		u->in++;
		u->left--;
		if (!u->left && !fill(u, 1))
			return false;
	}
	if (!fill(u, MAGIC_MOST) || !u->left)
		return false;
	if (packing_of(u->in, (uint32_t)u->left) != u->packing &&
	    !at_skippable(u)) {
		fail(u, "something else follows");
		return false;
	}
	u->inside = packers[u->packing].begin(u);
	if (!u->inside)
		fail(u, "out of memory");
	return u->inside;
}

size_t unpack_read(struct unpack *u, uint8_t *into, size_t room)
{
	u->out = into;
	u->room = room < IN_ROOM ? room : IN_ROOM;
	room = u->room;
	while (u->room == room && !u->problem[0]) {
		size_t before;
		enum step step;

		if (!u->inside && !next_part(u))
			break;
		if (!fill(u, 1))
			break;
		before = u->left;
		u->wrong = NULL;
		step = packers[u->packing].step(u);
		if (step == STEP_BAD)
			fail(u, u->wrong ? u->wrong : "damaged data");
		else if (step == STEP_PART_ENDS) {
			packers[u->packing].end(u);
			u->inside = false;
		} else if (!before && u->over && u->room == room)
			fail(u, "unexpected end of file");
	}
	return room - u->room;
}

const char *unpack_problem(const struct unpack *u)
{
	return u->problem;
}

void unpack_end(struct unpack *u)
{
	if (u && u->inside)
		packers[u->packing].end(u);
	free(u);
}
