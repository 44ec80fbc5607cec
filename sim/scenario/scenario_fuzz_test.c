/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file that breaks off anywhere, with any byte changed: it is refused, or it
 * loads and can be printed and loaded again. Always the same changes.
 */
#include "sim/scenario/scenario_unit.h"

static const char seed_text[] =
	"# what a scenario may hold\n"
	"name: \"fuzz: \\\"me\\\" \\u00e9\"\n"
	"seed: 0x12\n"
	"vms: [{name: a, start: 1us, features: {csum: off}}, {name: b}]\n"
	"links:\n"
	"  - ends: [a, b]\n"
	"    ring: {size: 8, event-idx: off}\n"
	"    bar: {slots: 16, slot-size: 128, stride: 192}\n"
	"    gifts: {policy: credit, low: 2}\n"
	"    rules: {epoch: off}\n"
	"traffic:\n"
	"  - {pcap: x.pcap, pace: scaled, scale: 0.5x}\n"
	"  - {generate: bursts, from: a, to: b, gap: 5us}\n"
	"script:\n"
	"  - 'a send 60'\n"
	"expect: {violations: [EXT-TOUCH], digest: 0123456789abcdef}\n";

static FILE *nowhere;

/* What loaded can be printed, and what was printed loads to the same. */
static void check_again(const struct scenario *sc)
{
	char *once = unit_printed(sc), *twice;
	struct scenario *again =
		scenario_parse("f", once, strlen(once), NULL, 0, stdout);

	CU_ASSERT_PTR_NOT_NULL_FATAL(again);
	twice = unit_printed(again);
	CU_ASSERT_STRING_EQUAL(twice, once);
	scenario_free(again);
	free(twice);
	free(once);
}

/* True if it loaded. */
static bool survives(const char *text, size_t size, const char *set)
{
	struct scenario_override override = {set};
	char *exact = malloc(size ? size : 1); /* so that overruns show */
	struct scenario *sc;
	bool loaded;

	memcpy(exact, text, size);
	sc = scenario_parse("f", exact, size, &override, set != NULL, nowhere);
	loaded = sc != NULL;
	if (sc)
		check_again(sc);
	scenario_free(sc);
	free(exact);
	return loaded;
}

static void truncated(void)
{
	size_t size = sizeof seed_text - 1;

	for (size_t i = 0; i < size; i++)
		survives(seed_text, i, NULL);
	CU_ASSERT_TRUE(survives(seed_text, size, NULL));
}

static void each_byte(void)
{
	static const char bytes[] = "\0\t\n :-[]{}\"'&*!|>%#,?0\x7f\x80\xff";
	char text[sizeof seed_text];

	for (size_t i = 0; i < sizeof text - 1; i++) {
		memcpy(text, seed_text, sizeof text);
		for (size_t b = 0; b < sizeof bytes - 1; b++) {
			text[i] = bytes[b];
			survives(text, sizeof text - 1, NULL);
		}
	}
	CU_PASS("nothing worse than a reject_reason");
}

/* A generator of its own: splitmix64. */
static uint64_t roll(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static void many_bits(void)
{
	uint64_t rng = 1;
	char text[sizeof seed_text];

	for (int round = 0; round < 4000; round++) {
		memcpy(text, seed_text, sizeof text);
		for (uint64_t n = roll(&rng) % 8; n < 8; n++) {
			uint64_t r = roll(&rng);

			text[r % (sizeof text - 1)] ^= (char)(1u << (r >> 61));
		}
		survives(text, sizeof text - 1, NULL);
	}
	CU_PASS("nothing worse than a reject_reason");
}

/* Pieces of the file in another order, some of them twice. */
static void shuffled(void)
{
	uint64_t rng = 2;
	char text[sizeof seed_text];
	size_t size = sizeof text - 1;

	for (int round = 0; round < 2000; round++) {
		memcpy(text, seed_text, sizeof text);
		for (int n = 0; n < 3; n++) {
			size_t from = roll(&rng) % size;
			size_t to = roll(&rng) % size;
			size_t most = size - (from > to ? from : to);

			memmove(text + to, text + from,
				roll(&rng) % (most + 1));
		}
		survives(text, size, NULL);
	}
	CU_PASS("nothing worse than a reject_reason");
}

static void overrides(void)
{
	static const char *const sets[] = {
		"links[0].ring={size: 8, start: 1}",
		"expect.violations=[EXT-TOUCH, EXT-FIFO]", "rules.epoch=off",
		"traffic[1].gap=5us", "script=['run', \"b run\"]"};
	char set[80];

	for (unsigned i = 0; i < sizeof sets / sizeof sets[0]; i++) {
		for (size_t at = 0; sets[i][at]; at++) {
			strcpy(set, sets[i]);
			for (int byte = 0; byte < 256; byte += 5) {
				set[at] = (char)byte;
				survives(seed_text, sizeof seed_text - 1, set);
			}
		}
	}
	CU_PASS("nothing worse than a reject_reason");
}

static void with_talk(void (*run)(void))
{
	nowhere = fopen("/dev/null", "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(nowhere);
	run();
	fclose(nowhere);
}

#define CASE(name)                      \
	static void talked_##name(void) \
	{                               \
		with_talk(name);        \
	}

CASE(truncated)
CASE(each_byte)
CASE(many_bits)
CASE(shuffled)
CASE(overrides)

static const struct unit_case cases[] = {
	{"cut off at every byte", talked_truncated},
	{"every byte replaced", talked_each_byte},
	{"bits turned", talked_many_bits},
	{"pieces moved", talked_shuffled},
	{"overrides with every byte replaced", talked_overrides},
};

UNIT_MAIN("scenario_fuzz", cases)
