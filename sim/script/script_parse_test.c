/* SPDX-License-Identifier: BSD-3-Clause */
/* The grammar of scripts, line by line. */
#include "sim/world/world_fixture.h"

static const char *const three =
	"name: t\nvms: [{name: vm1}, {name: vm2}, {name: vm3}]\n"
	"links:\n"
	"  - {ends: [vm1, vm2], ring: {size: 16}, "
	"bar: {slots: 8, slot-size: 256}}\n"
	"  - {ends: [vm3, vm1], ring: {size: 16}, bar: {slots: 8}}\n"
	"script: [run]\n";

static struct fixture f;

static const struct {
	const char *text;
	struct script_op op;
} good[] = {
	{"vm1 send 64", {SCRIPT_SEND, 0, 0, NO_ACTOR, 64, 1, 0}},
	{"vm1 send 64 x3", {SCRIPT_SEND, 0, 0, NO_ACTOR, 64, 3, 0}},
	{"vm1 send 64 to vm2", {SCRIPT_SEND, 0, 0, 1, 64, 1, 0}},
	{"vm1 send 1500 to vm3 x12", {SCRIPT_SEND, 0, 1, 2, 1500, 12, 0}},
	{"  vm3\tsend  0 ", {SCRIPT_SEND, 2, 1, NO_ACTOR, 0, 1, 0}},
	{"vm1 send 64 on 1", {SCRIPT_SEND, 0, 1, NO_ACTOR, 64, 1, 0}},
	{"vm1 send 64 to vm3 on any x2",
	 {SCRIPT_SEND, 0, ANY_LINK, 2, 64, 2, 0}},
	{"vm1 tx 2 76 on 1", {SCRIPT_TX, 0, 1, 0, 2, 76, 0}},
	{"vm1 post 3 on 1", {SCRIPT_POST, 0, 1, 0, 3, 1, 0}},
	{"vm1 take on 1", {SCRIPT_TAKE, 0, 1, 0, 1, 1, 0}},
	{"run", {SCRIPT_RUN, NO_ACTOR, 0, 0, 0, 0, 0}},
	{"vm2 run", {SCRIPT_RUN, 1, 0, 0, 1, 1, 0}},
	{"host0.vm1 run", {SCRIPT_RUN, 3, 0, 0, 1, 1, 0}},
	{"host0.vm2 run", {SCRIPT_RUN, 4, 0, 0, 1, 1, 0}},
	{"host1.vm3 run", {SCRIPT_RUN, 5, 0, 0, 1, 1, 0}},
	{"host1.vm1 step 7", {SCRIPT_STEP, 6, 0, 0, 7, 1, 0}},
	{"vm1 step", {SCRIPT_STEP, 0, 0, 0, 1, 1, 0}},
	{"host0.vm1 expire", {SCRIPT_EXPIRE, 3, 0, 0, 1, 1, 0}},
	{"vm2 flush", {SCRIPT_FLUSH, 1, 0, 0, 1, 1, 0}},
	{"host0.vm1 flush 3", {SCRIPT_FLUSH, 3, 0, 0, 3, 1, 0}},
	{"vm1 reset", {SCRIPT_RESET, 0, 0, 0, 1, 1, 0}},
	{"vm1 reset rx", {SCRIPT_RESET_RX, 0, 0, 0, 1, 1, 0}},
	{"vm1 reset tx 1", {SCRIPT_RESET_TX, 0, 1, 0, 1, 1, 0}},
	{"vm3 crash", {SCRIPT_CRASH, 2, 0, 0, 1, 1, 0}},
	{"pair", {SCRIPT_PAIR, NO_ACTOR, 0, 0, 0, 0, 0}},
	{"pair 1", {SCRIPT_PAIR, NO_ACTOR, 1, 0, 0, 0, 0}},
	{"unpair", {SCRIPT_UNPAIR, NO_ACTOR, 0, 0, 0, 0, 0}},
	{"unpair 1", {SCRIPT_UNPAIR, NO_ACTOR, 1, 0, 0, 0, 0}},
	{"repeat 7", {SCRIPT_REPEAT, NO_ACTOR, 0, 0, 7, 1, 0}},
	{"vm1 post 3", {SCRIPT_POST, 0, 0, 0, 3, 1, 0}},
	{"vm3 tx 2 76", {SCRIPT_TX, 2, 1, 0, 2, 76, 0}},
	{"vm2 touch 0", {SCRIPT_TOUCH, 1, 0, 0, 0, 1, 0}},
	{"vm1 drop kick", {SCRIPT_DROP_KICK, 0, 0, 0, 1, 1, 0}},
	{"vm1 drop call 1", {SCRIPT_DROP_CALL, 0, 1, 0, 1, 1, 0}},
	{"vm3 kick", {SCRIPT_KICK, 2, 1, 0, 1, 1, 0}},
	{"vm2 call 0", {SCRIPT_CALL, 1, 0, 0, 1, 1, 0}},
	{"vm1 accept gift=on", {SCRIPT_ACCEPT, 0, 0, 0, 1, 1, 0}},
	{"vm1 accept gift=off csum=off", {SCRIPT_ACCEPT, 0, 0, 0, 1, 1, 0}},
	{"vm1 poke 0 4096 65535", {SCRIPT_POKE, 0, 0, 0, 4096, 65535, 0}},
	{"vm1 register 1 20 0", {SCRIPT_REGISTER, 0, 1, 0, 20, 0, 0}},
	{"heal", {SCRIPT_HEAL, NO_ACTOR, 0, 0, 0, 0, 0}},
	{"vm1 hand 3 60", {SCRIPT_HAND, 0, 0, 0, 3, 60, 0}},
	{"vm3 give 2", {SCRIPT_GIVE, 2, 1, 0, 2, 1, 0}},
	{"vm2 take", {SCRIPT_TAKE, 1, 0, 0, 1, 1, 0}},
};

