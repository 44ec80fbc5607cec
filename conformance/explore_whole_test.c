/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Canonical forms of small worlds of every kind (explore_whole.h): whole()
 * looks at all states of one, some() at a few of those that have the same
 * bytes.
 */
#include "conformance/explore_whole.h"

static const char *const head = "name: small\n"
				"vms: [{name: a}, {name: b}]\n";

/* A world of one link, which @link describes, and what else there is. */
static struct whole_count world(const char *step, const char *link,
				const char *rest, uint32_t most)
{
	char text[WHOLE_TEXT];

	snprintf(text, sizeof text,
		 "%sstep: %s\nlinks:\n  - ends: [a, b]\n%s%s", head, step, link,
		 rest);
	return whole_check(text, most);
}

/* All of it. */
static void whole(const char *step, const char *link, const char *rest)
{
	world(step, link, rest, WHOLE_ALL);
}

static void some(const char *step, const char *link, const char *rest,
		 uint32_t most)
{
	world(step, link, rest, most);
}

static const char *const slots_2 = "    ring: {size: 2, event-idx: off}\n"
				   "    bar: {slots: 2, slot-size: 128}\n"
				   "    private-size: 128\n"
				   "    private-rx: 0\n"
				   "    fallback: off\n";
static const char *const copies = "    path: copy\n"
				  "    ring: {size: 2, event-idx: off}\n"
				  "    private-size: 128\n"
				  "    private-rx: 2\n";
static const char *const mirrored = "    path: vhost-pci\n"
				    "    ring: {size: 2, event-idx: off}\n"
				    "    private-size: 128\n"
				    "    private-rx: 2\n";

static void a_frame_each_way(void)
{
	whole("action", slots_2,
	      "script: [run, a send 60, b send 60]\nexplore: {sends: 0}\n");
	whole("action", copies,
	      "script: [run, a send 60, b send 60]\nexplore: {sends: 0}\n");
	whole("action", mirrored, "script: [run]\nexplore: {sends: 1}\n");
}

static void drivers_begin(void)
{
	whole("burst", slots_2, "explore: {sends: 1}\n");
	whole("burst", copies, "explore: {sends: 1}\n");
	whole("burst", mirrored, "explore: {sends: 1}\n");
}

static void a_mirror_is_reset(void)
{
	whole("burst", mirrored,
	      "script: [run]\nexplore: {sends: 1, resets: 1}\n");
	whole("burst", mirrored,
	      "script: [run, a send 60]\nexplore: {sends: 0, resets: 2}\n");
	whole("action", mirrored,
	      "script: [run, a send 60]\nexplore: {sends: 0, resets: 1}\n");
}

static void resets(void)
{
	whole("burst", slots_2,
	      "script: [run, a send 60]\n"
	      "explore: {sends: 0, resets: 1, unpairs: 1}\n");
	whole("burst", slots_2,
	      "script: [run, a send 60]\n"
	      "explore: {sends: 0, crashes: 1}\n");
	whole("burst", copies,
	      "script: [run]\nexplore: {sends: 1, resets: 1}\n");
}

static void without_epochs(void)
{
	whole("burst",
	      "    ring: {size: 2, event-idx: off}\n"
	      "    bar: {slots: 2, slot-size: 128}\n"
	      "    private-rx: 0\n"
	      "    fallback: off\n"
	      "    gifts: {policy: immediate}\n"
	      "    rules: {epoch: off}\n",
	      "script: [run, a send 60]\nexplore: {sends: 1, resets: 1}\n");
	some("burst",
	     "    ring: {size: 2, event-idx: off}\n"
	     "    bar: {slots: 2, slot-size: 128}\n"
	     "    private-rx: 0\n"
	     "    fallback: off\n"
	     "    gifts: {policy: immediate}\n"
	     "    rules: {epoch: off}\n",
	     "script: [run]\nexplore: {sends: 2, resets: 2}\n", 3);
	some("burst",
	     "    ring: {size: 4, event-idx: off}\n"
	     "    bar: {slots: 4, slot-size: 128}\n"
	     "    private-rx: 0\n"
	     "    fallback: off\n"
	     "    gifts: {policy: immediate}\n"
	     "    rules: {epoch: off}\n",
	     "script: [run]\nexplore: {sends: 1, resets: 2}\n", 4);
}

