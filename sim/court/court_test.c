/* SPDX-License-Identifier: BSD-3-Clause */
/* A court of referees that find what a test tells them to. */
#include "sim/court/court.h"

#include "sim/world/world_fixture.h"

enum { MOST = 2, ROOMS = 4 };

/* What it heard, and what it is to find. */
struct witness {
	struct referee_setup setup;
	uint64_t sends;
	uint64_t finished; /* when it was asked what is owed; 0: never */
};

static uint64_t unended_told[UNENDED_HEALED + 1];
static enum clause on_send, on_finish; /* what they break; or none */

static void report(const struct referee_setup *s, enum clause clause,
		   struct event e)
{
	const struct finding f = {
		.clause = clause, .event = e, .slot = NO_SLOT};

	if (clause != CLAUSE_NONE)
		s->report(s->to, &f);
}

static void hear_send(void *self, const struct event *e)
{
	struct witness *w = self;

	w->sends++;
	report(&w->setup, on_send, *e);
}

static const struct event_subscriptions hears_sends = {
	.handler = {[EV_SEND] = hear_send}};

static size_t witness_size(const struct world_config *c)
{
	(void)c;
	return sizeof(struct witness);
}

static void *witness_create(const struct referee_setup *s)
{
	struct witness *w = arena_new(s->arena, struct witness, 1);

	w->setup = *s;
	return w;
}

static void witness_finish(void *self, uint64_t now)
{
	struct witness *w = self;

	w->finished = now;
	report(&w->setup, on_finish, (struct event){.time = now});
}

static void witness_unended(const struct referee_setup *s,
			    const struct unended *u)
{
	unended_told[u->kind]++;
	report(s, CLAUSE_EXT_SEND, (struct event){.time = u->now});
}

static void witness_canon(const void *self, uint32_t q, struct canon *f)
{
	const struct witness *w = self;

	canon_u8(f, (uint8_t)(w->sends + q));
}

#define WITNESS                                                            \
	.name = "witness", .size = witness_size, .create = witness_create, \
	.subscriptions = &hears_sends, .finish = witness_finish

static const struct referee_ops forgetful = {WITNESS};
static const struct referee_ops keeper = {WITNESS, .unended = witness_unended,
					  .canon = witness_canon};
static const struct referee_ops *const both[] = {&forgetful, &keeper};

static struct violation room[ROOMS];
static struct fixture f;
static struct court court;
static uint64_t counted, heard;

static void count_send(void *self, const struct event *e)
{
	(void)e;
	++*(uint64_t *)self;
	/* Ahead of referees. */
	CU_ASSERT(((struct witness *)court.referee[0])->sends < counted);
}

static const struct event_subscriptions counts_sends = {
	.handler = {[EV_SEND] = count_send}};

static void hear_all(void *to, const struct event *ev, uint32_t places)
{
	struct event_walk walk = event_walk(ev, places);
	struct event one;

	CU_ASSERT_EQUAL(heard, counted); /* ahead of all */
	while (event_next(&walk, &one))
		*(uint64_t *)to += one.kind == EV_SEND;
}

/* Two machines, and a court as @setup says with both referees. */
static void open(struct court_setup setup)
{
	memset(unended_told, 0, sizeof unended_told);
	on_send = on_finish = CLAUSE_NONE;
	counted = heard = 0;
	setup.referee = both;
	setup.referees = 2;
	setup.room = room;
	setup.rooms = ROOMS;
	fixture_open(&f, FIXTURE_PAIR(FIXTURE_SCRIPT));
	CU_ASSERT_TRUE_FATAL(court_digests(&court));
	CU_ASSERT(court_size(&setup, f.w.cfg) <= FIXTURE_ROOM);
	court_begin(&court, &setup, &f.w);
}

static void close(void)
{
	court_free(&court);
	fixture_close(&f);
}

static const struct witness *witness(uint32_t i)
{
	return court.referee[i];
}

static void sends(uint32_t count)
{
	fixture_do(&f, "run");
	while (count--)
		fixture_do(&f, "vm1 send 60");
	fixture_do(&f, "run");
}

static void all_hear(void)
{
	open((struct court_setup){.counts = &counts_sends,
				  .counter = &counted});
	court.hear = hear_all;
	court.hears = &heard;
	sends(3);
	CU_ASSERT_EQUAL(heard, 3);
	CU_ASSERT_EQUAL(counted, 3);
	CU_ASSERT_EQUAL(witness(0)->sends, 3);
	CU_ASSERT_EQUAL(witness(1)->sends, 3);
	CU_ASSERT_EQUAL(court.found, 0);
	close();
}

/* Of the same events it is that of whoever only digests. */
static void digest(void)
{
	uint64_t was;

	fixture_open(&f, FIXTURE_PAIR(FIXTURE_SCRIPT));
	sends(2);
	was = fixture_digest(&f);
	fixture_close(&f);
	for (uint32_t again = 0; again < 2; again++) {
		open((struct court_setup){0});
		sends(2);
		CU_ASSERT_EQUAL(court_digest(&court), was);
		fixture_close(&f);
	}
	court_free(&court);
}

/* The first of all, and the first of each clause. */
static void what_is_kept(void)
{
	open((struct court_setup){.most = MOST});
	on_send = CLAUSE_EXT_POST_FIRST;
	sends(2);
	on_send = CLAUSE_EXT_EPOCH;
	sends(1);
	CU_ASSERT_EQUAL(court.found, 6);
	CU_ASSERT_EQUAL_FATAL(court.kept, MOST + 1);
	CU_ASSERT_EQUAL(room[MOST].finding.clause, CLAUSE_EXT_EPOCH);
	CU_ASSERT_EQUAL(court.clauses.count, 2);
	CU_ASSERT_TRUE(court.broken[CLAUSE_EXT_POST_FIRST]);
	CU_ASSERT_STRING_EQUAL(room[0].actor, "vm1");
	CU_ASSERT_EQUAL(room[0].history_lines, 0);
	court_forget(&court);
	CU_ASSERT_EQUAL(court.found + court.kept + court.clauses.count, 0);
	CU_ASSERT_FALSE(court.broken[CLAUSE_EXT_POST_FIRST]);
	close();
}

