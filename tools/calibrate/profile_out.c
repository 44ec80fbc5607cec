/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/calibrate/profile_out.h"

#include <inttypes.h>
#include <stddef.h>

#define M(field) offsetof(struct measures, field)

enum { DELAYS = 2 };

/* A price that is measured; or, where it is a part of one, derived. */
static const struct source {
	size_t measure; /* in struct measures */
	uint32_t part;  /* of it; 0: there is no such row */
	const char *how;
} sources[COST_KINDS] = {
	[COST_HOST_COPY] = {M(copy_begin), 1,
			    "what a copy of 64 bytes in the second-level cache "
			    "takes beside its bytes"},
	[COST_HOST_BYTE] = {M(copy_byte[LEVEL_L2]), 1,
			    "by the byte, from copies of 64 and 2048 bytes "
			    "in the second-level cache"},
	[COST_TAP_BYTE] = {M(copy_byte[LEVEL_L3]), 1,
			   "by the byte, from copies of 64 and 2048 bytes in "
			   "the third-level cache"},
	[COST_BOUNCE_COPY] = {M(copy_begin), 1, "as host-copy"},
	[COST_BOUNCE_BYTE] = {M(copy_byte[LEVEL_L2]), 1, "as host-byte"},
	[COST_GUEST_COPY] = {M(copy_begin), 1, "as host-copy"},
	[COST_GUEST_BYTE] = {M(copy_byte[LEVEL_L2]), 1, "as host-byte"},
	[COST_APP_BYTE] = {M(read_byte), 1,
			   "by the byte, a sum over 2048 bytes that are near"},
	[COST_INDEX] = {M(line), 1,
			"a line that two cores write in turn, one way"},
	[COST_DESC] = {M(line), 4, "16 bytes, a quarter of index"},
	[COST_ENTRY] = {M(line), 8, "8 bytes, an eighth of index"},
	[COST_HEADER] = {M(line), 2,
			 "written where it is warm, then moved; half of index"},
	[COST_SYSCALL] = {M(syscall), 1, "getppid"},
	[COST_EVENTFD] = {M(eventfd), 1,
			  "an eventfd written without a sleeper"},
	[COST_WAKE] = {M(wake), 1,
		       "an eventfd written with a sleeper on another core"},
	[COST_PTE] = {M(protect), 1, "mprotect of one page less a syscall"},
	[COST_SHOOTDOWN] = {M(shootdown), 1,
			    "what mprotect takes longer for another core that "
			    "runs in the same memory"},
};

static const struct measure *measure_at(const struct calibration *c,
					const struct source *s)
{
	return (const struct measure *)((const char *)&c->measured +
					s->measure);
}

static bool is_measured(const struct calibration *c, const struct source *s)
{
	return s->part && measure_at(c, s)->known;
}

uint32_t profile_rows(void)
{
	return COST_KINDS + DELAYS;
}

uint32_t profile_rows_measured(const struct calibration *c)
{
	uint32_t n = c->measured.wake_delay.known;

	for (int k = 0; k < COST_KINDS; k++)
		n += is_measured(c, &sources[k]);
	return n;
}

static void put_measure(FILE *out, const struct measure *m, const char *how)
{
	fprintf(out,
		"  ps: %" PRIu64 "\n  source: \"measured here: median of %d "
		"rounds, quartiles %" PRIu64 " and %" PRIu64 " ps; %s\"\n",
		m->median, MEASURE_ROUNDS, m->low, m->high, how);
}

static void put_base(FILE *out, const struct calibration *c, uint64_t ps)
{
	fprintf(out,
		"  ps: %" PRIu64 "\n  source: \"assumed: as in %s; not "
		"measured here\"\n",
		ps, c->base.name);
}

static void put_row(FILE *out, const struct calibration *c, enum cost k)
{
	const struct source *s = &sources[k];

	fprintf(out, "%s:\n", cost_info(k)->name);
	if (!is_measured(c, s))
		put_base(out, c, c->base.ps[k]);
	else if (s->part == 1)
		put_measure(out, measure_at(c, s), s->how);
	else
		fprintf(out, "  ps: %" PRIu64 "\n  source: \"derived: %s\"\n",
			measure_at(c, s)->median / s->part, s->how);
}

/* Nanoseconds for @by pieces, of picoseconds for one. */
static void put_note(FILE *out, const char *what, const struct measure *m,
		     uint64_t by)
{
	if (m->known)
		fprintf(out,
			"#   %-32s %" PRIu64 " ns, quartiles %" PRIu64
			" and %" PRIu64 "\n",
			what, m->median * by / 1000, m->low * by / 1000,
			m->high * by / 1000);
}

static void put_head(FILE *out, const struct calibration *c)
{
	char what[48];

	fprintf(out,
		"# This machine, as far as it was measured; else %s.\n#\n"
		"# Measured, too, and in no row by itself:\n",
		c->base.name);
	for (int level = 0; level < LEVELS; level++) {
		snprintf(what, sizeof what, "a KiB copied in %s",
			 measure_level_name((enum cache_level)level));
		put_note(out, what, &c->measured.copy_byte[level], 1024);
	}
	put_note(out, "a page moved by mremap", &c->measured.move, 1);
	fprintf(out, "# Not measured:");
	for (int k = 0; k < COST_KINDS; k++)
		if (!is_measured(c, &sources[k]))
			fprintf(out, " %s", cost_info((enum cost)k)->name);
	fprintf(out, "%s interrupt-delay\n\n",
		c->measured.wake_delay.known ? "" : " wake-delay");
}

void profile_out(FILE *out, const void *calibration)
{
	const struct calibration *c = calibration;

	put_head(out, c);
	for (int k = 0; k < COST_KINDS; k++)
		put_row(out, c, (enum cost)k);
	fprintf(out, "wake-delay:\n");
	if (c->measured.wake_delay.known)
		put_measure(
			out, &c->measured.wake_delay,
			"from the end of that write until the sleeper runs");
	else
		put_base(out, c, c->base.wake_delay_ps);
	fprintf(out, "interrupt-delay:\n");
	put_base(out, c, c->base.interrupt_delay_ps);
}
