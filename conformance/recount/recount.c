/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The statistics of a run, once more, from nothing but its trace:
 *
 *	recount PROFILE PAYERS A,B,PACKETS,PACKETS... <TRACE
 *
 * with the file of prices, one that says who pays for what is counted, and of
 *each link the two VMs and how many packets the traffic has from the first and
 *from the second, prints a line for each figure: its place in the run's JSON
 *and its value. Shares no code with the program, and keeps everything in
 *memory.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LINKS = 8,
	COSTS = 64,
	ACTORS = 32,
	PARTIES = 8,
	POINTS = 256,
	LINE = 1024,
	NAME = 64
};

/* A frame that was sent or delivered. */
struct frame {
	uint64_t hash, ps;
	uint32_t flow;  /* 2 * link + end of the sender */
	uint32_t place; /* of the line in the trace */
	bool gone;      /* sent, and delivered already */
};

struct frames {
	struct frame *at;
	size_t count, room;
};

/* What one end held after a step. */
struct held {
	uint64_t ps;
	uint64_t slots;
};

struct helds {
	struct held *at;
	size_t count, room;
};

struct figures {
	uint64_t taken[2];             /* packets sent or refused, by end */
	uint64_t packets[4], bytes[4]; /* by enum flow_kind */
	uint64_t dropped, returned, kicks_suppressed, calls_suppressed;
	uint64_t cost[COSTS];
	uint64_t gifts; /* slots */
	uint64_t *latency;
	size_t latencies;
};

/* Who acts, and the time that its steps took. */
struct actor {
	char name[NAME];
	uint32_t party, core;
	bool polls;
	uint64_t from_ps, to_ps; /* to_ps 0: to the end */
	uint64_t paid[PARTIES];
};

enum flow_kind { SENT, DELIVERED, TOO_LARGE, LOST };

static const char *const flow_name[] = {"sent", "delivered", "too_large",
					"lost"};

static struct {
	char end[LINKS][2][NAME];
	uint32_t links;
	uint64_t offered[LINKS][2]; /* packets that the traffic has */
	char cost[COSTS][NAME];
	uint64_t price[COSTS];
	char payer[COSTS][NAME];
	char party[PARTIES][NAME];
	uint32_t parties;
	struct actor actor[ACTORS];
	uint32_t actors;
	uint32_t costs;
	struct figures link[LINKS], all;
	struct helds held[LINKS][2];
	bool paired[LINKS];
	uint64_t slots[LINKS];
	struct frames sent, delivered;
	uint64_t last_ps; /* of all lines */
	uint64_t done_ps; /* when the last step is paid for */
	uint64_t first_sent, last_delivered;
	bool any_sent;
} s;

static void __attribute__((noreturn)) give_up(const char *why, const char *what)
{
	fprintf(stderr, "recount: %s: %s\n", why, what);
	exit(2);
}

static void *grown(void *at, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return at;
	*room = *room ? 2 * *room : 1024;
	at = realloc(at, *room * size);
	if (!at)
		give_up("out of memory", "-");
	return at;
}

/* A line of one trace, cut up. */
struct line {
	uint64_t ps;
	char actor[NAME], kind[NAME], vm[NAME];
	bool tx;
	char *rest; /* behind the queue, or behind the kind of a step */
	uint32_t link;
	uint32_t place;
};

/* Picoseconds, from text like 12.345. */
static uint64_t ps_of(const char *text)
{
	char *point;
	uint64_t ns = strtoull(text, &point, 10);

	if (*point != '.' || strspn(point + 1, "0123456789") != 3)
		give_up("not a time", text);
	return ns * 1000 + strtoull(point + 1, NULL, 10);
}

/* The number behind the word @key and a blank; false: there is none. */
static bool number_at(const char *rest, const char *key, uint64_t *out)
{
	size_t size = strlen(key);

	for (const char *at = rest; (at = strstr(at, key)); at += size) {
		bool begins = at == rest || at[-1] == ' ';

		if (begins && at[size] == ' ' && at[size + 1] >= '0' &&
		    at[size + 1] <= '9') {
			*out = strtoull(at + size + 1, NULL, 10);
			return true;
		}
	}
	return false;
}

