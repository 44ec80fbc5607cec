/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A driver that leaves frames with their applications does not pass: not in a
 * run, not in a swarm, not in an exploration. Its real code is compiled here
 * once more, so that what is called to send can be lazy.
 */
#define net_driver_send real_send
#include "model/guest/net_driver_tx.c"
#undef net_driver_send

#include <stdio.h>

#include "conformance/referees.h"
#include "model/unit.h"
#include "sim/explore/search.h"
#include "sim/run/run.h"
#include "sim/scenario/scenario.h"
#include "sim/swarm/swarm.h"

bool net_driver_send(struct net_driver *d);

enum laziness {
	BUSY,
	NEVER_SENDS,
	SENDS_SOME,    /* and nothing more */
	STOPS_IN_TIME, /* when the ends have been paired once more */
	FORGETS, /* takes some from its application, and leaves it at that */
};

static struct {
	enum laziness is;
	uint32_t left; /* passes in which it still does its work */
	uint64_t done; /* frames that were taken and forgotten */
} lazy;

static bool forget(struct net_driver *d)
{
	struct app_packet p;

	if (d->app->peek(d->app_ctx, d->driver.nic, &p, &d->wait_ps) !=
	    APP_PACKET)
		return false;
	d->app->taken(d->app_ctx, d->driver.nic, false);
	lazy.done++;
	return true;
}

static bool has_ended(const struct net_driver *d)
{
	switch (lazy.is) {
	case NEVER_SENDS:
		return true;
	case SENDS_SOME:
		return lazy.left == 0;
	case STOPS_IN_TIME:
		return d->epoch > 1;
	default:
		return false;
	}
}

bool net_driver_send(struct net_driver *d)
{
	bool sent;

	if (d->driver.nic == 0 && has_ended(d)) {
		d->wait_ps = UINT64_MAX;
		d->tx_blocked = false;
		d->starved = 0;
		return false;
	}
	if (d->driver.nic == 0 && lazy.is == FORGETS && d->link_up &&
	    lazy.left == 0 && lazy.done == 0)
		return forget(d);
	sent = real_send(d);
	if (d->driver.nic == 0 && sent && lazy.left)
		lazy.left--;
	return sent;
}

static const struct cost_model price;
static char error[512];

static struct scenario *load(const char *rest)
{
	struct scenario *sc;
	char text[1024];

	snprintf(text, sizeof text,
		 "name: t\nvms: [{name: a}, {name: b}]\n"
		 "links: [{ends: [a, b], ring: {size: 16}, private-rx: 4, "
		 "private-size: 256, bar: {slots: 8, slot-size: 256}}]\n%s",
		 rest);
	sc = scenario_parse("t.yaml", text, strlen(text), NULL, 0, stderr);
	CU_ASSERT_PTR_NOT_NULL_FATAL(sc);
	return sc;
}

static struct run_result *run(const char *rest, enum laziness is, uint32_t left)
{
	struct run_options o = {.referee = referees,
				.referees = REFEREES,
				.price = &price,
				.check = true};
	struct scenario *sc = load(rest);
	struct run_result *r;

	lazy.is = is;
	lazy.left = left;
	lazy.done = 0;
	CU_ASSERT_EQUAL_FATAL(run_scenario(sc, &o, &r, error, sizeof error),
			      RUN_DONE);
	lazy.is = BUSY;
	scenario_free(sc);
	return r;
}

/* Nobody but EXT-SEND is to blame, and at the end. */
static void fails(struct run_result *r, uint64_t unsent)
{
	CU_ASSERT_FALSE(r->held);
	CU_ASSERT_TRUE(r->settled);
	CU_ASSERT_TRUE_FATAL(r->violations > 0);
	CU_ASSERT_TRUE(r->broken[CLAUSE_EXT_SEND]);
	CU_ASSERT_EQUAL(r->violation[0].finding.clause, CLAUSE_EXT_SEND);
	CU_ASSERT_EQUAL(r->unsent, unsent);
	CU_ASSERT_EQUAL(r->link[0].unsent[0].packets, unsent);
	run_result_free(r);
}

static const char *const traffic =
	"traffic: [{generate: fixed, from: a, to: b, packets: 100, both: on}]\n"
	"burst: 1\n";

static void busy(void)
{
	struct run_result *r = run(traffic, BUSY, 0);

	CU_ASSERT_TRUE(r->held);
	CU_ASSERT_EQUAL(r->all.delivered.packets, 200);
	CU_ASSERT_EQUAL(r->unsent, 0);
	run_result_free(r);
}

static void never_sends(void)
{
	struct run_result *r = run(traffic, NEVER_SENDS, 0);

	CU_ASSERT_EQUAL(r->all.delivered.packets, 100);
	CU_ASSERT_TRUE(r->violation[0].finding.event.time >= r->last_ps);
	fails(r, 100);
}

