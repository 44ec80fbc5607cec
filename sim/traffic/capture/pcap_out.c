/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Joins pieces and writes records. libpcap writes them in the order of bytes of
 * the machine that it runs on; these are little-endian on every machine. Files
 * get their names when all of them are written.
 */
#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/system/outfile.h"
#include "sim/text/visible.h"
#include "sim/traffic/capture/capture.h"
#include "sim/traffic/capture/pcap_out.h"

enum { PATH_ROOM = 4096, ETHERNET = 1 };

/* The head of a file, and that of each record. */
struct file_head {
	uint32_t magic; /* with stamps in nanoseconds */
	uint16_t major, minor;
	uint32_t zone, digits; /* both 0 by now */
	uint32_t longest;      /* captured bytes */
	uint32_t linktype;
};

struct record_head {
	uint32_t seconds, ns;
	uint32_t captured, len;
};

_Static_assert(sizeof(struct file_head) == 24, "written as bytes");
_Static_assert(sizeof(struct record_head) == 16, "written as bytes");

struct out_file {
	struct outfile *file;
	FILE *stream; /* its own */
	int problem;  /* errno of the first failure, 0: none */
	char path[PATH_ROOM];
};

struct pcap_out {
	uint32_t vms;
	char *made;             /* the folder, if it was not there; or NULL */
	uint8_t *joined;        /* CAPTURE_FRAME_MAX bytes */
	struct out_file file[]; /* one for each VM */
};

static bool is_file_name(const char *name)
{
	return name[0] && name[0] != '.' && !strchr(name, '/');
}

static bool name_file(struct out_file *f, const char *dir, const char *vm)
{
	int length;

	if (!is_file_name(vm)) {
		errno = EINVAL;
		return false;
	}
	length = snprintf(f->path, sizeof f->path, "%s/%s.pcap", dir, vm);
	if (length < 0 || (size_t)length >= sizeof f->path) {
		errno = ENAMETOOLONG;
		return false;
	}
	return true;
}

static void put(struct out_file *f, const void *bytes, size_t size)
{
	errno = 0;
	if (!f->problem && fwrite(bytes, 1, size, f->stream) < size)
		f->problem = errno ? errno : EIO;
}

static bool open_file(struct out_file *f, char *error, uint32_t size)
{
	const struct file_head head = {
		.magic = htole32(0xa1b23c4d),
		.major = htole16(2),
		.minor = htole16(4),
		.longest = htole32(CAPTURE_FRAME_MAX),
		.linktype = htole32(ETHERNET),
	};

	f->file = outfile_open(f->path, error, size);
	if (!f->file)
		return false;
	f->stream = outfile_stream(f->file);
	if (!f->stream) {
		snprintf(error, size, "cannot write '%s': %s", VISIBLE(f->path),
			 strerror(errno));
		return false;
	}
	put(f, &head, sizeof head);
	return true;
}

static bool open_files(struct pcap_out *o, const char *dir,
		       const struct world_config *world, char *error,
		       uint32_t size)
{
	for (uint32_t i = 0; i < world->vms; i++) {
		struct out_file *f = &o->file[i];

		errno = 0;
		o->vms = i + 1;
		if (!name_file(f, dir, world->vm[i].name)) {
			snprintf(error, size, "cannot write '%s/%s.pcap': %s",
				 VISIBLE(dir), world->vm[i].name,
				 strerror(errno));
			return false;
		}
		if (!open_file(f, error, size))
			return false;
	}
	return true;
}

/* False: see errno. */
static bool folder_make(struct pcap_out *o, const char *dir)
{
	if (mkdir(dir, 0777) != 0)
		return errno == EEXIST;
	o->made = strdup(dir);
	return o->made;
}

struct pcap_out *pcap_out_open(const char *dir,
			       const struct world_config *world, char *error,
			       uint32_t size)
{
	struct pcap_out *o =
		calloc(1, sizeof *o + world->vms * sizeof o->file[0]);

	if (o)
		o->joined = malloc(CAPTURE_FRAME_MAX);
	if (!o || !o->joined) {
		snprintf(error, size, "out of memory");
	} else if (!folder_make(o, dir)) {
		snprintf(error, size, "cannot write into '%s': %s",
			 VISIBLE(dir), strerror(errno));
	} else if (open_files(o, dir, world, error, size)) {
		return o;
	}
	pcap_out_discard(o);
	return NULL;
}

/* All pieces as one; frames longer than a record may be are cut. */
static const uint8_t *join(struct pcap_out *o, const struct app_segment *piece,
			   uint32_t count, uint64_t *len)
{
	*len = 0;
	for (uint32_t i = 0; i < count; i++) {
		uint64_t room =
			CAPTURE_FRAME_MAX -
			(*len < CAPTURE_FRAME_MAX ? *len : CAPTURE_FRAME_MAX);
		uint64_t take = piece[i].len < room ? piece[i].len : room;

		if (count > 1 && take)
			memcpy(o->joined + *len, piece[i].bytes, take);
		*len += piece[i].len;
	}
	return count == 1 ? piece[0].bytes : o->joined;
}

void pcap_out_packet(struct pcap_out *o, uint32_t vm, uint64_t time_ps,
		     const struct app_segment *piece, uint32_t count)
{
	uint64_t ns = time_ps / 1000, len;
	const uint8_t *bytes = join(o, piece, count, &len);
	uint32_t captured = CAPTURE_FRAME_MAX;
	struct record_head h;

	assert(vm < o->vms);
	if (len < captured)
		captured = (uint32_t)len;
	h = (struct record_head){
		.seconds = htole32((uint32_t)(ns / 1000000000)),
		.ns = htole32((uint32_t)(ns % 1000000000)),
		.captured = htole32(captured),
		.len = htole32(len < UINT32_MAX ? (uint32_t)len : UINT32_MAX),
	};
	put(&o->file[vm], &h, sizeof h);
	put(&o->file[vm], bytes, captured);
}

static bool finish_file(struct out_file *f, char *error, uint32_t size)
{
	struct outfile *file = f->file;

	f->file = NULL;
	if (!f->problem)
		return outfile_close(file, error, size);
	outfile_discard(file);
	snprintf(error, size, "cannot write '%s': %s", VISIBLE(f->path),
		 strerror(f->problem));
	return false;
}

bool pcap_out_close(struct pcap_out *o, char *error, uint32_t size)
{
	bool ok = true;

	for (uint32_t i = 0; i < o->vms && ok; i++)
		ok = finish_file(&o->file[i], error, size);
	pcap_out_discard(o);
	return ok;
}

void pcap_out_discard(struct pcap_out *o)
{
	if (!o)
		return;
	for (uint32_t i = 0; i < o->vms; i++)
		outfile_discard(o->file[i].file);
	if (o->made)
		rmdir(o->made); /* where nothing is in it */
	free(o->made);
	free(o->joined);
	free(o);
}
