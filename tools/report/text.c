/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables with a column for the whole run and one for each link. */
#include "tools/report/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stddef.h>

#include "sim/text/visible.h"

enum {
	LABEL = 20, /* columns of a row's name */
	CELL = 14,
	ACROSS = 4,   /* cells side by side */
	GROUPED = 27, /* 20 digits, 6 commas */
	TEXT = 40,
	PLACED = 8 /* endpoints of a capture */
};

/* A counter of a tally, or the sum of all costs of a sort. */
struct row {
	const char *name;
	size_t offset;
	enum cost_sort sum; /* COST_SORT_ONE: none, what stands at offset */
};

#define COUNTER(name, field)                                       \
	{                                                          \
		name, offsetof(struct tally, field), COST_SORT_ONE \
	}
#define SUM(name, sort)                   \
	{                                 \
		name, 0, COST_SORT_##sort \
	}

static const struct row rows[] = {
	COUNTER("packets sent", sent.packets),
	COUNTER("  bytes", sent.bytes),
	COUNTER("packets delivered", delivered.packets),
	COUNTER("  bytes", delivered.bytes),
	COUNTER("packets lost", lost.packets),
	COUNTER("  dropped by host", dropped),
	COUNTER("  given back", returned),
	COUNTER("packets too large", too_large.packets),
	SUM("host bytes copied", HOST_BYTE),
	SUM("guest bytes copied", GUEST_BYTE),
	SUM("exits", EXIT),
	COUNTER("  heavy", count[COST_EXIT_HEAVY]),
	COUNTER("  suppressed", kicks_suppressed),
	COUNTER("interrupts", count[COST_INTERRUPT]),
	COUNTER("  suppressed", calls_suppressed),
	COUNTER("wakes", count[COST_WAKE]),
	COUNTER("gifts", count[COST_GIFT]),
};

/* A modelled figure as text, or "-" where there is none. */
struct figure_row {
	const char *name;
	uint32_t offset; /* in struct figures */
	uint32_t unit;   /* of the value in what is shown, in fractions */
	uint32_t digits; /* of the fraction: 3, or 6 for what may be tiny */
	uint32_t has;    /* offset of the bool that says there is one */
};

#define FIGURE(name, field, unit, digits, has)                       \
	{                                                            \
		name, offsetof(struct figures, field), unit, digits, \
			offsetof(struct figures, has)                \
	}

static const struct figure_row figure_rows[] = {
	FIGURE("Mpps", packets_per_second, 1, 6, has_rate),
	FIGURE("Gbit/s", bits_per_second, 1000, 6, has_rate),
	FIGURE("latency us, min", min, 1000, 3, has_latency),
	FIGURE("  mean", mean, 1000, 3, has_latency),
	FIGURE("  p50", p50, 1000, 3, has_latency),
	FIGURE("  p90", p90, 1000, 3, has_latency),
	FIGURE("  p99", p99, 1000, 3, has_latency),
	FIGURE("  p99.9", p999, 1000, 3, has_latency),
	FIGURE("  max", max, 1000, 3, has_latency),
	FIGURE("gifts a packet", gifts_milli, 1, 3, has_rate),
};

/* @value with a comma between thousands. */
static const char *grouped(uint64_t value, char *out)
{
	char digits[24];
	int count = snprintf(digits, sizeof digits, "%" PRIu64, value);
	char *to = out;

	for (int i = 0; i < count; i++) {
		if (i && (count - i) % 3 == 0)
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
	return out;
}

/* @value of as small fractions as it has digits, as a number with a point. */
static const char *pointed(uint64_t value, uint32_t digits, char *out)
{
	char whole[GROUPED];

	if (digits == 6)
		snprintf(out, TEXT, "%s.%06u", grouped(value / 1000000, whole),
			 (unsigned)(value % 1000000));
	else
		snprintf(out, TEXT, "%s.%03u", grouped(value / 1000, whole),
			 (unsigned)(value % 1000));
	return out;
}

/* The tally of column @column: 0 is all, then the links. */
static const struct tally *column_tally(const struct run_result *r,
					uint32_t column)
{
	return column ? &r->link[column - 1].tally : &r->all;
}

static void put_head(FILE *out, const char *title, uint32_t from, uint32_t to)
{
	char link[TEXT];

	fprintf(out, "\n%-*s", LABEL + 2, title);
	for (uint32_t c = from; c < to; c++) {
		snprintf(link, sizeof link, "link %" PRIu32, c - 1);
		fprintf(out, " %*s", CELL - 1, c ? link : "all");
	}
	fputc('\n', out);
}

static uint64_t row_value(const struct row *row, const struct tally *t)
{
	if (row->sum != COST_SORT_ONE)
		return cost_sum(t->count, row->sum);
	return *(const uint64_t *)((const char *)t + row->offset);
}

static void put_counts(FILE *out, const struct run_result *r, uint32_t from,
		       uint32_t to)
{
	char text[TEXT];

	put_head(out, "counted", from, to);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		fprintf(out, "  %-*s", LABEL, rows[i].name);
		for (uint32_t c = from; c < to; c++)
			fprintf(out, " %*s", CELL - 1,
				grouped(row_value(&rows[i], column_tally(r, c)),
					text));
		fputc('\n', out);
	}
}