/* The number in front of " @unit". */
static uint64_t number_before(const char *rest, const char *unit)
{
	const char *at = strstr(rest, unit);

	if (!at)
		give_up("no number", rest);
	while (at > rest && at[-1] >= '0' && at[-1] <= '9')
		at--;
	return strtoull(at, NULL, 10);
}

static void line_cut(char *text, struct line *l)
{
	char *at = text + strspn(text, " "), *word;
	uint64_t link = 0;

	text[strcspn(text, "\n")] = '\0';
	l->ps = ps_of(strsep(&at, " "));
	word = strsep(&at, " ");
	if (!at || strcmp(word, "ns"))
		give_up("not a line of a trace", text);
	at += strspn(at, " ");
	snprintf(l->actor, sizeof l->actor, "%.*s", (int)strcspn(at, " "), at);
	at += strcspn(at, " ");
	at += strspn(at, " ");
	snprintf(l->kind, sizeof l->kind, "%.*s", (int)strcspn(at, " "), at);
	at += strcspn(at, " ");
	at += strspn(at, " ");
	l->link = 0;
	l->rest = at;
	if (!strcmp(l->kind, "actor"))
		return;
	if (strcmp(l->kind, "step")) {
		char *point = strchr(at, '.');

		if (!point)
			give_up("no queue", at);
		snprintf(l->vm, sizeof l->vm, "%.*s", (int)(point - at), at);
		l->tx = point[1] == 't';
		at = point + 3;
		at += strspn(at, " ");
	}
	l->rest = at;
	if (s.links > 1 || !strcmp(l->kind, "step"))
		if (!number_at(at, "link", &link))
			give_up("no link", at);
	if (link >= s.links)
		give_up("no such link", at);
	l->link = (uint32_t)link;
}

static uint32_t end_of(uint32_t link, const char *vm)
{
	for (uint32_t end = 0; end < 2; end++)
		if (strcmp(s.end[link][end], vm) == 0)
			return end;
	give_up("no end of the link", vm);
}

static void frame_add(struct frames *f, const struct line *l, uint32_t end,
		      uint64_t ps)
{
	const char *hash = strstr(l->rest, "frame ");

	if (!hash)
		give_up("no frame", l->rest);
	f->at = grown(f->at, f->count, &f->room, sizeof *f->at);
	f->at[f->count++] = (struct frame){.hash = strtoull(hash + 6, NULL, 16),
					   .ps = ps,
					   .flow = 2 * l->link + end,
					   .place = l->place};
}

static void flow_add(const struct line *l, enum flow_kind kind)
{
	if (kind != DELIVERED)
		s.link[l->link].taken[end_of(l->link, l->vm)]++;
	s.link[l->link].packets[kind]++;
	s.link[l->link].bytes[kind] += number_before(l->rest, " bytes");
}

static void line_send(const struct line *l)
{
	const char *due = strstr(l->rest, ", due ");

	if (!due)
		give_up("no due time", l->rest);
	flow_add(l, SENT);
	frame_add(&s.sent, l, end_of(l->link, l->vm),
		  ps_of(memcpy((char[32]){0}, due + 6, strcspn(due + 6, " "))));
	if (!s.any_sent)
		s.first_sent = l->ps;
	s.any_sent = true;
}

static void line_deliver(const struct line *l)
{
	flow_add(l, DELIVERED);
	frame_add(&s.delivered, l, !end_of(l->link, l->vm), l->ps);
	s.last_delivered = l->ps;
}

static uint32_t party_of(const char *name)
{
	for (uint32_t i = 0; i < s.parties; i++)
		if (strcmp(s.party[i], name) == 0)
			return i;
	assert(s.parties < PARTIES);
	assert(strlen(name) < NAME);
	memcpy(s.party[s.parties], name, strlen(name) + 1);
	return s.parties++;
}

