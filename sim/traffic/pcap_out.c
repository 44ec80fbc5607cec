/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * libpcap writes the records; this joins pieces. Files get their names when all
 * of them are written.
 */
#include <assert.h>
#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/outfile.h"
#include "sim/traffic/capture.h"
#include "sim/traffic/pcap_out.h"
#include "sim/visible.h"

enum { PATH_ROOM = 4096 };

struct out_file {
	struct outfile *file; /* a copy of its stream is the dumper's */
	pcap_dumper_t *dumper;
	int problem; /* errno of the first failure, 0: none */
	char path[PATH_ROOM];
};

struct pcap_out {
	pcap_t *form; /* says link type and precision to libpcap */
	uint32_t vms;
	char *made;      /* the folder, if it was not there; or NULL */
	uint8_t *joined; /* CAPTURE_FRAME_MAX bytes */
	struct out_file file[VM_MAX];
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

/* The dumper closes its stream, so it gets one of its own. */
static bool dump_begin(struct pcap_out *o, struct out_file *f, char *error,
		       uint32_t size)
{
	FILE *stream = outfile_stream(f->file);
	int fd = stream ? dup(fileno(stream)) : -1;

	stream = fd < 0 ? NULL : fdopen(fd, "wb");
	if (stream)
		f->dumper = pcap_dump_fopen(o->form, stream);
	if (f->dumper)
		return true;
	snprintf(error, size, "cannot write '%s': %s", VISIBLE(f->path),
		 errno ? strerror(errno) : pcap_geterr(o->form));
	if (stream)
		fclose(stream);
	else if (fd >= 0)
		close(fd);
	return false;
}

static bool open_file(struct pcap_out *o, struct out_file *f, char *error,
		      uint32_t size)
{
	f->file = outfile_open(f->path, error, size);
	return f->file && dump_begin(o, f, error, size);
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
		if (!open_file(o, f, error, size))
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
	struct pcap_out *o = calloc(1, sizeof *o);

	assert(world->vms <= VM_MAX);
	if (o) {
		o->joined = malloc(CAPTURE_FRAME_MAX);
		o->form = pcap_open_dead_with_tstamp_precision(
			DLT_EN10MB, CAPTURE_FRAME_MAX,
			PCAP_TSTAMP_PRECISION_NANO);
	}
	if (!o || !o->joined || !o->form) {
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
			   uint32_t count, struct pcap_pkthdr *h)
{
	uint64_t len = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint64_t room =
			len < CAPTURE_FRAME_MAX ? CAPTURE_FRAME_MAX - len : 0;
		uint64_t take = piece[i].len < room ? piece[i].len : room;

		if (count > 1 && take)
			memcpy(o->joined + len, piece[i].bytes, take);
		len += piece[i].len;
	}
	h->len = len < UINT32_MAX ? (uint32_t)len : UINT32_MAX;
	h->caplen = len < CAPTURE_FRAME_MAX ? h->len : CAPTURE_FRAME_MAX;
	return count == 1 ? piece[0].bytes : o->joined;
}

void pcap_out_packet(struct pcap_out *o, uint32_t vm, uint64_t time_ps,
		     const struct app_segment *piece, uint32_t count)
{
	uint64_t ns = time_ps / 1000;
	struct out_file *f = &o->file[vm];
	struct pcap_pkthdr h = {.ts = {.tv_sec = (time_t)(ns / 1000000000),
				       .tv_usec = (long)(ns % 1000000000)}};
	const uint8_t *bytes = join(o, piece, count, &h);

	assert(vm < o->vms);
	if (f->problem)
		return;
	errno = 0;
	pcap_dump((u_char *)f->dumper, &h, bytes);
	if (ferror(pcap_dump_file(f->dumper)))
		f->problem = errno ? errno : EIO;
}

static bool finish_file(struct out_file *f, char *error, uint32_t size)
{
	struct outfile *file = f->file;

	errno = 0;
	if (pcap_dump_flush(f->dumper) < 0 && !f->problem)
		f->problem = errno ? errno : EIO;
	pcap_dump_close(f->dumper);
	f->dumper = NULL;
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
	for (uint32_t i = 0; i < o->vms; i++) {
		if (o->file[i].dumper)
			pcap_dump_close(o->file[i].dumper);
		outfile_discard(o->file[i].file);
	}
	if (o->made)
		rmdir(o->made); /* where nothing is in it */
	free(o->made);
	if (o->form)
		pcap_close(o->form);
	free(o->joined);
	free(o);
}