static void sends_some(void)
{
	struct run_result *r = run(traffic, SENDS_SOME, 37);

	CU_ASSERT_EQUAL(r->all.delivered.packets, 137);
	fails(r, 63);
}

/* The reset excuses what was under way, and nothing that comes after. */
static void stops_after_reset(void)
{
	static const char *const with_reset =
		"traffic: [{generate: fixed, from: a, to: b, packets: 100, "
		"pace: rate, rate: 1M}]\nburst: 1\n"
		"faults: [{kind: reset, who: a, at: 50us}]\n";
	struct run_result *r = run(with_reset, BUSY, 0);

	CU_ASSERT_TRUE(r->held);
	run_result_free(r);
	r = run(with_reset, STOPS_IN_TIME, 0);
	CU_ASSERT_TRUE(r->all.sent.packets > 10);
	fails(r, 100 - r->all.sent.packets);
}

static void forgets(void)
{
	struct run_result *r = run(traffic, FORGETS, 10);

	CU_ASSERT_EQUAL(r->all.sent.packets, 199);
	fails(r, 0);
	/* also the last one, behind which no gap can be seen */
	r = run(traffic, FORGETS, 99);
	CU_ASSERT_EQUAL(r->all.sent.packets, 199);
	fails(r, 0);
}

/* What a crash leaves unsent is excused, and told. */
static void crash_excuses(void)
{
	struct run_result *r =
		run("traffic: [{generate: fixed, from: a, to: b, "
		    "packets: 100, pace: rate, rate: 1M}]\n"
		    "faults: [{kind: crash, who: b, at: 50us}]\n",
		    BUSY, 0);

	CU_ASSERT_TRUE(r->held);
	CU_ASSERT_TRUE(r->unsent > 10);
	CU_ASSERT_STRING_EQUAL(r->link[0].unsent[0].why, "the receiver died");
	run_result_free(r);
}

static void nothing_offered(void)
{
	struct run_result *r = run("script: [run]\n", BUSY, 0);

	CU_ASSERT_FALSE(r->held);
	CU_ASSERT_EQUAL(r->violations, 0);
	run_result_free(r);
	r = run("script: [run]\nexpect: {delivered: 0}\n", BUSY, 0);
	CU_ASSERT_TRUE(r->held);
	run_result_free(r);
}

static void swarm(void)
{
	struct swarm_options o = {
		.referee = referees, .referees = REFEREES, .price = &price};
	struct scenario *sc = load("explore: {sends: 2}\n");
	struct swarm *s = swarm_open(&o);
	struct swarm_result r;
	uint32_t failed = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	for (sc->seed = 1; sc->seed <= 20; sc->seed++) {
		lazy.is = NEVER_SENDS;
		CU_ASSERT_TRUE(swarm_run(s, sc, &r, error, sizeof error));
		lazy.is = BUSY;
		failed += r.failed && r.finding.clause == CLAUSE_EXT_SEND;
		CU_ASSERT_TRUE(swarm_run(s, sc, &r, error, sizeof error));
		CU_ASSERT_FALSE(r.failed);
	}
	CU_ASSERT_TRUE(failed > 10); /* in the others a has nothing to say */
	swarm_close(s);
	scenario_free(sc);
}

static void exploration(void)
{
	struct search_options o = {
		.referee = referees, .referees = REFEREES, .price = &price};
	struct scenario *sc = load("script: [run]\nexplore: {sends: 1}\n");
	struct search_result *r;

	lazy.is = NEVER_SENDS;
	CU_ASSERT_EQUAL_FATAL(search_scenario(sc, &o, &r, error, sizeof error),
			      SEARCH_DONE);
	CU_ASSERT_TRUE_FATAL(r->violations > 0);
	CU_ASSERT_EQUAL(r->violation[0].finding.clause, CLAUSE_EXT_SEND);
	search_result_free(r);
	lazy.is = BUSY;
	CU_ASSERT_EQUAL_FATAL(search_scenario(sc, &o, &r, error, sizeof error),
			      SEARCH_DONE);
	CU_ASSERT_TRUE(r->complete);
	CU_ASSERT_EQUAL(r->violations, 0);
	search_result_free(r);
	scenario_free(sc);
}

static const struct unit_case cases[] = {
	{"a driver that does its work", busy},
	{"a driver that never sends", never_sends},
	{"a driver that sends some frames and no more", sends_some},
	{"a driver that stops after a reset", stops_after_reset},
	{"a driver that takes a frame and forgets it", forgets},
	{"a crash excuses what is not sent, and is told", crash_excuses},
	{"nothing is offered", nothing_offered},
	{"a swarm", swarm},
	{"an exploration", exploration},
};

UNIT_MAIN("lazy drivers", cases)
