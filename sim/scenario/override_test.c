/* SPDX-License-Identifier: BSD-3-Clause */
/* --set: what it reaches, that the last one wins, and how it is refused. */
#include "sim/scenario/override.h"

#include "sim/scenario/scenario_unit.h"

#define TWO_LINKS                                        \
	"name: t\n"                                      \
	"vms: [{name: a}, {name: b}, {name: c}]\n"       \
	"links:\n"                                       \
	" - {ends: [a, b], rules: 2015}\n"               \
	" - {ends: [b, c], ring: {size: 8, start: 3}}\n" \
	"traffic:\n"                                     \
	" - {pcap: x.pcap}\n"                            \
	" - {generate: fixed, from: a, to: b}\n"

static struct scenario *load(const char *const *sets)
{
	return unit_load(TWO_LINKS, sets);
}

static void one_key(void)
{
	static const char *const sets[] = {"seed=7",
					   "links[0].ring.size=64",
					   "vms[1].start=1ms",
					   "traffic[0].repeat=2",
					   "expect.lost=0",
					   "seed=9",
					   NULL};
	struct scenario *sc = load(sets);

	CU_ASSERT_EQUAL(sc->seed, 9);
	CU_ASSERT_EQUAL(sc->world.link[0].ring.size, 64);
	CU_ASSERT_EQUAL(sc->world.link[1].ring.size, 8);
	CU_ASSERT_EQUAL(sc->world.vm[1].start_ps, 1000000000);
	CU_ASSERT_EQUAL(sc->world.vm[0].start_ps, 0);
	CU_ASSERT_EQUAL(sc->traffic[0].repeat, 2);
	CU_ASSERT_EQUAL(sc->traffic[1].repeat, 1);
	CU_ASSERT_TRUE(sc->expect.has_lost);
	scenario_free(sc);
}

static void all_links(void)
{
	static const char *const sets[] = {"ring.size=64", "path=copy",
					   "bar.slots=8",  "gifts.policy=none",
					   "vms.poll=on",  NULL};
	struct scenario *sc = load(sets);

	for (int i = 0; i < 2; i++) {
		const struct link_config *l = &sc->world.link[i];

		CU_ASSERT_EQUAL(l->ring.size, 64);
		CU_ASSERT_STRING_EQUAL(l->path, "copy");
		CU_ASSERT_EQUAL(l->bar.slots, 8);
		CU_ASSERT_EQUAL(l->gifts.policy, GIFT_NONE);
		CU_ASSERT_TRUE(sc->world.vm[i].poll);
	}
	CU_ASSERT_EQUAL(sc->world.link[1].ring.start, 3);
	scenario_free(sc);
}

#define BOTH_FORMS                                 \
	"name: t\n"                                \
	"vms: [{name: a}, {name: b}, {name: c}]\n" \
	"networks: [{members: [b, c]}]\n"          \
	"links: [{ends: [a, b]}]\n"                \
	"traffic: [{generate: fixed, from: a, to: b}]\n"

/* Whatever form a link came in; its number is by the form, not by the file. */
static void both_forms(void)
{
	static const char *const sets[] = {"ring.size=64", "path=copy",
					   "networks[0].members=[c, a]",
					   "links[0].burst=3", NULL};
	static const char *const good[] = {"ring.size=64", "path=copy",
					   "networks[0].members=[c, a]",
					   "networks.bar.slots=8", NULL};
	struct scenario *sc = unit_load(BOTH_FORMS, good);
	char *said = unit_said(BOTH_FORMS, sets);

	CU_ASSERT_EQUAL(sc->world.links, 2);
	for (int i = 0; i < 2; i++) {
		CU_ASSERT_EQUAL(sc->world.link[i].ring.size, 64);
		CU_ASSERT_STRING_EQUAL(sc->world.link[i].path, "copy");
		CU_ASSERT_EQUAL(sc->world.link[i].members, 2);
	}
	CU_ASSERT_EQUAL(sc->world.link[0].bar.slots, 512);
	CU_ASSERT_EQUAL(sc->world.link[1].bar.slots, 8);
	CU_ASSERT_EQUAL(sc->world.link[0].end[1], 1);
	CU_ASSERT_EQUAL(sc->world.link[1].end[0], 2);
	CU_ASSERT_EQUAL(sc->world.link[1].end[1], 0);
	scenario_free(sc);
	unit_same(said, "--set links[0].burst=3: error: unknown key 'burst'\n");
	free(said);
}

