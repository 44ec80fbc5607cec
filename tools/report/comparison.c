/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/report/comparison.h"

#include <inttypes.h>
#include <string.h>

#include "sim/text/visible.h"
#include "tools/format/json.h"
#include "tools/line/version.h"
#include "tools/report/outcome.h"

enum {
	ACROSS = 4, /* paths side by side; more stand below each other */
	LABEL = 27, /* columns of a metric's name */
	CELL = 15,
	PATH = 18, /* columns of a path's name, where paths are rows */
	SLIM = 12  /* and of each metric then, behind a blank */
};

/* One path by one profile. */
struct cell {
	const struct comparison_path *path;
	const struct run_result *r;
	const struct cost_model *price;
};

enum best { NOBODY, MOST, LEAST };

struct metric {
	const char *key;  /* in JSON */
	const char *name; /* in a table that has it as a row */
	const char *head; /* and as a column */
	uint64_t (*value)(const struct cell *c, int which);
	int which;
	uint64_t unit; /* 0: whole numbers; of it, fractions are shown */
	int digits;    /* of the fraction, 3 or 6 */
	enum best best;
};

static uint64_t delivered(const struct cell *c, int bytes)
{
	const struct flow_count *f = &c->r->all.delivered;

	return bytes ? f->bytes : f->packets;
}

static uint64_t lost(const struct cell *c, int which)
{
	(void)which;
	return c->r->all.lost.packets;
}

static uint64_t too_large(const struct cell *c, int which)
{
	(void)which;
	return c->r->all.too_large.packets;
}

static uint64_t violations(const struct cell *c, int which)
{
	(void)which;
	return c->r->violations;
}

static uint64_t counted(const struct cell *c, int cost)
{
	return c->r->all.count[cost];
}

static uint64_t summed(const struct cell *c, int sort)
{
	return cost_sum(c->r->all.count, (enum cost_sort)sort);
}

/* Lines that rings move between cores: 64 bytes of what is in them. */
static uint64_t lines(const struct cell *c, int which)
{
	const uint64_t *n = c->r->all.count;

	(void)which;
	return n[COST_INDEX] + n[COST_DESC] / 4 + n[COST_ENTRY] / 8 +
	       n[COST_HEADER];
}

uint64_t comparison_reach_ram(const struct run_result *r)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < r->links; i++)
		sum += r->link[i].exposure[0].ram + r->link[i].exposure[1].ram;
	return sum;
}

uint64_t comparison_reach_slots(const struct run_result *r)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < r->links; i++)
		sum += r->link[i].exposure[0].shared;
	return sum;
}

static uint64_t reach(const struct cell *c, int slots)
{
	return slots ? comparison_reach_slots(c->r)
		     : comparison_reach_ram(c->r);
}

/* Packets a second of virtual time; 0 where none passed. */
static uint64_t rate(const struct cell *c, int which)
{
	(void)which;
	return figures_of(c->r, &c->r->all).packets_per_second;
}

static uint64_t latency(const struct cell *c, int per_million)
{
	return histogram_percentile(c->r->all.latency, (uint32_t)per_million);
}

/* Time by the packet: of a party, or PARTIES, of all. */
static uint64_t time_of(const struct cell *c, int party)
{
	struct cpu cpu = cpu_of(c->r, c->price);
	uint64_t packets = c->r->all.delivered.packets;

	if (!packets)
		return 0;
	return (party == PARTIES ? cpu.total_ps : cpu.ps[party]) / packets;
}

static uint64_t cores_busy(const struct cell *c, int which)
{
	(void)which;
	return cpu_milli(cpu_of(c->r, c->price).total_ps, c->r->virtual_ps);
}

static uint64_t measured(const struct cell *c, int median)
{
	return median ? c->path->median : c->path->fastest;
}

#define COUNT(key, name, head, cost)                                \
	{                                                           \
		key, name, head, counted, COST_##cost, 0, 0, NOBODY \
	}
#define SUM(key, name, head, sort)                                      \
	{                                                               \
		key, name, head, summed, COST_SORT_##sort, 0, 0, NOBODY \
	}
#define PLAIN(key, name, head, value, which)                \
	{                                                   \
		key, name, head, value, which, 0, 0, NOBODY \
	}
#define TIME(key, name, party)                                                \
	{                                                                     \
		key, name ", ns a packet", name, time_of, party, 1, 3, NOBODY \
	}

static const struct metric packets[] = {
	PLAIN("packets", "packets delivered", "delivered", delivered, 0),
	PLAIN("bytes", "bytes delivered", "bytes", delivered, 1),
	PLAIN("lost", "packets lost", "lost", lost, 0),
	PLAIN("too_large", "packets too large", "too large", too_large, 0),
	PLAIN("violations", "violations", "violations", violations, 0),
	{0},
};

