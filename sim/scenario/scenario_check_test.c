/* SPDX-License-Identifier: BSD-3-Clause */
/* Parts that do not fit together: names, links, sizes, kinds of traffic. */
#include "sim/scenario/scenario_check.h"

#include "sim/scenario/scenario_unit.h"

static void link_says(const char *keys, const char *says)
{
	char text[400];

	snprintf(text, sizeof text, "%slinks:\n - {%s}\n%s", VMS, keys,
		 TRAFFIC);
	unit_says(text, says);
}

static void traffic_says(const char *keys, const char *says)
{
	char text[400];

	snprintf(text, sizeof text, "%straffic:\n - {%s}\n", VMS LINK, keys);
	unit_says(text, says);
}

static void ends(void)
{
	link_says("ends: [vm1, vn2]",
		  "t.yaml:4:17: error: no vm is called 'vn2'; did you mean "
		  "'vm2'?\n"
		  "    4 |  - {ends: [vm1, vn2]}\n"
		  "      |                 ^~~\n");
	link_says("ends: [vm1, vm1]",
		  "t.yaml:4:17: error: 'ends' names 'vm1' twice\n"
		  "    4 |  - {ends: [vm1, vm1]}\n"
		  "      |                 ^~~\n");
	link_says("ends: [vm1]",
		  "t.yaml:4:11: error: 'ends' has 1 entries, not two\n"
		  "    4 |  - {ends: [vm1]}\n"
		  "      |           ^\n");
	link_says("ends: vm1", "t.yaml:4:11: error: 'ends' needs a list of two "
			       "vms, [vm1, vm2], not 'vm1'\n"
			       "    4 |  - {ends: vm1}\n"
			       "      |           ^~~\n");
}

static void network_says(const char *keys, const char *says)
{
	char text[400];

	snprintf(text, sizeof text,
		 "name: t\nvms: [{name: a}, {name: b}, {name: c}]\n"
		 "networks:\n - {%s}\nscript: [run]\n",
		 keys);
	unit_says(text, says);
}

static void members(void)
{
	network_says("members: [a, d]",
		     "t.yaml:4:18: error: no vm is called 'd'\n"
		     "    4 |  - {members: [a, d]}\n"
		     "      |                  ^\n");
	network_says("members: [a, b, a]",
		     "t.yaml:4:21: error: 'members' names 'a' twice\n"
		     "    4 |  - {members: [a, b, a]}\n"
		     "      |                     ^\n");
	network_says("members: [a]",
		     "t.yaml:4:14: error: 'members' has 1 entries, allowed are "
		     "2 to 64\n"
		     "    4 |  - {members: [a]}\n"
		     "      |              ^\n");
	network_says("path: copy, members: [a, b, c]",
		     "t.yaml:4:26: error: 'copy' takes 2 members, this network "
		     "has 3\n"
		     "    4 |  - {path: copy, members: [a, b, c]}\n"
		     "      |                          ^\n");
	network_says("members: a",
		     "t.yaml:4:14: error: 'members' needs a list of vms, [vm1, "
		     "vm2], not 'a'\n"
		     "    4 |  - {members: a}\n"
		     "      |              ^\n");
	network_says("path: copy",
		     "t.yaml:4:4: error: networks[0]: missing required key "
		     "'members'\n"
		     "    4 |  - {path: copy}\n"
		     "      |    ^\n");
	network_says("ends: [a, b], members: [a, b]",
		     "t.yaml:4:5: error: unknown key 'ends'; there are path, "
		     "members, ring, bar, gifts, alloc, rules, private-rx, "
		     "private-size, max-frame, tap-queue, park, fallback, "
		     "host-poll, kick, exits, interrupts, vectors\n"
		     "    4 |  - {ends: [a, b], members: [a, b]}\n"
		     "      |     ^~~~\n");
	network_says("members: [a, b], bar: {stride: 64}",
		     "t.yaml:4:36: error: 'stride' is 64, below a slot-size of "
		     "2048\n"
		     "    4 |  - {members: [a, b], bar: {stride: 64}}\n"
		     "      |                                    ^~\n");
	unit_says(VMS TRAFFIC, "t.yaml:1:1: error: needs 'links' or "
			       "'networks'\n"
			       "    1 | name: t\n"
			       "      | ^\n");
}