/* An override comes before the defaults that lean on it. */
static void before_defaults(void)
{
	static const char *const sets[] = {"ring.size=64", "bar.slots=80",
					   "bar.slot-size=4096", NULL};
	struct scenario *sc = load(sets);

	CU_ASSERT_EQUAL(sc->world.link[0].private_rx, 8);
	CU_ASSERT_EQUAL(sc->world.link[0].gifts.low, 10);
	CU_ASSERT_EQUAL(sc->world.link[0].gifts.batch, 5);
	CU_ASSERT_EQUAL(sc->world.link[0].bar.stride, 4096);
	scenario_free(sc);
}

static void rules(void)
{
	static const char *const off[] = {"rules.epoch=off", NULL};
	static const char *const only[] = {"rules=2015", "rules.epoch=on",
					   "links[1].rules.geometry=on", NULL};
	struct scenario *sc = load(off);

	CU_ASSERT_EQUAL(sc->world.link[0].rules, RULES_2015);
	CU_ASSERT_EQUAL(sc->world.link[1].rules,
			RULES_ALL & ~RULE_BIT(RULE_EPOCH));
	scenario_free(sc);
	sc = load(only);
	CU_ASSERT_EQUAL(sc->world.link[0].rules, RULE_BIT(RULE_EPOCH));
	CU_ASSERT_EQUAL(sc->world.link[1].rules,
			RULE_BIT(RULE_EPOCH) | RULE_BIT(RULE_GEOMETRY));
	scenario_free(sc);
}

static void whole_values(void)
{
	static const char *const sets[] = {
		"expect.violations=[EXT-TOUCH, EXT-EPOCH]",
		"links[1]={ends: [a, c], ring: {size: 4}}",
		"traffic=[{generate: imix, from: a, to: b}]",
		"script=[run, \"a  send 2\"]",
		"name=a: b #c",
		NULL};
	static const char *const name[] = {"name=\"x\\\"y\"", NULL};
	char *said = unit_said(TWO_LINKS, sets);
	struct scenario *sc;

	unit_same(said, "--set links[1]={ends: [a, c], ring: {size: 4}}: "
			"error: a key follows 'links[1]'\n");
	free(said);
	sc = load((const char *const[]){sets[0], sets[2], sets[3], sets[4],
					NULL});
	CU_ASSERT_EQUAL(sc->expect.violations.count, 2);
	CU_ASSERT_EQUAL(sc->expect.violations.clause[1], CLAUSE_EXT_EPOCH);
	CU_ASSERT_EQUAL(sc->traffics, 1);
	CU_ASSERT_STRING_EQUAL(sc->script[1].text, "a  send 2");
	CU_ASSERT_EQUAL(sc->script[1].line, 0);
	CU_ASSERT_STRING_EQUAL(sc->name, "a: b #c");
	scenario_free(sc);
	sc = load(name);
	CU_ASSERT_STRING_EQUAL(sc->name, "x\"y");
	scenario_free(sc);
}

static void paths(void)
{
	static const char *const sets[] = {"traffic[0].pcap=y.pcap", NULL};
	struct scenario_override set = {sets[0]};
	struct scenario *sc;

	sc = scenario_parse("far/away.yaml", TWO_LINKS, strlen(TWO_LINKS), NULL,
			    0, stdout);
	CU_ASSERT_STRING_EQUAL(sc->traffic[0].pcap, "far/x.pcap");
	scenario_free(sc);
	sc = scenario_parse("far/away.yaml", TWO_LINKS, strlen(TWO_LINKS), &set,
			    1, stdout);
	CU_ASSERT_STRING_EQUAL(sc->traffic[0].pcap, "y.pcap");
	scenario_free(sc);
}

static void unknown_keys(void)
{
	unit_set_says("rules.foo=off",
		      "--set rules.foo=off: error: unknown key 'foo'\n");
	unit_set_says("rules.epcoh=off",
		      "--set rules.epcoh=off: error: unknown key 'epcoh'; "
		      "did you mean 'epoch'?\n");
	unit_set_says("sede=3", "--set sede=3: error: unknown key 'sede'; did "
				"you mean 'seed'?\n");
	unit_set_says("rings.size=4",
		      "--set rings.size=4: error: unknown key 'rings'; did you "
		      "mean 'ring'?\n");
	unit_set_says("links[0].ring.sise=4",
		      "--set links[0].ring.sise=4: error: unknown key 'sise'; "
		      "did you mean 'size'?\n");
}

