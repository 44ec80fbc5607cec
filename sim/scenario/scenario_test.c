/* SPDX-License-Identifier: BSD-3-Clause */
/* What a scenario becomes: every value given, every default. */
#include "sim/scenario/scenario.h"

#include <sys/stat.h>
#include <unistd.h>

#include "sim/scenario/scenario_unit.h"

static const char example[] =
	"name: one capture between two machines\n"
	"seed: 1\n"
	"vms: [{name: vm1}, {name: vm2}]\n"
	"links:\n"
	"  - path: shared-buffers\n"
	"    ends: [vm1, vm2]\n"
	"    ring: {layout: split, size: 256, event-idx: on}\n"
	"    bar: {slots: 512, slot-size: 2048}\n"
	"    gifts: {policy: watermark, low: 64, batch: 32}\n"
	"    rules: {post-before-send: on}\n"
	"traffic:\n"
	"  - {pcap: ../../traces/http.pcap, direction-by: auto, pace: recorded,"
	" repeat: 3}\n"
	"  - {generate: fixed, bytes: 64, packets: 100000, from: vm1, to: vm2,"
	" pace: asap}\n"
	"expect: {violations: none, host-bytes-copied: 0, lost: 0}\n";

static void whole_example(void)
{
	struct scenario *sc =
		scenario_parse("conformance/scenarios/a.yaml", example,
			       strlen(example), NULL, 0, stdout);

	CU_ASSERT_PTR_NOT_NULL_FATAL(sc);
	CU_ASSERT_STRING_EQUAL(sc->file, "conformance/scenarios/a.yaml");
	CU_ASSERT_STRING_EQUAL(sc->name, "one capture between two machines");
	CU_ASSERT_EQUAL(sc->traffics, 2);
	CU_ASSERT_EQUAL(sc->traffic[0].kind, TRAFFIC_PCAP);
	CU_ASSERT_STRING_EQUAL(sc->traffic[0].pcap,
			       "conformance/scenarios/../../traces/http.pcap");
	CU_ASSERT_EQUAL(sc->traffic[0].repeat, 3);
	CU_ASSERT_EQUAL(sc->traffic[1].kind, TRAFFIC_FIXED);
	CU_ASSERT_PTR_NULL(sc->traffic[1].pcap);
	CU_ASSERT_EQUAL(sc->traffic[1].packets, 100000);
	CU_ASSERT_EQUAL(sc->traffic[1].to, 1);
	CU_ASSERT_TRUE(sc->expect.has_violations);
	CU_ASSERT_EQUAL(sc->expect.violations.count, 0);
	CU_ASSERT_TRUE(sc->expect.has_host_bytes_copied);
	CU_ASSERT_TRUE(sc->expect.has_lost);
	CU_ASSERT_FALSE(sc->expect.has_delivered);
	CU_ASSERT_FALSE(sc->expect.has_digest);
	scenario_free(sc);
}

static void top_defaults(void)
{
	struct scenario *sc = unit_load(WHOLE, NULL);

	CU_ASSERT_EQUAL(sc->seed, 1);
	CU_ASSERT_STRING_EQUAL(sc->profile, "host-2023");
	CU_ASSERT_EQUAL(sc->schedule, SCHEDULE_TIME);
	CU_ASSERT_EQUAL(sc->world.burst, 32);
	CU_ASSERT_FALSE(sc->world.one_action);
	CU_ASSERT_EQUAL(sc->world.vms, 2);
	CU_ASSERT_EQUAL(sc->world.links, 1);
	CU_ASSERT_EQUAL(sc->script_lines, 0);
	CU_ASSERT_FALSE(sc->expect.has_violations);
	scenario_free(sc);
}