static void names(void)
{
	unit_says("name: t\nvms: [{name: a}, {name: a}]\nlinks: [{ends: [a, "
		  "a]}]\nscript: [run]\n",
		  "t.yaml:3:20: error: 'ends' names 'a' twice\n"
		  "    3 | links: [{ends: [a, a]}]\n"
		  "      |                    ^\n");
	unit_says("name: t\nvms: [{name: a}, {name: b}, {name: a}]\n"
		  "links: [{ends: [a, b]}]\nscript: [run]\n",
		  "t.yaml:2:36: error: a second vm is called 'a'\n"
		  "    2 | vms: [{name: a}, {name: b}, {name: a}]\n"
		  "      |                                    ^\n");
	unit_says("name: t\nvms: [{name: a b}, {name: c}]\n"
		  "links: [{ends: [a, c]}]\nscript: [run]\n",
		  "t.yaml:2:14: error: 'name' needs 1 to 31 letters, digits, "
		  "_ or -, not 'a b'\n"
		  "    2 | vms: [{name: a b}, {name: c}]\n"
		  "      |              ^~~\n");
}

static void too_many(void)
{
	char text[4000] = "name: t\nlinks: [{ends: [a, b]}]\nscript: [run]\n"
			  "vms:\n";

	for (int i = 0; i < 65; i++)
		strcat(text, " - {name: a}\n");
	unit_says(text, "t.yaml:5:2: error: 'vms' has 65 entries, allowed are "
			"2 to 64\n"
			"    5 |  - {name: a}\n"
			"      |  ^\n");
	unit_says("name: t\nvms: []\nlinks: []\nscript: [run]\n",
		  "t.yaml:2:6: error: 'vms' has 0 entries, allowed are 2 to "
		  "64\n"
		  "    2 | vms: []\n"
		  "      |      ^\n"
		  "t.yaml:3:8: error: 'links' has 0 entries, allowed are 1 to "
		  "64\n"
		  "    3 | links: []\n"
		  "      |        ^\n");
}

static void bar(void)
{
	link_says("ends: [vm1, vm2], bar: {stride: 1024}",
		  "t.yaml:4:37: error: 'stride' is 1024, below a slot-size of "
		  "2048\n"
		  "    4 |  - {ends: [vm1, vm2], bar: {stride: 1024}}\n"
		  "      |                                     ^~~~\n");
	link_says("ends: [vm1, vm2], bar: {slots: 65537, stride: 65536}",
		  "t.yaml:4:36: error: 65537 slots of stride 65536 are more "
		  "than 4 GiB\n"
		  "    4 |  - {ends: [vm1, vm2], bar: {slots: 65537, stride: "
		  "65536}}\n"
		  "      |                                    ^~~~~\n");
	link_says("ends: [vm1, vm2], bar: {slots: 65536, stride: 65536}", "");
	link_says("ends: [vm1, vm2], bar: {slot-size: 100}",
		  "t.yaml:4:40: error: 'slot-size' is 100, not a multiple of "
		  "64\n"
		  "    4 |  - {ends: [vm1, vm2], bar: {slot-size: 100}}\n"
		  "      |                                        ^~~\n");
}

static void gifts(void)
{
	link_says("ends: [vm1, vm2], bar: {slots: 8}, gifts: {low: 5}",
		  "t.yaml:4:53: error: 'low' is 5, more than half of 8 slots\n"
		  "    4 |  - {ends: [vm1, vm2], bar: {slots: 8}, gifts: {low: "
		  "5}}\n"
		  "      |                                                     "
		  "^\n");
	link_says("ends: [vm1, vm2], bar: {slots: 8}, gifts: {low: 4}", "");
	link_says("ends: [vm1, vm2], bar: {slots: 1}, gifts: {low: 1}", "");
}

static void rules(void)
{
	link_says("ends: [vm1, vm2], rules: {epcoh: on}",
		  "t.yaml:4:31: error: unknown key 'epcoh'; did you mean "
		  "'epoch'?\n"
		  "    4 |  - {ends: [vm1, vm2], rules: {epcoh: on}}\n"
		  "      |                               ^~~~~\n");
	link_says("ends: [vm1, vm2], rules: {epoch: on, epoch: on}",
		  "t.yaml:4:42: error: duplicate key 'epoch', first set at "
		  "line 4\n"
		  "    4 |  - {ends: [vm1, vm2], rules: {epoch: on, epoch: "
		  "on}}\n"
		  "      |                                          ^~~~~\n");
	link_says("ends: [vm1, vm2], rules: some",
		  "t.yaml:4:30: error: 'rules' needs 2015, all or a mapping "
		  "of switches, not 'some'\n"
		  "    4 |  - {ends: [vm1, vm2], rules: some}\n"
		  "      |                              ^~~~\n");
}

