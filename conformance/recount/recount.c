/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The statistics of a run, once more, from nothing but its trace:
 *
 *	recount PROFILE PAYERS A,B,PACKETS,PACKETS... <TRACE
 *
 * with the file of prices, one that says who pays for what is counted, and of
 * each link the two VMs and how many packets the traffic has from the first and
 * from the second, prints a line for each figure: its place in the run's JSON
 * and its value. Shares no code with the program, and keeps everything in
 * memory.
 */
#include "conformance/recount/recount.h"

struct recount s;

static const char *const flow_name[] = {"sent", "delivered", "too_large",
					"lost"};

void __attribute__((noreturn)) give_up(const char *why, const char *what)
{
	fprintf(stderr, "recount: %s: %s\n", why, what);
	exit(2);
}

uint32_t party_of(const char *name)
{
	for (uint32_t i = 0; i < s.parties; i++)
		if (strcmp(s.party[i], name) == 0)
			return i;
	assert(s.parties < PARTIES);
	assert(strlen(name) < NAME);
	memcpy(s.party[s.parties], name, strlen(name) + 1);
	return s.parties++;
}

static FILE *opened(const char *file)
{
	FILE *in = fopen(file, "r");

	if (!in)
		give_up("cannot read", file);
	return in;
}

/* Prices, and their names, which are those of what is counted. */
static void profile_read(const char *file)
{
	FILE *in = opened(file);
	char text[LINE];

	while (fgets(text, sizeof text, in)) {
		if (text[0] >= 'a' && text[0] <= 'z') {
			assert(s.costs < COSTS);
			snprintf(s.cost[s.costs++], NAME, "%.*s",
				 (int)strcspn(text, ":"), text);
		} else if (strncmp(text, "  ps: ", 6) == 0) {
			assert(s.costs);
			s.price[s.costs - 1] = strtoull(text + 6, NULL, 10);
		}
	}
	fclose(in);
	/* The two delays at the end are prices of nothing that is counted. */
	assert(s.costs > 2 && strstr(s.cost[s.costs - 1], "-delay") &&
	       strstr(s.cost[s.costs - 2], "-delay"));
	s.costs -= 2;
}

/* Lines of a cost and who pays for it, and first all who can, alone. */
static void payers_read(const char *file)
{
	FILE *in = opened(file);
	char text[LINE];

	while (fgets(text, sizeof text, in)) {
		char *payer = text, *name;

		text[strcspn(text, "\n")] = '\0';
		name = strsep(&payer, " ");
		if (!payer)
			party_of(name);
		for (uint32_t k = 0; payer && k < s.costs; k++)
			if (strcmp(s.cost[k], name) == 0)
				snprintf(s.payer[k], NAME, "%s", payer);
	}
	fclose(in);
	for (uint32_t k = 0; k < s.costs; k++)
		if (!s.payer[k][0])
			give_up("nobody pays", s.cost[k]);
}

static void put_rate(const char *at, const char *key, uint64_t amount,
		     bool known)
{
	uint64_t span = s.last_delivered - s.first_sent;

	if (known)
		printf("%smodelled.%s %" PRIu64 "\n", at, key,
		       (uint64_t)((unsigned __int128)amount * 1000000000000u /
				  span));
	else
		printf("%smodelled.%s null\n", at, key);
}

static void put_modelled(const char *at, struct figures *f)
{
	uint64_t got = f->packets[DELIVERED];
	bool known = got && s.last_delivered > s.first_sent;

	printf("%smodelled.virtual_ps %" PRIu64 "\n", at, s.done_ps);
	put_rate(at, "packets_per_second", got, known);
	put_rate(at, "bits_per_second", 8 * f->bytes[DELIVERED], known);
	put_latency(at, f);
	printf("%smodelled.gifts_per_packet_milli %" PRIu64 "\n", at,
	       got ? f->gifts * 1000 / got : 0);
}

static uint64_t cost_of(const struct figures *f, const char *name)
{
	for (uint32_t k = 0; k < s.costs; k++)
		if (strcmp(s.cost[k], name) == 0)
			return f->cost[k];
	give_up("no price", name);
}

/* Every way in which a guest was left. */
static uint64_t exits_of(const struct figures *f)
{
	uint64_t sum = cost_of(f, "hypercall");

	for (uint32_t k = 0; k < s.costs; k++)
		if (strncmp(s.cost[k], "exit-", 5) == 0)
			sum += f->cost[k];
	return sum;
}

