/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/system/outfile.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/text/visible.h"

enum { OUTFILES_MAX = 64 };

/* What tells one file from another, by whatever name. */
struct id {
	dev_t device;
	ino_t inode;
};

struct outfile {
	char name[PATH_MAX];          /* as it was given, for messages */
	char target[PATH_MAX];        /* links followed */
	char temporary[PATH_MAX + 8]; /* "": it is a device or a pipe */
	struct id folder, self;
	bool exists; /* as self */
	FILE *stream;
	pid_t owner; /* the process that opened it */
};

static struct outfile *volatile opened[OUTFILES_MAX];
static struct id *input;
static size_t inputs;

static struct id id_of(const struct stat *st)
{
	return (struct id){st->st_dev, st->st_ino};
}

static bool same(struct id a, struct id b)
{
	return a.device == b.device && a.inode == b.inode;
}

bool outfile_reads(const char *path)
{
	struct id *more;
	struct stat st;

	if ((strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &st)
				    : stat(path, &st)) != 0 ||
	    !S_ISREG(st.st_mode))
		return true; /* nothing that could be overwritten */
	more = realloc(input, (inputs + 1) * sizeof *more);
	if (!more)
		return false;
	input = more;
	input[inputs++] = id_of(&st);
	return true;
}

static struct outfile *refuse(struct outfile *o, const char *path,
			      const char *why, char *error, size_t size)
{
	snprintf(error, size, "cannot write '%s': %s", VISIBLE(path), why);
	free(o);
	return NULL;
}

/* The file that @path leads to, links followed, or where it is to be. */
static bool resolve(const char *path, char out[PATH_MAX])
{
	if (realpath(path, out))
		return true;
	if (errno != ENOENT)
		return false;
	if (strlen(path) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return false;
	}
	strcpy(out, path);
	return true;
}

/* The folder of @path in @out. */
static const char *folder_of(const char *path, char out[PATH_MAX])
{
	char *slash;

	strcpy(out, path);
	slash = strrchr(out, '/');
	if (!slash)
		return ".";
	slash[slash == out] = '\0';
	return out;
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* A stream of ours that goes to the same file. */
static bool is_standard(struct id self)
{
	struct stat st;

	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
		if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		    same(id_of(&st), self))
			return true;
	return false;
}

/* Who else has to do with the file that @o is to become; NULL: nobody. */
static const char *clash(const struct outfile *o)
{
	for (size_t i = 0; i < inputs; i++)
		if (o->exists && same(input[i], o->self))
			return "it is read as well";
	for (size_t i = 0; i < OUTFILES_MAX; i++) {
		const struct outfile *other = opened[i];

		if (other &&
		    ((o->exists && other->exists &&
		      same(o->self, other->self)) ||
		     (same(o->folder, other->folder) &&
		      strcmp(base_of(o->target), base_of(other->target)) == 0)))
			return "it is written twice";
	}
	if (o->exists && is_standard(o->self))
		return "a standard stream goes there";
	return NULL;
}

/* A file that was there keeps its mode, and its owner where that can be. */
static bool mode_keep(int fd, const struct stat *st)
{
	mode_t mask = umask(0);

	umask(mask);
	if (!st)
		return fchmod(fd, 0666 & ~mask) == 0;
	if (fchown(fd, st->st_uid, st->st_gid) != 0 && errno != EPERM)
		return false;
	return fchmod(fd, st->st_mode & 07777) == 0;
}

static bool temporary_open(struct outfile *o, const struct stat *st)
{
	int fd;

	snprintf(o->temporary, sizeof o->temporary, "%s.XXXXXX", o->target);
	fd = mkstemp(o->temporary);
	if (fd < 0)
		return false;
	if (mode_keep(fd, st))
		o->stream = fdopen(fd, "wb");
	if (o->stream)
		return true;
	close(fd);
	unlink(o->temporary);
	return false;
}

static bool enlist(struct outfile *o)
{
	size_t i = 0;

	while (i < OUTFILES_MAX && opened[i])
		i++;
	if (i < OUTFILES_MAX)
		opened[i] = o;
	return i < OUTFILES_MAX;
}

static void strike_off(const struct outfile *o)
{
	for (size_t i = 0; i < OUTFILES_MAX; i++)
		if (opened[i] == o)
			opened[i] = NULL;
}

/* What there is at the path; false: see errno. */
static bool look(struct outfile *o, const char *path, struct stat *st)
{
	char folder[PATH_MAX];
	struct stat in;

	if (!resolve(path, o->target))
		return false;
	o->exists = stat(o->target, st) == 0;
	if (o->exists)
		o->self = id_of(st);
	if (o->exists && S_ISDIR(st->st_mode)) {
		errno = EISDIR;
		return false;
	}
	if (o->exists && access(o->target, W_OK) != 0)
		return false;
	if (stat(folder_of(o->target, folder), &in) != 0)
		return false;
	o->folder = id_of(&in);
	return true;
}

static bool is_file(const struct outfile *o, const struct stat *st)
{
	return !o->exists || S_ISREG(st->st_mode);
}

struct outfile *outfile_open(const char *path, char *error, size_t size)
{
	struct outfile *o = calloc(1, sizeof *o);
	const char *why = NULL;
	struct stat st;

	if (!o)
		return refuse(o, path, "out of memory", error, size);
	o->owner = getpid();
	snprintf(o->name, sizeof o->name, "%s", path);
	if (!look(o, path, &st))
		return refuse(o, path, strerror(errno), error, size);
	if (is_file(o, &st) || S_ISFIFO(st.st_mode))
		why = clash(o);
	if (!why && !enlist(o))
		why = "too many files are written at once";
	if (why)
		return refuse(o, path, why, error, size);
	if (!is_file(o, &st) || temporary_open(o, o->exists ? &st : NULL))
		return o;
	strike_off(o);
	return refuse(o, path, strerror(errno), error, size);
}

FILE *outfile_stream(struct outfile *o)
{
	if (!o->stream)
		o->stream = fopen(o->target, "wb");
	return o->stream;
}

/* Closes it; the errno of the first failure, -1 if that is lost, 0: none. */
static int stream_close(struct outfile *o)
{
	bool failed;

	if (!o->stream)
		return errno ? errno : -1;
	failed = ferror(o->stream);
	errno = 0;
	if (fclose(o->stream) != 0)
		return errno ? errno : -1;
	return failed ? -1 : 0;
}

bool outfile_close(struct outfile *o, char *error, size_t size)
{
	int problem;

	outfile_stream(o);
	problem = stream_close(o);
	if (problem == 0 && *o->temporary &&
	    rename(o->temporary, o->target) != 0)
		problem = errno;
	if (problem != 0 && *o->temporary)
		unlink(o->temporary);
	strike_off(o);
	if (problem == 0)
		free(o);
	else
		refuse(o, o->name,
		       problem < 0 ? "a write failed" : strerror(problem),
		       error, size);
	return problem == 0;
}

void outfile_discard(struct outfile *o)
{
	if (!o)
		return;
	if (o->stream)
		fclose(o->stream);
	if (*o->temporary)
		unlink(o->temporary);
	strike_off(o);
	free(o);
}

void outfile_drop_all(void)
{
	pid_t here = getpid();

	for (size_t i = 0; i < OUTFILES_MAX; i++)
		if (opened[i] && opened[i]->owner == here &&
		    *opened[i]->temporary)
			unlink(opened[i]->temporary);
}