static void kinds(void)
{
	traffic_says("repeat: 2",
		     "t.yaml:5:4: error: traffic[0]: needs 'pcap' or "
		     "'generate'\n"
		     "    5 |  - {repeat: 2}\n"
		     "      |    ^\n");
	traffic_says("pcap: x, generate: imix, from: vm1, to: vm2",
		     "t.yaml:5:5: error: 'pcap' does not go with 'generate'\n"
		     "    5 |  - {pcap: x, generate: imix, from: vm1, to: "
		     "vm2}\n"
		     "      |     ^~~~\n");
	traffic_says("pcap: x, window: 2, from: vm1",
		     "t.yaml:5:14: error: 'window' needs generate: "
		     "request-response\n"
		     "    5 |  - {pcap: x, window: 2, from: vm1}\n"
		     "      |              ^~~~~~\n"
		     "t.yaml:5:25: error: 'from' needs 'generate'\n"
		     "    5 |  - {pcap: x, window: 2, from: vm1}\n"
		     "      |                         ^~~~\n");
	traffic_says("generate: imix, bytes: 9, from: vm1, to: vm2",
		     "t.yaml:5:21: error: 'bytes' needs a generator other than "
		     "imix\n"
		     "    5 |  - {generate: imix, bytes: 9, from: vm1, to: "
		     "vm2}\n"
		     "      |                     ^~~~~\n");
	/* a kind that cannot be read says nothing about the other keys */
	traffic_says("generate: fxied, window: 2",
		     "t.yaml:5:15: error: 'generate' needs one of fixed, imix, "
		     "one-way, request-response, bursts, not 'fxied'; did you "
		     "mean 'fixed'?\n"
		     "    5 |  - {generate: fxied, window: 2}\n"
		     "      |               ^~~~~\n");
}

static void paces(void)
{
	traffic_says("pcap: x, rate: 5",
		     "t.yaml:5:14: error: 'rate' needs pace: rate\n"
		     "    5 |  - {pcap: x, rate: 5}\n"
		     "      |              ^~~~\n");
	traffic_says("pcap: x, scale: 2x",
		     "t.yaml:5:14: error: 'scale' needs pace: scaled\n"
		     "    5 |  - {pcap: x, scale: 2x}\n"
		     "      |              ^~~~~\n");
	traffic_says("pcap: x, pace: rate",
		     "t.yaml:5:4: error: traffic[0]: missing required key "
		     "'rate'\n"
		     "    5 |  - {pcap: x, pace: rate}\n"
		     "      |    ^\n");
	traffic_says("generate: imix, from: vm1, to: vm2, pace: recorded",
		     "t.yaml:5:47: error: 'pace' is for a generator one of "
		     "rate, asap\n"
		     "    5 |  - {generate: imix, from: vm1, to: vm2, pace: "
		     "recorded}\n"
		     "      |                                               "
		     "^~~~~~~~\n");
	traffic_says("pcap: x, max-gap: 5",
		     "t.yaml:5:23: error: 'max-gap' needs a time such as 5us "
		     "(ps, ns, us, ms, s), not '5'\n"
		     "    5 |  - {pcap: x, max-gap: 5}\n"
		     "      |                       ^\n");
	traffic_says("pcap: x, max-gap: 1000001s",
		     "t.yaml:5:23: error: 'max-gap' is 1000001s, allowed are 0 "
		     "to 1000000s\n"
		     "    5 |  - {pcap: x, max-gap: 1000001s}\n"
		     "      |                       ^~~~~~~~\n");
}