static const char *figure_text(const struct figure_row *row,
			       const struct figures *f, char *out)
{
	const char *at = (const char *)f;

	if (!*(const bool *)(at + row->has))
		return "-";
	return pointed(*(const uint64_t *)(at + row->offset) / row->unit,
		       row->digits, out);
}

static void put_figures(FILE *out, const struct outcome *o, uint32_t from,
			uint32_t to)
{
	const size_t count = sizeof figure_rows / sizeof figure_rows[0];
	struct figures f[ACROSS];
	char text[TEXT];

	assert(to - from <= ACROSS);
	for (uint32_t c = from; c < to; c++)
		f[c - from] = figures_of(o->result, column_tally(o->result, c));
	fprintf(out, "\nmodelled (profile %s)", o->price->name);
	put_head(out, "", from, to);
	for (size_t i = 0; i < count; i++) {
		fprintf(out, "  %-*s", LABEL, figure_rows[i].name);
		for (uint32_t c = 0; c < to - from; c++)
			fprintf(out, " %*s", CELL - 1,
				figure_text(&figure_rows[i], &f[c], text));
		fputc('\n', out);
	}
}

/* All columns, a few at a time; a single link needs none for "all". */
static void put_columns(FILE *out, const struct outcome *o,
			void (*put)(FILE *out, const struct outcome *o,
				    uint32_t from, uint32_t to))
{
	uint32_t end = o->result->links + 1;

	for (uint32_t from = end == 2 ? 1 : 0; from < end; from += ACROSS)
		put(out, o, from, from + ACROSS < end ? from + ACROSS : end);
}

static void put_counted(FILE *out, const struct outcome *o, uint32_t from,
			uint32_t to)
{
	put_counts(out, o->result, from, to);
}

static const char *vm_name(const struct outcome *o, uint32_t link, uint32_t end)
{
	const struct world_config *c = &o->sc->world;

	return c->vm[c->link[link].end[end]].name;
}

static void put_reach(FILE *out, const struct outcome *o, uint32_t link,
		      uint32_t end)
{
	const struct exposure *e = &o->result->link[link].exposure[end];
	char ram[TEXT], shared[TEXT];

	fprintf(out, "    %s can touch %s bytes of %s's RAM, %s of slots\n",
		vm_name(o, link, end), grouped(e->ram, ram),
		vm_name(o, link, !end), grouped(e->shared, shared));
}

static void put_held(FILE *out, const struct outcome *o, uint32_t link,
		     uint32_t end)
{
	const struct held_series *s = &o->result->link[link].held[end];
	char mean[TEXT];

	fprintf(out,
		"    %s held %" PRIu32 " to %" PRIu32 " free slots, %s on "
		"average\n",
		vm_name(o, link, end), s->min, s->max,
		pointed(s->mean_milli, 3, mean));
}

static void put_link(FILE *out, const struct outcome *o, uint32_t link)
{
	const struct link_result *l = &o->result->link[link];

	fprintf(out, "  %" PRIu32 "  %s - %s, %s: ", link, vm_name(o, link, 0),
		vm_name(o, link, 1), o->sc->world.link[link].path);
	if (l->paired)
		fprintf(out, "paired, %" PRIu32 " slots\n", l->slots_used);
	else
		fprintf(out, "not paired, %s\n", l->reject_reason);
	for (uint32_t end = 0; end < 2; end++)
		put_reach(out, o, link, end);
	for (uint32_t end = 0; end < 2; end++)
		if (l->held[end].points)
			put_held(out, o, link, end);
}