/* Where events tell the same, they are what counts. */
static uint64_t count_of(const struct figures *f, uint32_t k)
{
	const uint64_t *bytes = f->bytes;

	if (!strcmp(s.cost[k], "gift"))
		return f->gifts;
	if (!strcmp(s.cost[k], "packet"))
		return f->packets[SENT] + f->packets[DELIVERED] +
		       f->packets[TOO_LARGE];
	if (!strcmp(s.cost[k], "app-byte"))
		return bytes[SENT] + bytes[DELIVERED] + bytes[TOO_LARGE];
	return f->cost[k];
}

static void put_figures(const char *at, struct figures *f)
{
	for (int k = SENT; k <= LOST; k++)
		printf("%s%s.packets %" PRIu64 "\n%s%s.bytes %" PRIu64 "\n", at,
		       flow_name[k], f->packets[k], at, flow_name[k],
		       f->bytes[k]);
#define PUT(key, value) printf("%s" key " %" PRIu64 "\n", at, value)
	PUT("dropped", f->dropped);
	PUT("returned", f->returned);
	PUT("host_bytes_copied", cost_of(f, "host-byte") +
					 cost_of(f, "tap-byte") +
					 cost_of(f, "bounce-byte"));
	PUT("guest_bytes_copied", cost_of(f, "guest-byte"));
	PUT("exits", exits_of(f));
	PUT("kicks_suppressed", f->kicks_suppressed);
	PUT("calls_suppressed", f->calls_suppressed);
#undef PUT
	for (uint32_t k = 0; k < s.costs; k++)
		printf("%scounts.%s %" PRIu64 "\n", at, s.cost[k],
		       count_of(f, k));
	put_modelled(at, f);
}

static uint64_t unsent_of(uint32_t link, uint32_t end)
{
	return s.offered[link][end] - s.link[link].taken[end];
}

static void put_link(uint32_t i)
{
	char at[NAME];

	snprintf(at, sizeof at, "links.%" PRIu32 ".", i);
	printf("%spaired %s\n%sslots_used %" PRIu64 "\n", at,
	       s.paired[i] ? "true" : "false", at, s.slots[i]);
	put_figures(at, &s.link[i]);
	for (uint32_t end = 0; end < 2; end++) {
		snprintf(at, sizeof at, "links.%" PRIu32 ".held.%" PRIu32, i,
			 end);
		put_held(at, &s.held[i][end]);
		printf("links.%" PRIu32 ".unsent.%" PRIu32 ".packets %" PRIu64
		       "\n",
		       i, end, unsent_of(i, end));
	}
}

static void figures_finish(struct figures *f)
{
	f->packets[LOST] = f->packets[SENT] - f->packets[DELIVERED];
	f->bytes[LOST] = f->bytes[SENT] - f->bytes[DELIVERED];
}

static void figures_sum(struct figures *to, const struct figures *from)
{
	for (int k = SENT; k <= LOST; k++) {
		to->packets[k] += from->packets[k];
		to->bytes[k] += from->bytes[k];
	}
	for (int k = 0; k < COSTS; k++)
		to->cost[k] += from->cost[k];
	to->dropped += from->dropped;
	to->returned += from->returned;
	to->kicks_suppressed += from->kicks_suppressed;
	to->calls_suppressed += from->calls_suppressed;
	to->gifts += from->gifts;
}

static void link_take(char *text)
{
	char *a = strsep(&text, ","), *b = strsep(&text, ",");
	char *from_a = strsep(&text, ","), *from_b = strsep(&text, ",");

	if (!from_b)
		give_up("not two VMs and two numbers", a);
	snprintf(s.end[s.links][0], NAME, "%s", a);
	snprintf(s.end[s.links][1], NAME, "%s", b);
	s.offered[s.links][0] = strtoull(from_a, NULL, 10);
	s.offered[s.links++][1] = strtoull(from_b, NULL, 10);
}

int main(int argc, char **argv)
{
	uint64_t unsent = 0;

	if (argc < 4 || argc - 3 > LINKS)
		give_up("usage",
			"recount PROFILE PAYERS A,B,PACKETS,PACKETS... <TRACE");
	profile_read(argv[1]);
	payers_read(argv[2]);
	for (int i = 3; i < argc; i++)
		link_take(argv[i]);
	trace_read();
	latencies_find();
	for (uint32_t i = 0; i < s.links; i++) {
		figures_finish(&s.link[i]);
		figures_sum(&s.all, &s.link[i]);
	}
	for (uint32_t i = 0; i < 2 * s.links; i++)
		unsent += unsent_of(i / 2, i % 2);
	printf("unsent %" PRIu64 "\n", unsent);
	put_figures("", &s.all);
	put_cpu();
	for (uint32_t i = 0; i < s.links; i++)
		put_link(i);
	return 0;
}