static struct actor *actor_of(const char *name)
{
	for (uint32_t i = 0; i < s.actors; i++)
		if (strcmp(s.actor[i].name, name) == 0)
			return &s.actor[i];
	give_up("no such actor", name);
}

static void line_actor(const struct line *l)
{
	struct actor *a = &s.actor[s.actors++];
	uint64_t core;
	char party[NAME];

	assert(s.actors <= ACTORS);
	snprintf(a->name, NAME, "%s", l->actor);
	snprintf(party, NAME, "%.*s", (int)strcspn(l->rest, ","), l->rest);
	a->party = party_of(party);
	if (!number_at(l->rest, "core", &core))
		give_up("no core", l->rest);
	a->core = (uint32_t)core;
	a->polls = strstr(l->rest, ", polls");
	a->from_ps = l->ps;
}

/* @ps of whoever pays for cost @k, in a step of @a. */
static void pay(struct actor *a, uint32_t k, uint64_t ps)
{
	bool own = strcmp(s.payer[k], "whoever steps") == 0;

	a->paid[own ? a->party : party_of(s.payer[k])] += ps;
}

static void line_step(const struct line *l)
{
	struct figures *f = &s.link[l->link];
	struct actor *a = actor_of(l->actor);
	uint64_t count, done = l->ps;

	for (uint32_t k = 0; k < s.costs; k++)
		if (number_at(l->rest, s.cost[k], &count)) {
			f->cost[k] += count;
			done += count * s.price[k];
			pay(a, k, count * s.price[k]);
		}
	if (done > s.done_ps)
		s.done_ps = done;
	if (number_at(l->rest, "holds", &count)) {
		struct helds *h = &s.held[l->link][end_of(l->link, l->actor)];

		h->at = grown(h->at, h->count, &h->room, sizeof *h->at);
		h->at[h->count++] = (struct held){l->ps, count};
	}
}

