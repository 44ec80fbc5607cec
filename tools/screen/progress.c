/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/screen/progress.h"

#include "tools/system/clock.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { COLUMNS_MAX = 200, BAR = 30 };

#define INTERVAL_NS UINT64_C(100000000)
#define SECOND_NS   UINT64_C(1000000000)

bool progress_terminal(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && term && strcmp(term, "dumb") != 0;
}

bool progress_colour(int fd)
{
	const char *no = getenv("NO_COLOR");

	return progress_terminal(fd) && !(no && *no);
}

static uint32_t terminal_columns(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return 80;
	return size.ws_col < COLUMNS_MAX ? size.ws_col : COLUMNS_MAX;
}

void progress_begin(struct progress *p, bool wanted)
{
	*p = (struct progress){.shown = wanted &&
					progress_terminal(STDERR_FILENO),
			       .from = clock_ns(),
			       .columns = terminal_columns(STDERR_FILENO)};
	p->next = p->from + 5 * INTERVAL_NS; /* short runs need no bar */
}

static void put_bar(char *out, uint64_t done, uint64_t total)
{
	uint32_t full = (uint32_t)((unsigned __int128)done * BAR / total);

	for (uint32_t i = 0; i < BAR; i++)
		out[i] = i < full ? '=' : i == full ? '>' : ' ';
	out[BAR] = '\0';
}

/* "1:02" or "3:04:05" */
static void put_duration(char *out, size_t size, uint64_t seconds)
{
	unsigned s = (unsigned)(seconds % 60),
		 m = (unsigned)(seconds / 60 % 60);

	if (seconds >= 3600)
		snprintf(out, size, "%" PRIu64 ":%02u:%02u", seconds / 3600, m,
			 s);
	else
		snprintf(out, size, "%u:%02u", m, s);
}

/* With a total: bar, share, speed, time to go. */
static void known_line(char *out, uint32_t size, uint64_t done, uint64_t total,
		       uint64_t elapsed_ns)
{
	unsigned percent = (unsigned)((unsigned __int128)done * 100 / total);
	uint64_t rate = done * 1000 / (elapsed_ns / 1000000 + 1);
	char bar[BAR + 1], left[32];

	put_bar(bar, done, total);
	if (rate)
		put_duration(left, sizeof left, (total - done) / rate);
	else
		snprintf(left, sizeof left, "-:--");
	snprintf(out, size, "[%s] %3u%%  %" PRIu64 " packets/s  ETA %s", bar,
		 percent, rate, left);
}

void progress_line(char *out, uint32_t columns, uint64_t done, uint64_t total,
		   uint64_t virtual_ps, uint64_t elapsed_ns)
{
	assert(columns > 0);
	if (total && total != UINT64_MAX && done <= total)
		known_line(out, columns, done, total, elapsed_ns);
	else
		snprintf(out, columns,
			 "%" PRIu64 " packets, virtual time %" PRIu64 " us",
			 done, virtual_ps / 1000000);
}

/* Whether it is time to draw; if so, not again for a while. */
static bool progress_due(struct progress *p, uint64_t *now)
{
	if (!p->shown)
		return false;
	*now = clock_ns();
	if (*now < p->next)
		return false;
	p->next = *now + INTERVAL_NS;
	return true;
}

static void show(struct progress *p, const char *line)
{
	fprintf(stderr, "\r\033[K%s", line);
	fflush(stderr);
	p->drawn = true;
}

void progress_draw(struct progress *p, uint64_t done, uint64_t total,
		   uint64_t virtual_ps)
{
	char line[COLUMNS_MAX + 1];
	uint64_t now;

	if (!progress_due(p, &now))
		return;
	progress_line(line, p->columns, done, total, virtual_ps, now - p->from);
	show(p, line);
}

void progress_draw_search(struct progress *p, uint64_t states, uint64_t waiting,
			  uint32_t depth)
{
	char line[COLUMNS_MAX + 1];
	uint64_t now;

	if (!progress_due(p, &now))
		return;
	snprintf(line, p->columns,
		 "%" PRIu64 " states, %" PRIu64 " waiting, depth %" PRIu32
		 ", %" PRIu64 " states/s",
		 states, waiting, depth,
		 states * 1000 / ((now - p->from) / 1000000 + 1));
	show(p, line);
}

void progress_draw_swarm(struct progress *p, uint64_t done, uint64_t total)
{
	char line[COLUMNS_MAX + 1], of[32] = "";
	uint64_t now;

	if (!progress_due(p, &now))
		return;
	if (total)
		snprintf(of, sizeof of, " of %" PRIu64, total);
	snprintf(line, p->columns, "%" PRIu64 "%s worlds, %" PRIu64 " worlds/s",
		 done, of, done * 1000 / ((now - p->from) / 1000000 + 1));
	show(p, line);
}

void progress_end(struct progress *p)
{
	if (p->drawn)
		fputs("\r\033[K", stderr);
	p->drawn = false;
}
