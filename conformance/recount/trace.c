/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines of a trace, and what each adds. */
#include "conformance/recount/recount.h"

/* A line of one trace, cut up. */
struct line {
	uint64_t ps;
	char actor[NAME], kind[NAME], vm[NAME];
	bool tx;
	char *rest; /* behind the queue, or behind the kind of a step */
	uint32_t link;
	uint32_t place;
};

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

void trace_read(void)
{
	static char text[LINE];
	struct line l = {.place = 0};

	while (fgets(text, sizeof text, stdin)) {
		line_cut(text, &l);
		line_read(&l);
		l.place++;
	}
}