static void vm_defaults(void)
{
	struct scenario *sc = unit_load(WHOLE, NULL);
	const struct vm_config *vm = &sc->world.vm[1];

	CU_ASSERT_STRING_EQUAL(vm->name, "vm2");
	CU_ASSERT_EQUAL(vm->start_ps, 0);
	CU_ASSERT_FALSE(vm->poll);
	CU_ASSERT_EQUAL(vm->guess, GUESS_PARITY);
	CU_ASSERT_EQUAL(vm->rx_chain, 1);
	CU_ASSERT_EQUAL(vm->features,
			UINT64_C(1) << 0 | UINT64_C(1) << 1 | UINT64_C(1) << 3 |
				UINT64_C(1) << 4 | UINT64_C(1) << 5 |
				UINT64_C(1) << 7 | UINT64_C(1) << 8 |
				UINT64_C(1) << 11 | UINT64_C(1) << 12 |
				UINT64_C(1) << 15 | UINT64_C(1) << 16 |
				UINT64_C(1) << 32 | UINT64_C(1) << 58);
	scenario_free(sc);
}

static void link_defaults(void)
{
	struct scenario *sc = unit_load(WHOLE, NULL);
	const struct link_config *l = &sc->world.link[0];

	CU_ASSERT_STRING_EQUAL(l->path, "shared-buffers");
	CU_ASSERT_EQUAL(l->end[0], 0);
	CU_ASSERT_EQUAL(l->end[1], 1);
	CU_ASSERT_EQUAL(l->ring.size, 256);
	CU_ASSERT_EQUAL(l->ring.start, 0);
	CU_ASSERT_TRUE(l->ring.event_idx);
	CU_ASSERT_FALSE(l->ring.indirect);
	CU_ASSERT_EQUAL(l->bar.slots, 512);
	CU_ASSERT_EQUAL(l->bar.slot_size, 2048);
	CU_ASSERT_EQUAL(l->bar.stride, 2048);
	CU_ASSERT_EQUAL(l->gifts.policy, GIFT_WATERMARK);
	CU_ASSERT_EQUAL(l->gifts.low, 64);
	CU_ASSERT_EQUAL(l->gifts.batch, 32);
	CU_ASSERT_EQUAL(l->alloc, ALLOC_FIFO);
	CU_ASSERT_EQUAL(l->rules, RULES_ALL);
	CU_ASSERT_EQUAL(l->private_rx, 32);
	CU_ASSERT_EQUAL(l->private_size, 2048);
	CU_ASSERT_EQUAL(l->max_frame, 65589);
	CU_ASSERT_EQUAL(l->park_ps, 1000000000);
	CU_ASSERT_TRUE(l->fallback);
	CU_ASSERT_FALSE(l->host_poll);
	scenario_free(sc);
}

static void traffic_defaults(void)
{
	struct scenario *sc = unit_load(
		VMS LINK "traffic: [{pcap: x}, {generate: bursts, from: vm1, "
			 "to: vm2}]\n",
		NULL);
	const struct traffic_config *t = sc->traffic;

	CU_ASSERT_STRING_EQUAL(t[0].pcap, "x");
	CU_ASSERT_EQUAL(t[0].direction_by, DIRECTION_AUTO);
	CU_ASSERT_EQUAL(t[0].pace, PACE_RECORDED);
	CU_ASSERT_EQUAL(t[0].scale_percent, 100);
	CU_ASSERT_EQUAL(t[0].rate, 0);
	CU_ASSERT_EQUAL(t[0].max_gap_ps, 0);
	CU_ASSERT_EQUAL(t[0].repeat, 1);
	CU_ASSERT_EQUAL(t[0].snapped, SNAPPED_PAD);
	CU_ASSERT_EQUAL(t[0].damaged, DAMAGED_REFUSE);
	CU_ASSERT_EQUAL(t[1].kind, TRAFFIC_BURSTS);
	CU_ASSERT_EQUAL(t[1].pace, PACE_ASAP);
	CU_ASSERT_EQUAL(t[1].bytes, 64);
	CU_ASSERT_EQUAL(t[1].reply_bytes, 64);
	CU_ASSERT_EQUAL(t[1].window, 1);
	CU_ASSERT_EQUAL(t[1].packets, 1000);
	CU_ASSERT_EQUAL(t[1].burst, 32);
	CU_ASSERT_EQUAL(t[1].gap_ps, 100000000);
	CU_ASSERT_FALSE(t[1].both);
	scenario_free(sc);
}