static const struct metric copies[] = {
	SUM("host_copies", "copies by the host", "by the host", HOST_COPY),
	SUM("host_bytes", "bytes copied by the host", "bytes", HOST_BYTE),
	SUM("guest_copies", "copies by guests", "by guests", GUEST_COPY),
	SUM("guest_bytes", "bytes copied by guests", "bytes", GUEST_BYTE),
	{0},
};

static const struct metric exits[] = {
	SUM("exits", "exits", "all", EXIT),
	COUNT("exits_light", "  light", "light", EXIT_LIGHT),
	COUNT("exits_heavy", "  heavy", "heavy", EXIT_HEAVY),
	COUNT("exits_eoi", "  end of interrupt", "EOI", EXIT_EOI),
	COUNT("exits_window", "  interrupt window", "window", EXIT_WINDOW),
	COUNT("exits_ipi", "  to take an interrupt", "IPI", EXIT_IPI),
	COUNT("hypercalls", "  hypercalls", "hypercalls", HYPERCALL),
	{0},
};

static const struct metric notices[] = {
	COUNT("interrupts", "interrupts", "interrupts", INTERRUPT),
	COUNT("wakes", "wake-ups of workers", "wake-ups", WAKE),
	COUNT("syscalls", "syscalls of host processes", "syscalls", SYSCALL),
	COUNT("eventfds", "eventfds they write", "eventfds", EVENTFD),
	COUNT("registers", "registers emulated", "registers", REGISTER),
	COUNT("messages", "set-up messages", "set-up", MESSAGE),
	{0},
};

static const struct metric memory[] = {
	PLAIN("lines", "cache lines of rings", "cache lines", lines, 0),
	COUNT("ptes", "page-table entries changed", "PTEs", PTE),
	COUNT("tlb_fills", "TLB fills", "TLB fills", TLB_FILL),
	COUNT("shootdowns", "TLB shootdowns", "shootdowns", SHOOTDOWN),
	COUNT("gifts", "gifts", "gifts", GIFT),
	PLAIN("reach_ram", "RAM open to another VM", "open RAM", reach, 0),
	PLAIN("reach_slots", "slots that both can reach", "open slots", reach,
	      1),
	{0},
};

static const struct metric speed[] = {
	{"packets_per_second", "Mpps", "Mpps", rate, 0, 1, 6, MOST},
	{"p50_ps", "latency p50, us", "p50, us", latency, 500000, 1000, 3,
	 LEAST},
	{"p99_ps", "latency p99, us", "p99, us", latency, 990000, 1000, 3,
	 LEAST},
	{"p999_ps", "latency p99.9, us", "p99.9, us", latency, 999000, 1000, 3,
	 NOBODY},
	{"cores_busy_milli", "cores busy", "cores busy", cores_busy, 0, 1, 3,
	 NOBODY},
	{0},
};

static const struct metric times[] = {
	{"cpu_ps", "CPU, ns a packet", "all", time_of, PARTIES, 1, 3, LEAST},
	TIME("cpu_guest_app_ps", "  guest-app", PARTY_GUEST_APP),
	TIME("cpu_guest_driver_ps", "  guest-driver", PARTY_GUEST_DRIVER),
	TIME("cpu_guest_irq_ps", "  guest-irq", PARTY_GUEST_IRQ),
	TIME("cpu_host_kernel_ps", "  host-kernel", PARTY_HOST_KERNEL),
	TIME("cpu_host_user_ps", "  host-user", PARTY_HOST_USER),
	TIME("cpu_emulator_ps", "  emulator", PARTY_EMULATOR),
	{0},
};

static const struct metric clocked[] = {
	{"fastest", "ns a packet, fastest", "fastest", measured, 0, 1, 3,
	 NOBODY},
	{"median", "ns a packet, median", "median", measured, 1, 1, 3, NOBODY},
	{0},
};

/* Metrics that stand together, where paths are rows. */
struct group {
	const char *name;
	const struct metric *metric;
	bool sparse; /* what no path has is not worth a row */
};

static const struct group counts[] = {
	{"packets", packets, false},
	{"copies", copies, false},
	{"exits", exits, true},
	{"notices", notices, true},
	{"memory and gifts", memory, true},
	{0},
};

static const struct group models[] = {
	{"speed", speed, false},
	{"CPU, ns a packet", times, true},
	{0},
};

static const struct group clocks[] = {
	{"ns a packet", clocked, false},
	{0},
};

static struct cell cell_of(const struct comparison *c, uint32_t path,
			   uint32_t profile)
{
	return (struct cell){&c->path[path], c->path[path].r[profile],
			     &c->price[profile]};
}