static const struct {
	const char *text;
	const char *says;
} bad[] = {
	{"", "no step, or too many words"},
	{" \t ", "no step, or too many words"},
	{"a b c d e f g h i j k l m n o p q", "no step, or too many words"},
	{"vm4 run", "no actor 'vm4'"},
	{"host0.vm3 run", "no actor 'host0.vm3'"},
	{"host2.vm1 run", "did you mean 'host0.vm1'?"},
	{"Run", "did you mean 'run'?"},
	{"vm1", "'vm1' does what? send, run"},
	{"vm1 dance", "no verb 'dance'; there are send, run"},
	{"vm1 sendx 3", "no verb 'sendx'; did you mean 'send'?"},
	{"vm1 rest", "did you mean 'reset'?"},
	{"vm1 send", "'send' takes BYTES [to VM]"},
	{"vm1 send many", "BYTES needs a whole number, not 'many'"},
	{"vm1 send -1", "BYTES needs a whole number, not '-1'"},
	{"vm1 send 64x", "BYTES needs a whole number, not '64x'"},
	{"vm1 send 65590", "BYTES is 65590, allowed are 0 to 65589"},
	{"vm1 send 4294967296", "BYTES is 4294967296, allowed"},
	{"vm1 send 99999999999999999999", "BYTES is 99999999999999999999"},
	{"vm1 send 64 to", "'send' takes BYTES [to VM]"},
	{"vm1 send 64 to vm9", "no vm is called 'vm9'"},
	{"vm1 send 64 x", "N of 'xN' needs a whole number, not ''"},
	{"vm1 send 64 xx", "N of 'xN' needs a whole number, not 'x'"},
	{"vm1 send 64 x65", "N of 'xN' is 65, allowed are 1 to 64"},
	{"vm1 send 64 x2 to vm2", "[xN], and no 'to'"},
	{"vm1 send 64 to vm2 on 1", "link 1 does not end at 'vm2'"},
	{"vm2 send 64 on 1", "link 1 does not end at 'vm2'"},
	{"vm1 send 64 on 2", "LINK is 2, allowed are 0 to 1"},
	{"vm1 send 64 on", "'send' takes BYTES [to VM] [on LINK|any] [xN]"},
	{"vm1 post 3 on any", "LINK needs a whole number, not 'any'"},
	{"vm2 take on 1", "link 1 does not end at 'vm2'"},
	{"vm1 post 8 on 0", "SLOT is 8, allowed are 0 to 7"},
	{"vm2 send 64 to vm3", "no link joins 'vm2' and 'vm3'"},
	{"vm2 send 64 to vm2", "'vm2' sends to itself"},
	{"host0.vm1 send 64", "'send' is for VMs, not for workers"},
	{"vm1 run 3", "nothing follows 'run'"},
	{"vm1 run run", "nothing follows 'run'"},
	{"run 3", "nothing follows 'run'"},
	{"vm1 step 3 4", "'step' takes [N], and no '4'"},
	{"vm1 step three", "N needs a whole number, not 'three'"},
	{"vm1 step 0", "N is 0, allowed are 1 to 1000000"},
	{"vm1 flush two", "N needs a whole number, not 'two'"},
	{"vm1 expire 2", "nothing follows 'expire'"},
	{"vm1 reset 1", "nothing follows 'reset'"},
	{"host0.vm1 reset", "'reset' is for VMs"},
	{"host0.vm1 reset rx", "'reset rx' is for VMs"},
	{"host0.vm1 crash", "'crash' is for VMs"},
	{"host0.vm1 post 1", "'post' is for VMs"},
	{"vm1 post", "'post' takes SLOT"},
	{"vm1 post 8", "SLOT is 8, allowed are 0 to 7"},
	{"vm1 post 1 2", "'post' takes SLOT [on LINK], and no '2'"},
	{"vm1 tx 1", "'tx' takes SLOT BYTES"},
	{"vm1 tx 1 2 3", "'tx' takes SLOT BYTES [on LINK], and no '3'"},
	{"vm1 touch", "'touch' takes SLOT"},
	{"vm1 hand 1", "'hand' takes SLOT BYTES"},
	{"host0.vm1 hand 1 60", "'hand' is for VMs"},
	{"vm1 give", "'give' takes SLOT"},
	{"vm1 take 1", "'take' takes [on LINK], and no '1'"},
	{"host0.vm1 take", "'take' is for VMs"},
	{"repeat", "'repeat' takes N"},
	{"repeat 0", "N is 0, allowed are 1 to"},
	{"repeat 1 2", "'repeat' takes N, and no '2'"},
	{"pair 2", "LINK is 2, allowed are 0 to 1"},
	{"pair one", "LINK needs a whole number, not 'one'"},
	{"pair 0 1", "'pair' takes [LINK], and no '1'"},
	{"unpair 2", "LINK is 2, allowed are 0 to 1"},
	{"pairs", "did you mean 'pair'?"},
	{"vm1 lose kick", "'lose' is called 'drop' now"},
	{"again 5", "'again' is called 'repeat' now"},
	{"vm1 drop kick 2", "LINK is 2, allowed are 0 to 1"},
	{"vm2 kick 1", "link 1 does not end at 'vm2'"},
	{"host0.vm1 kick", "'kick' is for VMs"},
	{"vm1 accept", "'accept' takes FEATURE=on|off..."},
	{"vm1 accept gifts=off", "no feature is called 'gifts'; did you mean "
				 "'gift'?"},
	{"vm1 accept gift=maybe", "'gift' needs =on or =off"},
	{"vm1 accept gift", "'gift' needs =on or =off"},
	{"vm1 poke 0 2", "'poke' takes WINDOW OFFSET WORD"},
	{"vm1 poke 0 2 65536", "WORD is 65536, allowed are 0 to 65535"},
	{"vm1 poke 0 3 0", "OFFSET is 3, which is odd"},
	{"vm1 poke 3 2 0", "WINDOW is 3, allowed are 0 to 2"},
	{"vm2 poke 2 2 0", "WINDOW is 2, allowed are 0 to 1"},
	{"vm2 register 1 0 0", "link 1 does not end at 'vm2'"},
	{"heal 1", "nothing follows 'heal'"},
};