/* Where the endpoints of captures live, the first of them. */
static void put_placement(FILE *out, const struct outcome *o,
			  const struct run_placement *r)
{
	const struct placement *p = &r->p;
	char packets[TEXT];

	fprintf(out, "\n%s: endpoint k is VM k mod %" PRIu32 "\n",
		o->sc->traffic[r->traffic].pcap, o->sc->world.vms);
	for (uint32_t i = 0; i < p->shown && i < PLACED; i++)
		fprintf(out, "  %s is %s: %s packets\n", p->end[i].name,
			o->sc->world.vm[p->end[i].vm].name,
			grouped(p->end[i].packets, packets));
	if (p->endpoints > PLACED)
		fprintf(out, "  and %" PRIu64 " more\n", p->endpoints - PLACED);
}

static void put_share(FILE *out, const char *name, uint64_t ps,
		      uint64_t packets, const struct cpu *c)
{
	uint64_t share = cpu_milli(ps, c->total_ps);
	char text[TEXT];

	fprintf(out, "  %-*s %*s %*" PRIu64 ".%u\n", LABEL, name, CELL - 1,
		packets ? pointed(ps / packets, 3, text) : "-", CELL - 3,
		share / 10, (unsigned)(share % 10));
}

/* Whose time it took, on all cores together. */
static void put_cpu(FILE *out, const struct outcome *o)
{
	struct cpu c = cpu_of(o->result, o->price);
	uint64_t packets = o->result->all.delivered.packets;
	char text[TEXT];

	fprintf(out, "\n%-*s %*s %*s\n", LABEL + 2, "cpu time", CELL - 1,
		"ns a packet", CELL - 1, "%");
	for (int p = 0; p < PARTIES; p++)
		put_share(out, party_info((enum party)p)->name, c.ps[p],
			  packets, &c);
	put_share(out, "all", c.total_ps, packets, &c);
	fprintf(out, "  %-*s %*s\n", LABEL, "cores busy", CELL - 1,
		pointed(cpu_milli(c.total_ps, o->result->virtual_ps), 3, text));
}

static void put_measured(FILE *out, const struct outcome *o)
{
	uint64_t rate = figures_per_second(o->result->all.delivered.packets,
					   o->wall_ns * 1000);
	char speed[TEXT];

	fprintf(out,
		"\nmeasured on this host: %" PRIu64 ".%03u s, %s packets/s\n",
		o->wall_ns / 1000000000,
		(unsigned)(o->wall_ns / 1000000 % 1000), grouped(rate, speed));
}

/* Frames that no driver took, and why, by who had them and for whom. */
static void put_unsent(FILE *out, const struct outcome *o)
{
	const struct run_result *r = o->result;
	char text[TEXT];

	if (!r->unsent)
		return;
	fprintf(out, "  %-*s %*s\n", LABEL, "never sent", CELL - 1,
		grouped(r->unsent, text));
	for (uint32_t i = 0; i < nic_count(&o->sc->world.numbers); i++) {
		const struct unsent *u =
			&r->link[nic_link(&o->sc->world.numbers, i)]
				 .unsent[nic_end(&o->sc->world.numbers, i)];

		if (u->packets)
			fprintf(out, "    %s to %s: %s, %s\n",
				vm_name(o, nic_link(&o->sc->world.numbers, i),
					nic_end(&o->sc->world.numbers, i)),
				vm_name(o, nic_link(&o->sc->world.numbers, i),
					!nic_end(&o->sc->world.numbers, i)),
				grouped(u->packets, text), u->why);
	}
}

/* How what was replayed differs from what was recorded. */
static void put_replayed(FILE *out, const struct outcome *o)
{
	const struct run_result *r = o->result;
	uint32_t notices = 0;

	for (uint32_t i = 0; i < r->replays; i++)
		for (uint32_t k = 0; k < r->replayed[i].notices; k++)
			fprintf(out, "%s  %s: %s\n",
				notices++ ? "" : "\nreplayed\n",
				VISIBLE(o->sc->traffic[r->replayed[i].traffic]
						.pcap),
				r->replayed[i].notice[k]);
}

void text_run(FILE *out, const struct outcome *o, bool colour)
{
	text_verdict(out, o, colour);
	put_replayed(out, o);
	fputs("\nlinks\n", out);
	for (uint32_t i = 0; i < o->result->links; i++)
		put_link(out, o, i);
	for (uint32_t i = 0; i < o->result->placements; i++)
		if (o->result->placement[i].p.endpoints)
			put_placement(out, o, &o->result->placement[i]);
	put_columns(out, o, put_counted);
	put_unsent(out, o);
	put_columns(out, o, put_figures);
	put_cpu(out, o);
	put_measured(out, o);
}