static void generators(void)
{
	static const char three[] =
		"name: t\nvms: [{name: a}, {name: b}, {name: c}]\n"
		"links: [{ends: [a, b]}]\n"
		"traffic: [{generate: imix, from: a, to: c}]\n";

	unit_says(three, "t.yaml:4:41: error: no link joins 'a' and 'c'\n"
			 "    4 | traffic: [{generate: imix, from: a, to: c}]\n"
			 "      |                                         ^\n");
	traffic_says("generate: imix, from: vm2, to: vm1", "");
	traffic_says("generate: imix, from: vm1, to: vm1",
		     "t.yaml:5:36: error: 'from' and 'to' are both 'vm1'\n"
		     "    5 |  - {generate: imix, from: vm1, to: vm1}\n"
		     "      |                                    ^~~\n");
	traffic_says("generate: one-way, bytes: 59, from: vm1, to: vm2",
		     "t.yaml:5:31: error: 'bytes' is 59, one-way sends at "
		     "least 60\n"
		     "    5 |  - {generate: one-way, bytes: 59, from: vm1, to: "
		     "vm2}\n"
		     "      |                               ^~\n");
}

static void standard_input(void)
{
	unit_says(VMS LINK "traffic: [{pcap: \"-\"}, {pcap: \"-\"}]\n",
		  "t.yaml:4:31: error: standard input is already taken\n"
		  "    4 | traffic: [{pcap: \"-\"}, {pcap: \"-\"}]\n"
		  "      |                               ^~~\n");
}

static void nothing_to_do(void)
{
	static const char says[] =
		"t.yaml:1:1: error: needs traffic or script\n"
		"    1 | name: t\n"
		"      | ^\n";

	unit_says(VMS LINK, says);
	unit_says(VMS LINK "traffic: []\n", says);
	unit_says(VMS LINK "script: []\n", says);
	unit_says(WHOLE "script: [run]\n", "");
}

/* Every word that a script names is looked at, and all of it at once. */
static void scripts(void)
{
	unit_says(
		VMS LINK "script:\n"
			 "  - run\n"
			 "  - vm3 send 60\n"
			 "  - vm1 sned 60\n"
			 "  - pair 4\n"
			 "  - vm1 run run\n"
			 "  - host9.vm1 step\n"
			 "  - \"vm1 send 70000 to vm2 x0\"\n"
			 "  - vm1\n"
			 "    rnu\n"
			 "  - repeat 9\n"
			 "  - vm2 flush\n",
		"t.yaml:6:5: error: no actor 'vm3': actors are VMs and workers "
		"such as host0.vm1; did you mean 'vm1'?\n"
		"    6 |   - vm3 send 60\n"
		"      |     ^~~\n"
		"t.yaml:7:9: error: no verb 'sned'; did you mean 'send'?\n"
		"    7 |   - vm1 sned 60\n"
		"      |         ^~~~\n"
		"t.yaml:8:10: error: LINK is 4, allowed are 0 to 0\n"
		"    8 |   - pair 4\n"
		"      |          ^\n"
		"t.yaml:9:13: error: nothing follows 'run'\n"
		"    9 |   - vm1 run run\n"
		"      |             ^~~\n"
		"t.yaml:10:5: error: no actor 'host9.vm1': actors are VMs and "
		"workers such as host0.vm1; did you mean 'host0.vm1'?\n"
		"   10 |   - host9.vm1 step\n"
		"      |     ^~~~~~~~~\n"
		"t.yaml:11:15: error: BYTES is 70000, allowed are 0 to 65589\n"
		"   11 |   - \"vm1 send 70000 to vm2 x0\"\n"
		"      |               ^~~~~\n"
		"t.yaml:11:28: error: N of 'xN' is 0, allowed are 1 to 64\n"
		"   11 |   - \"vm1 send 70000 to vm2 x0\"\n"
		"      |                            ^~\n"
		"t.yaml:12:5: error: no verb 'rnu'; did you mean 'run'?\n"
		"   12 |   - vm1\n"
		"      |     ^~~\n"
		"t.yaml:14:5: error: 'repeat 9' has 8 lines before it\n"
		"   14 |   - repeat 9\n"
		"      |     ^~~~~~~~\n"
		"t.yaml:15:5: error: 'vm2 flush': needs memory: tso or pso\n"
		"   15 |   - vm2 flush\n"
		"      |     ^~~~~~~~~\n");
}