/* What is understood can be said, and means the same. */
static void spelled_again(const struct script_op *op)
{
	struct script_op again;
	char text[SCRIPT_LINE];

	script_text(op, &f.sc->world, text, sizeof text);
	CU_ASSERT(script_parse(&again, &f.sc->world, text, f.error,
			       sizeof f.error));
	CU_ASSERT_EQUAL(again.verb, op->verb);
	CU_ASSERT_EQUAL(again.actor, op->actor);
	CU_ASSERT_EQUAL(again.link, op->link);
	CU_ASSERT_EQUAL(again.value, op->value);
	CU_ASSERT_EQUAL(again.more, op->more);
	CU_ASSERT_EQUAL(again.features, op->features);
}

static void good_lines(void)
{
	fixture_open(&f, three);
	for (uint32_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		const struct script_op *want = &good[i].op;
		struct script_op op;

		if (!script_parse(&op, &f.sc->world, good[i].text, f.error,
				  sizeof f.error)) {
			printf("\n'%s': %s\n", good[i].text, f.error);
			CU_FAIL("a good line");
			continue;
		}
		CU_ASSERT_EQUAL(op.verb, want->verb);
		CU_ASSERT_EQUAL(op.actor, want->actor);
		CU_ASSERT_EQUAL(op.link, want->link);
		CU_ASSERT(op.verb != SCRIPT_SEND || op.to == want->to);
		CU_ASSERT(op.actor == NO_ACTOR || op.value == want->value);
		CU_ASSERT(op.actor == NO_ACTOR || op.more == want->more);
		spelled_again(&op);
	}
	fixture_close(&f);
}