static void bad_values(void)
{
	unit_set_says("seed=lots",
		      "--set seed=lots: error: 'seed' needs a whole number, "
		      "decimal or 0x, not 'lots'\n");
	unit_set_says("ring.size=100",
		      "--set ring.size=100: error: 'size' is 100, not a power "
		      "of two\n");
	unit_set_says("ring=5", "--set ring=5: error: 'ring' needs a mapping, "
				"not '5'\n");
	unit_set_says("name=", "--set name=: error: 'name' needs text, not "
			       "nothing\n");
	unit_set_says("name=\xff", "--set name=\\xff: error: invalid UTF-8\n");
	unit_set_says("traffic.rate=5",
		      "--set traffic.rate=5: error: 'rate' needs pace: rate\n");
	unit_set_says("gifts.low=400",
		      "--set gifts.low=400: error: 'low' is 400, more than "
		      "half of 512 slots\n");
	unit_set_says("ring={size: 4, size: 8}",
		      "--set ring={size: 4, size: 8}: error: duplicate key "
		      "'size'\n");
	unit_set_says("links[0].ends=[vm1",
		      "--set links[0].ends=[vm1: error: did not find expected "
		      "',' or ']', while parsing a flow sequence that begins "
		      "in line 1\n");
	unit_set_says("ring={size: &a 4}",
		      "--set ring={size: &a 4}: error: anchors are not "
		      "supported; write the value out\n");
}

static void bad_paths(void)
{
	unit_set_says("seed", "--set seed: error: needs key=value\n");
	unit_set_says("=5", "--set =5: error: needs key=value\n");
	unit_set_says("seed.x=5",
		      "--set seed.x=5: error: 'seed' has no keys in it\n");
	unit_set_says("seed[0]=5", "--set seed[0]=5: error: 'seed' takes no "
				   "[0]\n");
	unit_set_says("links[1].path=copy",
		      "--set links[1].path=copy: error: there is no links[1]; "
		      "the last one is links[0]\n");
	unit_set_says("links[x].path=copy",
		      "--set links[x].path=copy: error: 'links[' needs a "
		      "number and a ]\n");
	unit_set_says("links[4294967296].path=copy",
		      "--set links[4294967296].path=copy: error: 'links[' "
		      "needs a number and a ]\n");
	unit_set_says("links[0]path=copy",
		      "--set links[0]path=copy: error: a dot or = follows "
		      "'links'\n");
}

/* Where the file itself is wrong, only the file is blamed. */
static void wrong_file(void)
{
	static const char *const sets[] = {"ring.size=64", "rules.epoch=off",
					   NULL};
	char *said = unit_said(VMS "links: [{ends: [vm1, vm2], ring: 3, "
				   "rules: [a]}]\n" TRAFFIC,
			       sets);

	unit_same(said,
		  "t.yaml:3:34: error: 'ring' needs a mapping, not '3'\n"
		  "    3 | links: [{ends: [vm1, vm2], ring: 3, rules: [a]}]\n"
		  "      |                                  ^\n"
		  "t.yaml:3:44: error: 'rules' needs 2015, all or a mapping of "
		  "switches, not a list\n"
		  "    3 | links: [{ends: [vm1, vm2], ring: 3, rules: [a]}]\n"
		  "      |                                            ^\n");
	free(said);
}

static void nothing_to_set(void)
{
	static const char *const sets[] = {"traffic.repeat=2", NULL};
	char *said = unit_said(VMS LINK "script: [a]\n", sets);

	unit_same(said, "--set traffic.repeat=2: error: 'traffic' has no "
			"entries\n");
	free(said);
}

static const struct unit_case cases[] = {
	{"a key is set, the last one wins", one_key},
	{"a key of links alone means all links", all_links},
	{"links and networks are set alike", both_forms},
	{"defaults follow what is set", before_defaults},
	{"one rule beside 2015 and all", rules},
	{"lists and quoted text are YAML", whole_values},
	{"a path starts where the user stands", paths},
	{"unknown keys are refused", unknown_keys},
	{"values are checked as in a file", bad_values},
	{"paths that lead nowhere are refused", bad_paths},
	{"a wrong file is reported as such", wrong_file},
	{"a list without entries has nothing to set", nothing_to_set},
};

UNIT_MAIN("override", cases)