static void expectations(void)
{
	unit_says(
		WHOLE "expect: {violations: [EXT-TUCH, EXT-FIFO, EXT-FIFO], "
		      "digest: 12}\n",
		"t.yaml:5:23: error: no clause is called 'EXT-TUCH'; did you "
		"mean 'EXT-TOUCH'?\n"
		"    5 | expect: {violations: [EXT-TUCH, EXT-FIFO, EXT-FIFO], "
		"digest: 12}\n"
		"      |                       ^~~~~~~~\n"
		"t.yaml:5:43: error: clause 'EXT-FIFO' is listed twice\n"
		"    5 | expect: {violations: [EXT-TUCH, EXT-FIFO, EXT-FIFO], "
		"digest: 12}\n"
		"      |                                           ^~~~~~~~\n"
		"t.yaml:5:62: error: 'digest' needs 16 hexadecimal digits, "
		"not '12'\n"
		"    5 | expect: {violations: [EXT-TUCH, EXT-FIFO, EXT-FIFO], "
		"digest: 12}\n"
		"      |                                                      "
		"        ^~\n");
	unit_says(WHOLE "expect: {violations: some}\n",
		  "t.yaml:5:22: error: 'violations' needs none or a list of "
		  "clauses, not 'some'\n"
		  "    5 | expect: {violations: some}\n"
		  "      |                      ^~~~\n");
}

/* Three machines, the third without a link; one fault. */
static void fault_says(const char *path, const char *fault, const char *says)
{
	char text[400];

	snprintf(text, sizeof text,
		 "name: t\nvms: [{name: a}, {name: b}, {name: c}]\n"
		 "links: [{ends: [a, b], path: %s}]\nscript: [run]\n"
		 "faults:\n - %s\n",
		 path, fault);
	unit_says(text, says);
}

static void vain_faults(void)
{
	fault_says("copy", "{kind: crash, who: c, at: 1ms}",
		   "t.yaml:6:23: error: 'c' has no link: this cannot strike "
		   "it\n"
		   "    6 |  - {kind: crash, who: c, at: 1ms}\n"
		   "      |                       ^\n");
	fault_says("copy", "{kind: lie, one-in: 9}",
		   "t.yaml:6:11: error: 'lie' needs a VM whose first link has "
		   "path shared-buffers, and means that link\n"
		   "    6 |  - {kind: lie, one-in: 9}\n"
		   "      |           ^~~\n");
	fault_says("vhost-pci, ring: {reset: on}",
		   "{kind: queue-reset, who: b, every: 9}",
		   "t.yaml:6:11: error: 'queue-reset' needs a link with "
		   "ring.reset on, and an end with rings of its own\n"
		   "    6 |  - {kind: queue-reset, who: b, every: 9}\n"
		   "      |           ^~~~~~~~~~~\n");
	fault_says("copy", "{kind: reset, at: 1us, times: 2}",
		   "t.yaml:6:34: error: 'times' is 2, but 'at' comes once\n"
		   "    6 |  - {kind: reset, at: 1us, times: 2}\n"
		   "      |                                  ^\n");
	fault_says("copy",
		   "{kind: crash, who: a, at: 1us}\n"
		   " - {kind: reset, who: a, at: 2us}",
		   "t.yaml:7:30: error: whom this could strike has crashed by "
		   "then\n"
		   "    7 |  - {kind: reset, who: a, at: 2us}\n"
		   "      |                              ^~~\n");
}

/* The same where they can. */
static void apt_faults(void)
{
	fault_says("shared-buffers", "{kind: lie, at: 1ms}", "");
	fault_says("vhost-pci, ring: {reset: on}",
		   "{kind: queue-reset, who: a, every: 9}", "");
	fault_says("copy",
		   "{kind: crash, who: a, at: 2us}\n"
		   " - {kind: reset, who: a, at: 1us}\n"
		   " - {kind: reset, at: 3us, times: 1}",
		   "");
}

static const struct unit_case cases[] = {
	{"ends are two machines that exist", ends},
	{"members are machines that exist, as many as the path takes", members},
	{"names are words and not shared", names},
	{"lists have limits", too_many},
	{"slots fit their stride and 4 GiB", bar},
	{"low is at most half", gifts},
	{"rules are known and named once", rules},
	{"keys fit the kind of traffic", kinds},
	{"keys fit the pace", paces},
	{"generators run along a link", generators},
	{"standard input is read once", standard_input},
	{"there is something to do", nothing_to_do},
	{"scripts", scripts},
	{"expected clauses exist", expectations},
	{"faults that cannot strike", vain_faults},
	{"faults that can strike", apt_faults},
};

UNIT_MAIN("scenario_check", cases)