static void small_bar(void)
{
	struct scenario *sc = unit_load(
		VMS "links: [{ends: [vm2, vm1], ring: {size: 4}, bar: {slots: "
		    "1, slot-size: 64, stride: 128}}]\n" TRAFFIC,
		NULL);
	const struct link_config *l = &sc->world.link[0];

	CU_ASSERT_EQUAL(l->end[0], 1);
	CU_ASSERT_EQUAL(l->gifts.low, 1);
	CU_ASSERT_EQUAL(l->gifts.batch, 1);
	CU_ASSERT_EQUAL(l->bar.stride, 128);
	CU_ASSERT_EQUAL(l->private_rx, 0);
	scenario_free(sc);
}

static uint32_t rules_of(const char *spelled)
{
	char text[200];
	struct scenario *sc;
	uint32_t rules;

	snprintf(text, sizeof text,
		 "%slinks: [{ends: [vm1, vm2], rules: %s}]\n%s", VMS, spelled,
		 TRAFFIC);
	sc = unit_load(text, NULL);
	rules = sc->world.link[0].rules;
	scenario_free(sc);
	return rules;
}

static void rule_spellings(void)
{
	CU_ASSERT_EQUAL(rules_of("2015"), RULES_2015);
	CU_ASSERT_EQUAL(rules_of("all"), RULES_ALL);
	CU_ASSERT_EQUAL(rules_of("{}"), RULES_ALL);
	CU_ASSERT_EQUAL(rules_of("{epoch: off, hold-map: no}"),
			RULES_ALL & ~RULE_BIT(RULE_EPOCH) &
				~RULE_BIT(RULE_HOLD_MAP));
}

static void traffic_spellings(void)
{
	struct scenario *sc = unit_load(
		VMS LINK
		"traffic:\n"
		" - {pcap: a, pace: scaled, scale: 0.5x, max-gap: 2s}\n"
		" - {pcap: b, pace: rate, rate: 10k, direction-by: port}\n"
		" - {generate: request-response, from: vm2, to: vm1, window: 4,"
		" reply-bytes: 1500, both: yes}\n"
		" - {generate: imix, from: vm1, to: vm2, pace: rate, rate: 3M,"
		" packets: 0x10}\n",
		NULL);

	CU_ASSERT_EQUAL(sc->traffic[0].scale_percent, 50);
	CU_ASSERT_EQUAL(sc->traffic[0].max_gap_ps, 2000000000000);
	CU_ASSERT_EQUAL(sc->traffic[1].rate, 10000);
	CU_ASSERT_EQUAL(sc->traffic[1].direction_by, DIRECTION_PORT);
	CU_ASSERT_EQUAL(sc->traffic[2].window, 4);
	CU_ASSERT_EQUAL(sc->traffic[2].reply_bytes, 1500);
	CU_ASSERT_EQUAL(sc->traffic[2].from, 1);
	CU_ASSERT_TRUE(sc->traffic[2].both);
	CU_ASSERT_EQUAL(sc->traffic[3].rate, 3000000);
	CU_ASSERT_EQUAL(sc->traffic[3].packets, 16);
	scenario_free(sc);
}

static void script(void)
{
	struct scenario *sc = unit_load(VMS LINK "script:\n"
						 "  - vm1 send 3\n"
						 "  - \"vm2  \\x72un\"\n",
					NULL);

	CU_ASSERT_EQUAL(sc->script_lines, 2);
	CU_ASSERT_STRING_EQUAL(sc->script[0].text, "vm1 send 3");
	CU_ASSERT_EQUAL(sc->script[0].line, 5);
	CU_ASSERT_EQUAL(sc->script[0].column, 5);
	CU_ASSERT_STRING_EQUAL(sc->script[1].text, "vm2  run");
	CU_ASSERT_EQUAL(sc->script[1].line, 6);
	scenario_free(sc);
}

static void expectations(void)
{
	struct scenario *sc = unit_load(
		WHOLE "expect: {violations: [EXT-TOUCH, P-SPLIT-4], delivered: "
		      "18446744073709551615, digest: 0xfedcba9876543210}\n",
		NULL);

	CU_ASSERT_EQUAL(sc->expect.violations.count, 2);
	CU_ASSERT_EQUAL(sc->expect.violations.clause[0], CLAUSE_EXT_TOUCH);
	CU_ASSERT_EQUAL(sc->expect.violations.clause[1], CLAUSE_SPLIT_HEAD);
	CU_ASSERT_EQUAL(sc->expect.delivered, UINT64_MAX);
	CU_ASSERT_EQUAL(sc->expect.digest, 0xfedcba9876543210);
	scenario_free(sc);
}

