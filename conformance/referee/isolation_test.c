/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads and writes against a map of grants, one lie a case. */
#include "conformance/referee_harness.h"
#include "conformance/referee/isolation.h"

enum { HOST = 2, RAM = 0x1000, RAM_SIZE = 0x10000 };

static void begin(struct referee_harness *h)
{
	static const struct grant grant[] = {
		{RAM, RAM_SIZE, 0, 0, true},
		{RAM, RAM_SIZE, 1, 1, true},
		{RAM, RAM_SIZE, HOST, 0, false},
		{0x80000000, 0x1000, HOST, 0, true},
		{0xfffffffffffff000, 0xfff, 0, 0, true},
	};

	harness_prepare(h);
	memcpy(h->grant, grant, sizeof grant);
	h->map.grants = sizeof grant / sizeof *grant;
	harness_open(h, &isolation_referee);
}

static void touch(struct referee_harness *h, enum event_kind kind,
		  actor_id actor, uint32_t vm, uint64_t addr, uint32_t len)
{
	TELL(h, .kind = kind, .actor = actor, .b = vm, .addr = addr,
	     .len = len);
}

static void at_home(void)
{
	struct referee_harness h;

	begin(&h);
	touch(&h, EV_GUEST_READ, 0, 0, RAM, RAM_SIZE);
	touch(&h, EV_GUEST_WRITE, 0, 0, RAM + RAM_SIZE - 1, 1);
	touch(&h, EV_GUEST_WRITE, 1, 1, RAM, 1);
	touch(&h, EV_HOST_READ, HOST, 0, RAM + 5, 60);
	touch(&h, EV_HOST_WRITE, HOST, 0, 0x80000000, 0x1000);
	touch(&h, EV_HOST_READ, HOST, 0, RAM + 5, 60);
	harness_silent(&h);
	harness_close(&h);
}

static void other_vm(void)
{
	struct referee_harness h;

	begin(&h);
	touch(&h, EV_GUEST_READ, 0, 1, RAM, 1);
	harness_finds(&h, CLAUSE_EXT_REACH, 0);
	touch(&h, EV_HOST_READ, HOST, 1, RAM, 1);
	harness_finds(&h, CLAUSE_EXT_REACH, HOST);
	touch(&h, EV_GUEST_READ, 0, 99, RAM, 1);
	harness_finds(&h, CLAUSE_EXT_REACH, 0);
	harness_close(&h);
}

static void read_only(void)
{
	struct referee_harness h;

	begin(&h);
	touch(&h, EV_HOST_READ, HOST, 0, RAM, 8);
	touch(&h, EV_HOST_WRITE, HOST, 0, RAM, 8);
	harness_finds(&h, CLAUSE_EXT_REACH, HOST);
	harness_close(&h);
}

static void at_the_edges(void)
{
	struct referee_harness h;

	begin(&h);
	touch(&h, EV_GUEST_READ, 0, 0, RAM - 1, 2);
	harness_finds(&h, CLAUSE_EXT_REACH, 0);
	touch(&h, EV_GUEST_READ, 0, 0, RAM + RAM_SIZE - 1, 2);
	harness_finds(&h, CLAUSE_EXT_REACH, 0);
	touch(&h, EV_GUEST_READ, 0, 0, RAM + RAM_SIZE, 0);
	harness_silent(&h);
	harness_close(&h);
}

static void around_the_end_of_addresses(void)
{
	struct referee_harness h;

	begin(&h);
	touch(&h, EV_GUEST_READ, 0, 0, UINT64_MAX - 1, 1);
	harness_silent(&h);
	touch(&h, EV_GUEST_READ, 0, 0, UINT64_MAX - 1, 2);
	harness_finds(&h, CLAUSE_EXT_REACH, 0);
	touch(&h, EV_GUEST_READ, 0, 0, UINT64_MAX - 0xff, 0x1200);
	harness_finds(&h, CLAUSE_EXT_REACH, 0);
	touch(&h, EV_GUEST_READ, 0, 0, RAM, UINT32_MAX);
	harness_finds(&h, CLAUSE_EXT_REACH, 0);
	harness_close(&h);
}

static void an_actor_without_grants(void)
{
	struct referee_harness h;

	begin(&h);
	touch(&h, EV_HOST_READ, 255, 0, RAM, 1);
	harness_finds(&h, CLAUSE_EXT_REACH, 255);
	harness_close(&h);
}

static const struct unit_case cases[] = {
	{"at home", at_home},
	{"another VM's memory", other_vm},
	{"a read-only grant", read_only},
	{"at the edges", at_the_edges},
	{"around the end of addresses", around_the_end_of_addresses},
	{"an actor without grants", an_actor_without_grants},
};

UNIT_MAIN("isolation", cases)