/* No more than there is room for. */
static void room_ends(void)
{
	open((struct court_setup){.most = 2 * ROOMS});
	on_send = CLAUSE_EXT_POST_FIRST;
	sends(ROOMS);
	CU_ASSERT_EQUAL(court.found, 2 * ROOMS);
	CU_ASSERT_EQUAL(court.kept, ROOMS);
	close();
}

static void story(void)
{
	open((struct court_setup){.most = MOST, .stories = true});
	on_send = CLAUSE_EXT_POST_FIRST;
	sends(1);
	CU_ASSERT_FALSE(court.untold);
	CU_ASSERT_FATAL(room[0].history_lines > 0);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(room[0].story[room[0].history_lines - 1], "packet"));
	close();
}

static bool excuses_posts(void *to, const struct finding *found)
{
	CU_ASSERT_PTR_EQUAL(to, &f);
	return found->clause == CLAUSE_EXT_POST_FIRST;
}

static void what_is_excused(void)
{
	open((struct court_setup){
		.most = MOST, .excuses = excuses_posts, .to = &f});
	on_send = CLAUSE_EXT_POST_FIRST;
	sends(1);
	CU_ASSERT_EQUAL(court.found, 0);
	CU_ASSERT_EQUAL(court.kept, 0);
	CU_ASSERT_TRUE(clause_list_has(&court.clauses, CLAUSE_EXT_POST_FIRST));
	court_forget(&court);
	CU_ASSERT_EQUAL(court.clauses.count, 0);
	CU_ASSERT_TRUE(clause_list_has(&court.excused, CLAUSE_EXT_POST_FIRST));
	court_report(&court, &(struct finding){.clause = CLAUSE_EXT_BOUNDED});
	CU_ASSERT_EQUAL(court.found, 1);
	CU_ASSERT_FALSE(clause_list_has(&court.excused, CLAUSE_EXT_BOUNDED));
	close();
}

/* Where a referee knows what is owed, nobody is asked why things wait. */
static void at_rest(void)
{
	static uint64_t answered[2];

	open((struct court_setup){.most = MOST});
	sends(1);
	on_finish = CLAUSE_EXT_BOUNDED;
	court_rest(&court, &f.app, answered, 77);
	CU_ASSERT_EQUAL(witness(0)->finished, 77);
	CU_ASSERT_EQUAL(court.found, 2);
	CU_ASSERT_EQUAL(unended_told[UNENDED_TAKEN], 0);
	on_finish = CLAUSE_NONE;
	court_rest(&court, &f.app, NULL, 78);
	CU_ASSERT_EQUAL(court.found, 2);
	court_rest(&court, &f.app, answered, 79);
	CU_ASSERT_EQUAL(unended_told[UNENDED_TAKEN], 1);
	CU_ASSERT_EQUAL(court.found, 3);
	answered[0] = f.app.nic[0].seq;
	court_rest(&court, &f.app, answered, 80);
	CU_ASSERT_EQUAL(unended_told[UNENDED_TAKEN], 1);
	close();
}

static void what_waits(void)
{
	open((struct court_setup){.most = MOST});
	fixture_do(&f, "vm1 send 60");
	court_owed(&court, 5);
	CU_ASSERT_EQUAL(court.found, 0);
	court_rest(&court, &f.app, NULL, 6);
	CU_ASSERT_EQUAL(unended_told[UNENDED_SEND], 1);
	court_lasts(&court, PROGRESS_STEPS | PROGRESS_GIFT);
	CU_ASSERT_EQUAL(unended_told[UNENDED_GIFTS], 1);
	court_unended(&court, &(struct unended){.kind = UNENDED_BUSY});
	CU_ASSERT_EQUAL(unended_told[UNENDED_BUSY], 1);
	CU_ASSERT_EQUAL(court.found, 3);
	close();
}

static bool lies_in(const struct arena *a, const void *at)
{
	const uint8_t *byte = at;

	return byte >= a->base && byte < a->base + a->size;
}

/* What is put back with a state is what has a canonical form. */
static void where_they_lie(void)
{
	open((struct court_setup){0});
	CU_ASSERT_TRUE(lies_in(&f.w.extra, court.referee[1]));
	close();
	open((struct court_setup){.rewound = true});
	CU_ASSERT_TRUE(lies_in(&f.w.extra, court.referee[0]));
	CU_ASSERT_TRUE(lies_in(&f.w.state, court.referee[1]));
	close();
}

static void canonical_form(void)
{
	static uint8_t form[16];
	struct canon c = {0};

	open((struct court_setup){.rewound = true});
	sends(2);
	canon_begin(&c, form, sizeof form);
	court_canon(&court, 3, &c);
	CU_ASSERT_EQUAL(form[0], 2 + 3); /* of the one that has any */
	CU_ASSERT_EQUAL(form[1], 0);
	close();
}

static const struct unit_case cases[] = {
	{"all hear, whoever counts before referees", all_hear},
	{"the digest of events", digest},
	{"what is kept", what_is_kept},
	{"room ends", room_ends},
	{"what led to a finding", story},
	{"what is excused", what_is_excused},
	{"at rest", at_rest},
	{"what waits", what_waits},
	{"where referees lie", where_they_lie},
	{"their canonical form", canonical_form},
};

UNIT_MAIN("court", cases)