static char *path_of(const char *file, const char *key, const char *value)
{
	char text[300];
	struct scenario *sc;
	char *path;

	snprintf(text, sizeof text,
		 strcmp(key, "pcap") ? WHOLE "%s: %s\n"
				     : VMS LINK "traffic: [{%s: %s}]\n",
		 key, value);
	sc = scenario_parse(file, text, strlen(text), NULL, 0, stdout);
	CU_ASSERT_PTR_NOT_NULL_FATAL(sc);
	path = strdup(sc->traffic[0].pcap ? sc->traffic[0].pcap : sc->profile);
	scenario_free(sc);
	return path;
}

static void path_is(const char *file, const char *key, const char *value,
		    const char *expected)
{
	char *path = path_of(file, key, value);

	unit_same(path, expected);
	free(path);
}

static void paths(void)
{
	path_is("d/e/t.yaml", "pcap", "x.pcap", "d/e/x.pcap");
	path_is("d/e/t.yaml", "pcap", "/x.pcap", "/x.pcap");
	path_is("d/e/t.yaml", "pcap", "\"-\"", "-");
	path_is("t.yaml", "pcap", "x.pcap", "x.pcap");
	path_is("/t.yaml", "pcap", "x.pcap", "/x.pcap");
	path_is("-", "pcap", "x/y.pcap", "x/y.pcap");
	path_is("d/t.yaml", "profile", "host-2015", "host-2015");
	path_is("d/t.yaml", "profile", "mine.yaml", "d/mine.yaml");
	path_is("d/t.yaml", "profile", "p/mine", "d/p/mine");
}

static void other_spellings(void)
{
	unit_says("\xef\xbb\xbf" WHOLE, "");
	unit_says("%YAML 1.1\n---\n" WHOLE "...\n", "");
	unit_says("{name: t, vms: [{name: \"a\"}, {name: 'b'}], links: [{ends: "
		  "[a, b]}], script: [run]}",
		  "");
	unit_says("name: t\r\nvms: [{name: a}, {name: b}]\r\nlinks: [{ends: "
		  "[a, b]}]\r\nscript: [run]\r\nschedule: \"random\"\r\n",
		  "");
}

static char *said_of_file(const char *file)
{
	char *said = NULL;
	size_t size;
	FILE *talk = open_memstream(&said, &size);

	scenario_free(scenario_load(file, NULL, 0, talk));
	fclose(talk);
	return said;
}

static void files(void)
{
	char name[] = "/tmp/scenarioXXXXXX";
	int fd = mkstemp(name);
	char *said;

	CU_ASSERT_TRUE_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, WHOLE, strlen(WHOLE)),
			(ssize_t)strlen(WHOLE));
	said = said_of_file(name);
	unit_same(said, "");
	free(said);
	CU_ASSERT_EQUAL(ftruncate(fd, (1 << 20) + 1), 0);
	said = said_of_file(name);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(said, ": error: longer than 1048576 bytes\n"));
	free(said);
	close(fd);
	unlink(name);
	said = said_of_file("no/such/file.yaml");
	unit_same(said,
		  "no/such/file.yaml: error: No such file or directory\n");
	free(said);
	said = said_of_file("sim");
	unit_same(said, "sim: error: Is a directory\n");
	free(said);
}

static const struct unit_case cases[] = {
	{"the example is read as it is meant", whole_example},
	{"defaults of a scenario", top_defaults},
	{"defaults of a machine", vm_defaults},
	{"defaults of a link", link_defaults},
	{"defaults of traffic", traffic_defaults},
	{"computed defaults are at least one", small_bar},
	{"rules are 2015, all or switches", rule_spellings},
	{"traffic in all its kinds", traffic_spellings},
	{"a script keeps its places", script},
	{"expectations", expectations},
	{"paths start at the scenario's folder", paths},
	{"other ways to write YAML", other_spellings},
	{"files that cannot be read", files},
};

UNIT_MAIN("scenario", cases)