static uint64_t value_of(const struct comparison *c, const struct metric *m,
			 uint32_t path, uint32_t profile)
{
	struct cell cell = cell_of(c, path, profile);

	return m->value(&cell, m->which);
}

static void put_value(FILE *out, const struct metric *m, uint64_t v, int width)
{
	const uint64_t one = m->digits == 6 ? 1000000 : 1000;
	char text[48];

	if (m->unit == 0)
		snprintf(text, sizeof text, "%" PRIu64, v);
	else
		snprintf(text, sizeof text, "%" PRIu64 ".%0*" PRIu64,
			 v / m->unit / one, m->digits, v / m->unit % one);
	fprintf(out, " %*s", width - 1, text);
}

/* Nothing of it by any path or profile. */
static bool is_none(const struct comparison *c, const struct metric *m)
{
	for (uint32_t n = 0; n < c->profiles; n++)
		for (uint32_t i = 0; i < c->paths; i++)
			if (value_of(c, m, i, n))
				return false;
	return true;
}

static void put_row(FILE *out, const struct comparison *c,
		    const struct metric *m, uint32_t profile)
{
	fprintf(out, "  %-*s", LABEL - 1, m->name);
	for (uint32_t i = 0; i < c->paths; i++)
		put_value(out, m, value_of(c, m, i, profile), CELL + 1);
	fputc('\n', out);
}

/* A row for each metric, a column for each path. */
static void put_rows(FILE *out, const struct comparison *c,
		     const struct group *g, uint32_t profile)
{
	for (; g->name; g++)
		for (const struct metric *m = g->metric; m->name; m++)
			if (!g->sparse || !is_none(c, m))
				put_row(out, c, m, profile);
}

/* A row for each path: a table of its own for each group. */
static void put_columns(FILE *out, const struct comparison *c,
			const struct group *g, uint32_t profile)
{
	for (; g->name; g++) {
		fprintf(out, "  %-*s", PATH - 2, g->name);
		for (const struct metric *m = g->metric; m->name; m++)
			fprintf(out, " %*s", SLIM,
				m->head + strspn(m->head, " "));
		fputc('\n', out);
		for (uint32_t i = 0; i < c->paths; i++) {
			fprintf(out, "    %-*s", PATH - 4, c->path[i].name);
			for (const struct metric *m = g->metric; m->name; m++)
				put_value(out, m, value_of(c, m, i, profile),
					  SLIM + 1);
			fputc('\n', out);
		}
	}
}

static void put_part(FILE *out, const struct comparison *c,
		     const struct group *g, uint32_t profile)
{
	if (c->paths > ACROSS)
		put_columns(out, c, g, profile);
	else
		put_rows(out, c, g, profile);
}

static void put_profile(FILE *out, const struct comparison *c, uint32_t profile)
{
	if (c->profiles > 1)
		fprintf(out, "\ncounted (at the speed of %s)\n",
			c->price[profile].name);
	else
		fputs("\ncounted\n", out);
	put_part(out, c, counts, profile);
	fprintf(out, "\nmodelled (virtual time, profile %s)\n",
		c->price[profile].name);
	put_part(out, c, models, profile);
}

/* As good as the best by @profile, but for a thousandth. */
static bool is_best(const struct comparison *c, const struct metric *m,
		    uint32_t path, uint32_t profile)
{
	uint64_t own = value_of(c, m, path, profile);

	for (uint32_t i = 0; i < c->paths; i++) {
		uint64_t v = value_of(c, m, i, profile);
		uint64_t more = v > own ? v - own : 0;
		uint64_t less = own > v ? own - v : 0;

		if ((m->best == MOST ? more : less) > v / 1000)
			return false;
	}
	return true;
}

/* No path is best by all profiles. */
static bool disagree(const struct comparison *c, const struct metric *m)
{
	for (uint32_t i = 0; i < c->paths; i++) {
		uint32_t n = 0;

		while (n < c->profiles && is_best(c, m, i, n))
			n++;
		if (n == c->profiles)
			return false;
	}
	return true;
}

static void put_names(FILE *out, const struct comparison *c,
		      const struct metric *m, uint32_t profile)
{
	uint32_t best = 0;

	for (uint32_t i = 0; i < c->paths; i++)
		best += is_best(c, m, i, profile);
	fprintf(out, " %s", c->price[profile].name);
	if (best == c->paths)
		fputs(" all alike", out);
	for (uint32_t i = 0; i < c->paths && best < c->paths; i++)
		if (is_best(c, m, i, profile))
			fprintf(out, " %s", c->path[i].name);
}