static void queues_are_reset(void)
{
	some("burst",
	     "    ring: {size: 2, event-idx: off, reset: on}\n"
	     "    bar: {slots: 2, slot-size: 128}\n"
	     "    private-rx: 0\n"
	     "    fallback: off\n",
	     "script: [run, a send 60]\n"
	     "explore: {sends: 0, queue-resets: 1}\n",
	     3);
}

static void event_indexes(void)
{
	whole("burst",
	      "    ring: {size: 2, event-idx: on, start: 65534}\n"
	      "    bar: {slots: 2, slot-size: 128}\n"
	      "    private-rx: 0\n",
	      "script: [run]\nexplore: {sends: 2}\n");
}

static void two_slots_a_frame(void)
{
	whole("burst",
	      "    ring: {size: 4, event-idx: off, indirect: on}\n"
	      "    bar: {slots: 4, slot-size: 64}\n"
	      "    private-rx: 0\n"
	      "    fallback: off\n",
	      "script: [run]\nexplore: {sends: 2, bytes: 90}\n");
}

static void lies(void)
{
	whole("burst",
	      "    ring: {size: 4, event-idx: off}\n"
	      "    bar: {slots: 2, slot-size: 128}\n"
	      "    private-rx: 0\n"
	      "    fallback: off\n"
	      "    rules: {hold-map: off}\n",
	      "script: [run, a send 60]\n"
	      "explore:\n"
	      "  sends: 0\n"
	      "  lies: 1\n"
	      "  overlook: [EXT-ONE-OWNER, EXT-TOUCH]\n");
}

static void gifts(const char *policy)
{
	char link[1024];

	snprintf(link, sizeof link,
		 "    ring: {size: 4, event-idx: off}\n"
		 "    bar: {slots: 3, slot-size: 128}\n"
		 "    private-rx: 0\n"
		 "    fallback: off\n"
		 "    gifts: {policy: %s, low: 1, batch: 1}\n",
		 policy);
	whole("burst", link, "script: [run]\nexplore: {sends: 1}\n");
}

static void policies_of_gifts(void)
{
	gifts("none");
	gifts("immediate");
	gifts("watermark");
	gifts("credit");
}

static void the_same_again(void)
{
	some("burst", mirrored, "script: [run]\nexplore: {endless: on}\n", 3);
}

static void stores_wait(void)
{
	whole("burst", copies,
	      "memory: tso\nscript: [run]\nexplore: {sends: 1}\n");
	whole("burst", slots_2,
	      "memory: pso\nscript: [run, a send 60]\nexplore: {sends: 0}\n");
	whole("burst", mirrored,
	      "memory: tso\nscript: [run]\nexplore: {sends: 1}\n");
}

/* Bytes that lie in slots, of which nobody can say whose they are. */
static void lies_without_end(void)
{
	some("burst",
	     "    ring: {size: 4, event-idx: off}\n"
	     "    bar: {slots: 4, slot-size: 64}\n"
	     "    private-rx: 0\n"
	     "    fallback: off\n"
	     "    rules: {hold-map: off}\n",
	     "script: [run]\n"
	     "explore:\n"
	     "  endless: on\n"
	     "  bytes: 90\n"
	     "  lies: 1\n"
	     "  overlook: [EXT-ONE-OWNER, EXT-TOUCH]\n",
	     4);
}

static const struct unit_case cases[] = {
	{"a frame each way", a_frame_each_way},
	{"drivers begin", drivers_begin},
	{"a mirror is reset", a_mirror_is_reset},
	{"resets", resets},
	{"without epochs", without_epochs},
	{"queues are reset", queues_are_reset},
	{"event indexes", event_indexes},
	{"two slots a frame", two_slots_a_frame},
	{"lies", lies},
	{"policies of gifts", policies_of_gifts},
	{"the same again", the_same_again},
	{"lies without end", lies_without_end},
	{"stores wait", stores_wait},
};

UNIT_MAIN("explore whole", cases)
