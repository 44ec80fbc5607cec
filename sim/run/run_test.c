/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Captures through a whole run, on every path: what each machine received is
 * written, read back, and compared with the tape, frame by frame in order.
 */
#include "sim/run/run.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/scenario/scenario.h"
#include "sim/traffic/capture/capture.h"
#include "sim/world/world_fixture.h"

static const char *const captures[] = {
	"http.pcap", "iperf3-tso.pcap",   "dns.pcap",        "redis.pcap",
	"ssh.pcap",  "http-ns.pcapng.gz", "udp-oneway.pcap", "imix-ipv6.pcap",
};

static const char *const paths[] = {"shared-buffers", "copy", "vhost-pci",
				    "e1000"};

enum { CAPTURES = sizeof captures / sizeof captures[0], TEXT = 512 };

static char error[512];
static char folder[64];

static struct scenario *load(const char *capture, const char *path)
{
	struct scenario *sc;
	char text[TEXT];

	snprintf(text, sizeof text,
		 "name: t\nvms: [{name: a}, {name: b}]\n"
		 "links: [{ends: [a, b], path: %s}]\n"
		 "traffic: [{pcap: traces/%s}]\n",
		 path, capture);
	sc = scenario_parse("t.yaml", text, strlen(text), NULL, 0, stderr);
	CU_ASSERT_PTR_NOT_NULL_FATAL(sc);
	return sc;
}

/* Runs @sc with deliveries written to the folder. */
static struct run_result *run(const struct scenario *sc)
{
	struct cost_model price;
	struct run_options o = {.price = &price, .pcap_out = folder};
	struct run_result *r = NULL;
	enum run_end end;

	fixture_cost_model(&price);
	end = run_scenario(sc, &o, &r, error, sizeof error);
	if (end != RUN_DONE)
		printf("\n%s\n", error);
	CU_ASSERT_EQUAL_FATAL(end, RUN_DONE);
	return r;
}

/* What VM @to received is what VM @from sent. Returns the frames. */
static uint64_t compare(const struct tape *t, uint32_t from, uint32_t to)
{
	struct tape_cursor *cursors =
		calloc(tape_cursors(t) + 1, sizeof *cursors);
	struct capture_options as_is = {0};
	struct capture_reader r;
	struct capture_packet was;
	struct capture c;
	struct app_packet p;
	char file[96];
	uint64_t due, last = 0, n = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(cursors);
	snprintf(file, sizeof file, "%s/%c.pcap", folder, 'a' + to);
	CU_ASSERT_FATAL(capture_open(file, &as_is, &c, error, sizeof error));
	CU_ASSERT_FATAL(capture_begin(&r, &c));
	while (tape_peek(t, cursors, from, to, &p, &due) == APP_PACKET) {
		CU_ASSERT_FATAL(capture_next(&r, &was));
		CU_ASSERT_EQUAL_FATAL(was.held, p.len);
		CU_ASSERT_EQUAL_FATAL(memcmp(was.bytes, p.bytes, p.len), 0);
		CU_ASSERT(was.time_ps >= last);
		last = was.time_ps;
		tape_take(t, cursors, from, to);
		n++;
	}
	CU_ASSERT_EQUAL(n, c.count);
	capture_end(&r);
	capture_close(&c);
	free(cursors);
	unlink(file);
	return n;
}

static void round_trip(const char *capture, const char *path)
{
	struct scenario *sc = load(capture, path);
	struct run_result *r = run(sc);
	int code = 0;
	struct tape *t = tape_open(sc, NULL, error, sizeof error, &code);

	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	CU_ASSERT_EQUAL(compare(t, 0, 1) + compare(t, 1, 0), tape_packets(t));
	CU_ASSERT_EQUAL(r->all.sent.packets, tape_packets(t));
	CU_ASSERT_EQUAL(r->all.delivered.packets, tape_packets(t));
	CU_ASSERT_EQUAL(r->all.delivered.bytes, r->all.sent.bytes);
	CU_ASSERT_EQUAL(r->all.lost.packets + r->unsent, 0);
	CU_ASSERT(r->settled);
	tape_close(t);
	run_result_free(r);
	scenario_free(sc);
}

static void every_frame_arrives_as_it_was(void)
{
	strcpy(folder, "/tmp/run_test.XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	for (uint32_t i = 0; i < CAPTURES; i++)
		for (uint32_t k = 0; k < 3; k++)
			round_trip(captures[i], paths[k]);
	CU_ASSERT_EQUAL(rmdir(folder), 0);
}

/* Where there is nothing to read, nothing is run and nothing left over. */
static void a_capture_that_is_not_there(void)
{
	struct scenario *sc = load("no-such.pcap", "copy");
	struct run_options o = {0};
	struct run_result *r = NULL;

	CU_ASSERT_EQUAL(run_scenario(sc, &o, &r, error, sizeof error),
			RUN_UNREADABLE);
	CU_ASSERT_PTR_NULL(r);
	CU_ASSERT_PTR_NOT_NULL(strstr(error, "no-such.pcap"));
	scenario_free(sc);
}

/* Deliveries have nowhere to go: said before anything is lost. */
static void a_folder_that_cannot_be(void)
{
	struct scenario *sc = load("dns.pcap", "copy");
	struct cost_model price;
	struct run_options o = {.price = &price,
				.pcap_out = "/dev/null/nowhere"};
	struct run_result *r = NULL;

	fixture_cost_model(&price);
	CU_ASSERT_EQUAL(run_scenario(sc, &o, &r, error, sizeof error),
			RUN_FAILED);
	CU_ASSERT_PTR_NULL(r);
	scenario_free(sc);
}

/* Nobody is left to be lied to: the run ends all the same, and says so. */
static void a_fault_in_vain(void)
{
	static const char text[] =
		"name: t\nvms: [{name: a}, {name: b}]\n"
		"links: [{ends: [a, b]}]\n"
		"traffic: [{generate: fixed, from: a, to: b, packets: 9}]\n"
		"faults: [{kind: crash, who: b, at: 1us}, "
		"{kind: lie, who: a, at: 1ms}]\n";
	struct scenario *sc = scenario_parse("t.yaml", text, sizeof text - 1,
					     NULL, 0, stderr);
	char said[256] = "";
	struct cost_model price;
	struct run_options o = {.price = &price};
	struct run_result *r = NULL;

	CU_ASSERT_PTR_NOT_NULL_FATAL(sc);
	fixture_cost_model(&price);
	o.talk = fmemopen(said, sizeof said, "w");
	CU_ASSERT_EQUAL_FATAL(run_scenario(sc, &o, &r, error, sizeof error),
			      RUN_DONE);
	fclose(o.talk);
	CU_ASSERT_TRUE(r->settled);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "faults[1] never struck"));
	CU_ASSERT_PTR_NULL(strstr(said, "faults[0]"));
	run_result_free(r);
	scenario_free(sc);
}

static const struct unit_case cases[] = {
	{"every frame arrives as it was", every_frame_arrives_as_it_was},
	{"a capture that is not there", a_capture_that_is_not_there},
	{"a folder that cannot be", a_folder_that_cannot_be},
	{"a fault that is in vain", a_fault_in_vain},
};

UNIT_MAIN("run", cases)