static void put_best(FILE *out, const struct comparison *c,
		     const struct metric *m)
{
	fprintf(out, "  %s%s:", m->name,
		disagree(c, m) ? " (profiles disagree)" : "");
	for (uint32_t n = 0; n < c->profiles; n++) {
		fputs(n ? ";" : "", out);
		put_names(out, c, m, n);
	}
	fputc('\n', out);
}

/* Who wins by which prices: where it depends on them, a report must say so. */
static void put_winners(FILE *out, const struct comparison *c)
{
	if (c->profiles < 2 || c->paths < 2)
		return;
	fputs("\nbest, by profile\n", out);
	for (const struct group *g = models; g->name; g++)
		for (const struct metric *m = g->metric; m->name; m++)
			if (m->best != NOBODY)
				put_best(out, c, m);
}

void comparison_text(FILE *out, const struct comparison *c)
{
	fprintf(out, "%s\n", VISIBLE(c->title));
	if (c->paths <= ACROSS) {
		fprintf(out, "\n  %-*s", LABEL - 1, "");
		for (uint32_t i = 0; i < c->paths; i++)
			fprintf(out, " %*s", CELL, c->path[i].name);
		fputc('\n', out);
	}
	for (uint32_t n = 0; n < c->profiles; n++)
		put_profile(out, c, n);
	put_winners(out, c);
	fprintf(out,
		"\nmeasured (this host's clock, the whole simulator with all "
		"referees, %" PRIu32 " rounds in turn)\n",
		c->rounds);
	put_part(out, c, clocks, 0);
}

static void put_metrics(struct json *j, const struct comparison *c,
			const struct group *g, uint32_t path, uint32_t profile)
{
	for (; g->name; g++)
		for (const struct metric *m = g->metric; m->name; m++)
			json_number(j, m->key, value_of(c, m, path, profile));
}

static void put_path(struct json *j, const struct comparison *c, uint32_t path,
		     uint32_t profile)
{
	json_object(j, NULL);
	json_text(j, "path", c->path[path].name);
	json_hex(j, "digest", c->path[path].r[profile]->digest);
	json_object(j, "counted");
	put_metrics(j, c, counts, path, profile);
	json_object_end(j);
	json_object(j, "modelled");
	put_metrics(j, c, models, path, profile);
	json_object_end(j);
	json_object_end(j);
}

static void put_best_names(struct json *j, const struct comparison *c,
			   const struct metric *m, uint32_t profile)
{
	json_object(j, NULL);
	json_text(j, "profile", c->price[profile].name);
	json_array(j, "paths");
	for (uint32_t i = 0; i < c->paths; i++)
		if (is_best(c, m, i, profile))
			json_text(j, NULL, c->path[i].name);
	json_array_end(j);
	json_object_end(j);
}

static void put_best_json(struct json *j, const struct comparison *c,
			  const struct metric *m)
{
	json_object(j, m->key);
	json_bool(j, "disagree", disagree(c, m));
	json_array(j, "by");
	for (uint32_t n = 0; n < c->profiles; n++)
		put_best_names(j, c, m, n);
	json_array_end(j);
	json_object_end(j);
}

static void put_measured_json(struct json *j, const struct comparison *c)
{
	json_object(j, "measured");
	json_number(j, "rounds", c->rounds);
	json_array(j, "paths");
	for (uint32_t i = 0; i < c->paths; i++) {
		json_object(j, NULL);
		json_text(j, "path", c->path[i].name);
		json_decimal(j, "fastest_ns", c->path[i].fastest, 3);
		json_decimal(j, "median_ns", c->path[i].median, 3);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
}

void comparison_json(FILE *out, const void *comparison)
{
	const struct comparison *c = comparison;
	struct json j = json_to(out);

	json_object(&j, NULL);
	json_text(&j, "schema", "twinring-compare-1");
	json_text(&j, "version", TWINRING_VERSION);
	json_text(&j, "build", version_git_id());
	json_object(&j, "scenario");
	json_text(&j, "file", c->file);
	json_text(&j, "name", c->title);
	json_object_end(&j);
	json_array(&j, "profiles");
	for (uint32_t n = 0; n < c->profiles; n++) {
		json_object(&j, NULL);
		json_text(&j, "profile", c->price[n].name);
		json_array(&j, "paths");
		for (uint32_t i = 0; i < c->paths; i++)
			put_path(&j, c, i, n);
		json_array_end(&j);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object(&j, "best");
	for (const struct group *g = models; g->name; g++)
		for (const struct metric *m = g->metric; m->name; m++)
			if (m->best != NOBODY)
				put_best_json(&j, c, m);
	json_object_end(&j);
	put_measured_json(&j, c);
	json_object_end(&j);
	json_end(&j);
}
