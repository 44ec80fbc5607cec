/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/report/output.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool refuse(const char *path, int problem)
{
	fprintf(stderr, "twinring: cannot write '%s': %s\n", path,
		problem ? strerror(problem) : "a write failed");
	return false;
}

bool output_is_stdout(const char *path)
{
	return path && strcmp(path, "-") == 0;
}

/* Devices and pipes are written as they are; they cannot be replaced. */
static bool is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

/* The file that @path leads to, links followed, or where it is to be. */
static bool resolve(const char *path, char out[PATH_MAX])
{
	if (realpath(path, out))
		return true;
	if (errno != ENOENT)
		return false;
	if (strlen(path) < PATH_MAX)
		strcpy(out, path);
	else
		errno = ENAMETOOLONG;
	return strlen(path) < PATH_MAX;
}

/* The folder of @path, cut out in place. */
static const char *folder_of(char path[PATH_MAX])
{
	char *slash = strrchr(path, '/');

	if (!slash)
		return ".";
	slash[slash == path] = '\0';
	return path;
}

bool output_check(const char *path)
{
	char target[PATH_MAX];
	struct stat st;

	if (output_is_stdout(path))
		return true;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return refuse(path, EISDIR);
	if (is_special(path))
		return access(path, W_OK) == 0 || refuse(path, errno);
	if (!resolve(path, target))
		return refuse(path, errno);
	if (access(folder_of(target), W_OK | X_OK) != 0)
		return refuse(path, errno);
	return true;
}

/* Closes @out; the errno of the first failure, -1 if that is lost, 0: none. */
static int close_file(FILE *out)
{
	bool failed = ferror(out);

	errno = 0;
	if (fclose(out) != 0)
		return errno ? errno : -1;
	return failed ? -1 : 0;
}

static bool write_special(const char *path,
			  void (*write)(FILE *out, const void *what),
			  const void *what)
{
	FILE *out = fopen(path, "w");
	int problem;

	if (!out)
		return refuse(path, errno);
	write(out, what);
	problem = close_file(out);
	return problem == 0 || refuse(path, problem < 0 ? 0 : problem);
}

/* A new file beside @target, with the rights that any new file has. */
static FILE *open_temporary(const char *target, char *temporary, size_t size)
{
	mode_t mask = umask(0);
	FILE *out;
	int fd;

	umask(mask);
	snprintf(temporary, size, "%s.XXXXXX", target);
	fd = mkstemp(temporary);
	if (fd < 0)
		return NULL;
	out = fchmod(fd, 0666 & ~mask) == 0 ? fdopen(fd, "w") : NULL;
	if (!out) {
		close(fd);
		unlink(temporary);
	}
	return out;
}

static bool write_file(const char *path,
		       void (*write)(FILE *out, const void *what),
		       const void *what)
{
	char target[PATH_MAX], temporary[PATH_MAX + 8];
	int problem;
	FILE *out;

	if (!resolve(path, target))
		return refuse(path, errno);
	out = open_temporary(target, temporary, sizeof temporary);
	if (!out)
		return refuse(path, errno);
	write(out, what);
	problem = close_file(out);
	if (problem == 0 && rename(temporary, target) == 0)
		return true;
	if (problem == 0)
		problem = errno;
	unlink(temporary);
	return refuse(path, problem < 0 ? 0 : problem);
}

bool output_write(const char *path, void (*write)(FILE *out, const void *what),
		  const void *what)
{
	if (output_is_stdout(path))
		write(stdout, what); /* whose failures main() looks for */
	else if (is_special(path))
		return write_special(path, write, what);
	else
		return write_file(path, write, what);
	return true;
}

void output_text(FILE *out, const void *what)
{
	fputs(what, out);
}