static void line_read(const struct line *l)
{
	struct figures *f = &s.link[l->link];
	const char *kind = l->kind;

	if (!strcmp(kind, "actor")) {
		line_actor(l);
		return;
	}
	if (!strcmp(kind, "crash"))
		actor_of(l->actor)->to_ps = l->ps;
	s.last_ps = l->ps > s.last_ps ? l->ps : s.last_ps;
	if (!strcmp(kind, "step"))
		line_step(l);
	else if (!strcmp(kind, "send"))
		line_send(l);
	else if (!strcmp(kind, "deliver"))
		line_deliver(l);
	else if (!strcmp(kind, "refuse"))
		flow_add(l, TOO_LARGE);
	else if (!strcmp(kind, "pair") || !strcmp(kind, "unpair"))
		s.slots[l->link] = (s.paired[l->link] = kind[0] == 'p')
					   ? number_before(l->rest, " slots")
					   : 0;
	f->dropped += !strcmp(kind, "drop");
	f->returned += !strcmp(kind, "fail");
	f->kicks_suppressed += !strcmp(kind, "no-kick");
	f->calls_suppressed += !strcmp(kind, "no-used-notification");
	if (!strcmp(kind, "gift"))
		f->gifts += number_before(l->rest, " slots");
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

static int by_frame(const void *a, const void *b)
{
	const struct frame *x = a, *y = b;

	if (x->flow != y->flow)
		return x->flow < y->flow ? -1 : 1;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static struct frame *sent_as(const struct frame *d)
{
	size_t low = 0, high = s.sent.count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (by_frame(&s.sent.at[middle],
			     &(struct frame){.flow = d->flow,
					     .hash = d->hash}) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == s.sent.count || s.sent.at[low].flow != d->flow ||
	    s.sent.at[low].hash != d->hash)
		return NULL;
	return &s.sent.at[low];
}

/* Every frame is unlike all others on its way, or this could not be told. */
static void latencies_find(void)
{
	struct frame *f = s.sent.at;

	if (s.sent.count)
		qsort(f, s.sent.count, sizeof *f, by_frame);
	for (size_t i = 1; i < s.sent.count; i++)
		if (f[i].flow == f[i - 1].flow && f[i].hash == f[i - 1].hash)
			give_up("frames of equal bytes", s.end[0][0]);
	for (uint32_t i = 0; i < s.links; i++)
		s.link[i].latency =
			calloc(s.delivered.count + 1, sizeof(uint64_t));
	s.all.latency = calloc(s.delivered.count + 1, sizeof(uint64_t));
	for (size_t i = 0; i < s.delivered.count; i++) {
		const struct frame *d = &s.delivered.at[i];
		struct frame *was = sent_as(d);
		struct figures *l = &s.link[d->flow / 2];

		if (!was || was->gone)
			continue;
		was->gone = true;
		l->latency[l->latencies++] = d->ps - was->ps;
		s.all.latency[s.all.latencies++] = d->ps - was->ps;
	}
}

/* A percentile as documented: the end of its bucket, 128 to the octave. */
static uint64_t percentile(const struct figures *f, uint64_t per_million)
{
	size_t rank = (size_t)((f->latencies * per_million + 999999) / 1000000);
	uint64_t value = f->latency[rank ? rank - 1 : 0], width = 1;

	while (value / width >= 256)
		width *= 2;
	value = (value / width + 1) * width - 1;
	return value < f->latency[f->latencies - 1]
		       ? value
		       : f->latency[f->latencies - 1];
}

static void put_latency(const char *at, struct figures *f)
{
	unsigned __int128 sum = 0;

	if (f->latencies == 0) {
		printf("%smodelled.latency_ps null\n", at);
		return;
	}
	qsort(f->latency, f->latencies, sizeof *f->latency, by_size);
	for (size_t i = 0; i < f->latencies; i++)
		sum += f->latency[i];
#define PUT(key, value) \
	printf("%smodelled.latency_ps." key " %" PRIu64 "\n", at, value)
	PUT("packets", (uint64_t)f->latencies);
	PUT("min", f->latency[0]);
	PUT("mean", (uint64_t)(sum / f->latencies));
	PUT("p50", percentile(f, 500000));
	PUT("p90", percentile(f, 900000));
	PUT("p99", percentile(f, 990000));
	PUT("p999", percentile(f, 999000));
	PUT("max", f->latency[f->latencies - 1]);
#undef PUT
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

/* What was held just before @ps, or at first. */
static uint64_t held_before(const struct helds *h, uint64_t ps)
{
	uint64_t slots = h->count ? h->at[0].slots : 0;

	for (size_t i = 0; i < h->count && h->at[i].ps < ps; i++)
		slots = h->at[i].slots;
	return slots;
}

static void put_points(const char *at, const struct helds *h)
{
	uint64_t begin = h->at[0].ps, interval = UINT64_C(1) << 20;
	uint64_t count;

	while ((s.last_ps - begin) / interval >= POINTS)
		interval *= 2;
	count = (s.last_ps - begin) / interval + 1;
	printf("%s.interval_ps %" PRIu64 "\n", at, interval);
	for (uint64_t i = 0; i < count; i++)
		printf("%s.points.%" PRIu64 " %" PRIu64 "\n", at, i,
		       held_before(h, begin + i * interval));
}

static void put_held(const char *at, const struct helds *h)
{
	unsigned __int128 area = 0;
	uint64_t least, most, span;

	if (h->count == 0) {
		printf("%s.min 0\n%s.max 0\n%s.mean_milli 0\n%s.interval_ps "
		       "0\n%s.points []\n",
		       at, at, at, at, at);
		return;
	}
	least = most = h->at[0].slots;
	for (size_t i = 0; i < h->count; i++) {
		uint64_t until = i + 1 < h->count ? h->at[i + 1].ps : s.last_ps;
		uint64_t slots = h->at[i].slots;

		least = slots < least ? slots : least;
		most = slots > most ? slots : most;
		area += (unsigned __int128)slots * (until - h->at[i].ps);
	}
	span = s.last_ps - h->at[0].ps;
	printf("%s.min %" PRIu64 "\n%s.max %" PRIu64 "\n%s.mean_milli %" PRIu64
	       "\n",
	       at, least, at, most, at,
	       span ? (uint64_t)(area * 1000 / span)
		    : h->at[h->count - 1].slots * 1000);
	put_points(at, h);
}

static uint64_t unsent_of(uint32_t link, uint32_t end)
{
	return s.offered[link][end] - s.link[link].taken[end];
}

/* Adds the time of @core by party to @sum; returns all of it. */
static uint64_t core_add(uint32_t core, uint64_t sum[PARTIES])
{
	const struct actor *spins = NULL;
	uint64_t all = 0, there;

	for (uint32_t i = 0; i < s.actors; i++) {
		const struct actor *a = &s.actor[i];

		if (a->core != core)
			continue;
		for (uint32_t p = 0; p < PARTIES; p++) {
			sum[p] += a->paid[p];
			all += a->paid[p];
		}
		if (a->polls && !spins)
			spins = a;
	}
	if (!spins)
		return all;
	there = spins->to_ps ? spins->to_ps : s.done_ps;
	there = there > spins->from_ps ? there - spins->from_ps : 0;
	if (there > all) {
		sum[spins->party] += there - all;
		all = there;
	}
	return all;
}

static bool core_polled(uint32_t core)
{
	bool polled = false;

	for (uint32_t i = 0; i < s.actors; i++)
		polled |= s.actor[i].core == core && s.actor[i].polls;
	return polled;
}

/* @ps, and by the packet. */
static void put_time(const char *at, uint64_t ps)
{
	uint64_t got = s.all.packets[DELIVERED];

	printf("cpu.%sps %" PRIu64 "\ncpu.%sps_per_packet %" PRIu64 "\n", at,
	       ps, at, got ? ps / got : 0);
}

static uint64_t milli(uint64_t amount, uint64_t whole)
{
	return whole ? (uint64_t)((unsigned __int128)amount * 1000 / whole) : 0;
}

static void put_actors(uint32_t core, uint32_t place)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s.actors; i++)
		if (s.actor[i].core == core)
			printf("cpu.cores.%" PRIu32 ".actors.%" PRIu32
			       " \"%s\"\n",
			       place, n++, s.actor[i].name);
}

static void put_cpu(void)
{
	uint64_t sum[PARTIES] = {0}, all = 0;
	uint32_t cores = 0;
	char at[2 * NAME];

	for (uint32_t core = 0; core < ACTORS; core++) {
		bool is = false;
		uint64_t busy = core_add(core, sum);

		for (uint32_t i = 0; i < s.actors; i++)
			is |= s.actor[i].core == core;
		put_actors(core, cores);
		all += busy;
		if (is)
			printf("cpu.cores.%" PRIu32 ".busy_ps %" PRIu64
			       "\ncpu.cores.%" PRIu32 ".polled %s\n",
			       cores, busy, cores,
			       core_polled(core) ? "true" : "false");
		cores += is;
	}
	put_time("", all);
	printf("cpu.cores_busy_milli %" PRIu64 "\n", milli(all, s.done_ps));
	for (uint32_t p = 0; p < s.parties; p++) {
		snprintf(at, sizeof at, "parties.%s.", s.party[p]);
		put_time(at, sum[p]);
		printf("cpu.%sshare_milli %" PRIu64 "\n", at,
		       milli(sum[p], all));
	}
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

static void trace_read(void)
{
	static char text[LINE];
	struct line l = {.place = 0};

	while (fgets(text, sizeof text, stdin)) {
		line_cut(text, &l);
		line_read(&l);
		l.place++;
	}
	latencies_find();
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