/* Who is called as a verb is; what follows tells which is meant. */
static void machines_called_as_verbs(void)
{
	static const struct {
		const char *text;
		enum script_verb verb;
		uint32_t actor;
	} lines[] = {
		{"run", SCRIPT_RUN, NO_ACTOR},
		{"run step", SCRIPT_STEP, 0},
		{"run run", SCRIPT_RUN, 0},
		{"pair", SCRIPT_PAIR, NO_ACTOR},
		{"pair 0", SCRIPT_PAIR, NO_ACTOR},
		{"pair send 60", SCRIPT_SEND, 1},
		{"host0.pair step", SCRIPT_STEP, 3},
	};

	fixture_open(&f, "name: t\nvms: [{name: run}, {name: pair}]\n"
			 "links: [{ends: [run, pair]}]\nscript: [run]\n");
	for (uint32_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct script_op op;

		CU_ASSERT_FATAL(script_parse(&op, &f.sc->world, lines[i].text,
					     f.error, sizeof f.error));
		CU_ASSERT_EQUAL(op.verb, lines[i].verb);
		CU_ASSERT_EQUAL(op.actor, lines[i].actor);
		spelled_again(&op);
	}
	fixture_close(&f);
}

static void bad_lines(void)
{
	fixture_open(&f, three);
	for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct script_op op;
		bool taken;

		f.error[0] = '\0';
		taken = script_parse(&op, &f.sc->world, bad[i].text, f.error,
				     sizeof f.error);
		if (taken || !strstr(f.error, bad[i].says))
			printf("\n'%s': %s\n", bad[i].text, f.error);
		CU_ASSERT_FALSE(taken);
		CU_ASSERT_PTR_NOT_NULL(strstr(f.error, bad[i].says));
	}
	fixture_close(&f);
}

/* All that is wrong with a line, each with its place. */
static void all_mistakes(void)
{
	static const char *const line = "vm2  send 70000 to vm9 x0 and more";
	struct script_mistakes m;
	struct script_op op;

	fixture_open(&f, three);
	CU_ASSERT_FALSE(script_read(&op, &f.sc->world, line, &m));
	CU_ASSERT_EQUAL_FATAL(m.count, 4);
	CU_ASSERT_EQUAL(m.list[0].at, 10);
	CU_ASSERT_EQUAL(m.list[0].length, 5);
	CU_ASSERT_EQUAL(m.list[1].at, 19);
	CU_ASSERT_EQUAL(m.list[1].length, 3);
	CU_ASSERT_EQUAL(m.list[2].at, 23);
	CU_ASSERT_EQUAL(m.list[3].at, 26);
	CU_ASSERT_EQUAL(m.list[3].length, 8);
	CU_ASSERT_FALSE(script_read(&op, &f.sc->world, "vm9 sned 3", &m));
	CU_ASSERT_EQUAL_FATAL(m.count, 2);
	CU_ASSERT_EQUAL(m.list[1].at, 4);
	CU_ASSERT_STRING_EQUAL(m.list[1].text,
			       "no verb 'sned'; did you mean 'send'?");
	fixture_close(&f);
}

static void never(const char *line, const char *says)
{
	struct script_op op;
	const char *why;

	CU_ASSERT_FATAL(
		script_parse(&op, &f.sc->world, line, f.error, sizeof f.error));
	why = script_never(&op, &f.sc->world);
	CU_ASSERT_PTR_NOT_NULL_FATAL(why);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, says));
}

/* Understood, and not possible in such a world. */
static void not_there(void)
{
	fixture_open(&f, three);
	never("vm1 flush", "memory: tso or pso");
	never("vm1 reset rx 1", "ring: {reset: on}");
	fixture_close(&f);
	fixture_open(&f, "name: t\nvms: [{name: a}, {name: b}]\n"
			 "links: [{ends: [a, b], path: vhost-pci}]\n"
			 "script: [run]\n");
	never("host0.a step", "needs no worker");
	never("a touch 0", "no slots");
	never("a take", "no slots");
	never("b reset tx", "has none");
	never("b register 0 0 0", "has none");
	fixture_close(&f);
	fixture_open(&f, "name: t\nvms: [{name: a}, {name: b}]\n"
			 "links: [{ends: [a, b], alloc: lifo}]\n"
			 "script: [run]\n");
	never("a give 0", "alloc: fifo");
	fixture_close(&f);
}

/* A line longer than any that means something. */
static void a_very_long_line(void)
{
	char text[500];
	struct script_op op;

	memset(text, 'a', sizeof text);
	text[sizeof text - 1] = '\0';
	fixture_open(&f, three);
	CU_ASSERT_FALSE(
		script_parse(&op, &f.sc->world, text, f.error, sizeof f.error));
	fixture_close(&f);
}

static const struct unit_case cases[] = {
	{"good lines", good_lines},
	{"machines called as verbs", machines_called_as_verbs},
	{"bad lines", bad_lines},
	{"all mistakes of a line", all_mistakes},
	{"lines for another world", not_there},
	{"a very long line", a_very_long_line},
};

UNIT_MAIN("script parse", cases)
