/* SPDX-License-Identifier: BSD-3-Clause */
/* The keys of a scenario itself and of its machines, and how to look them up.
 */
#include "sim/scenario/schema/schema.h"

#include <assert.h>
#include <string.h>

#include "model/path/path.h"
#include "model/virtio/features.h"
#include "sim/scenario/schema/config.h"

#define AT(type, field)                         \
	.offset = offsetof(struct type, field), \
	.size = sizeof(((struct type *)0)->field)

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static const char *const schedules[] = {"time", "random", NULL};
/* With single actions, what a queue has is worked off one by one. */
static uint64_t burst(const void *object)
{
	return ((const struct scenario *)object)->world.one_action ? 1 : 32;
}

static const char *const steps[] = {"burst", "action", NULL};
static const char *const memories[] = {"sc", "tso", "pso", NULL};
static const char *const guesses[] = {"parity", "halves", NULL};

/* What model/virtio/features.def lets a scenario choose. */
static const struct schema_bit feature_bit[] = {
	{"csum", "the device completes checksums", F_NET_CSUM, true},
	{"guest-csum", "the driver takes packets without full checksums",
	 F_NET_GUEST_CSUM, true},
	{"mtu", "the device tells its MTU", F_NET_MTU, true},
	{"shared-buffers", "packets move in slots of a shared BAR",
	 F_NET_SHARED_BUFFERS, true},
	{"mac", "the device tells its MAC address", F_NET_MAC, true},
	{"guest-tso4", "the driver takes large TCP frames over IPv4",
	 F_NET_GUEST_TSO4, true},
	{"guest-tso6", "the driver takes large TCP frames over IPv6",
	 F_NET_GUEST_TSO6, true},
	{"host-tso4", "the device takes large TCP frames over IPv4",
	 F_NET_HOST_TSO4, true},
	{"host-tso6", "the device takes large TCP frames over IPv6",
	 F_NET_HOST_TSO6, true},
	{"mrg-rxbuf", "a packet may span several receive buffers",
	 F_NET_MRG_RXBUF, true},
	{"status", "the device tells whether the link is up", F_NET_STATUS,
	 true},
	{"version-1",
	 "not the legacy interface; without it and without "
	 "mrg-rxbuf the header has 10 bytes",
	 F_VERSION_1, true},
	{"hash-report", "the header carries a hash and is longer",
	 F_NET_HASH_REPORT, false},
	{"gift", "empty slots can be given to the peer", F_NET_GIFT, true},
};

const struct schema_bits schema_features = {
	.bit = feature_bit,
	.count = COUNT_OF(feature_bit),
};

static const struct schema_bit barrier_bit[] = {
#define BARRIER(id, name, orders, words) {name, words, BARRIER_##id, true},
#include "model/barriers.def"
#undef BARRIER
};

static const struct schema_bits barriers = {
	.bit = barrier_bit,
	.count = BARRIER_COUNT,
};

static const struct schema_key vm_keys[] = {
	{
		.name = "name",
		.about = "what links and traffic call it",
		.type = SCHEMA_NAME,
		AT(vm_config, name),
		.required = true,
	},
	{
		.name = "start",
		.about = "when its drivers begin",
		.type = SCHEMA_TIME,
		AT(vm_config, start_ps),
		.max = TIME_MAX_PS,
		.fallback = "0",
	},
	{
		.name = "poll",
		.about = "spin on the rings instead of waiting for interrupts",
		.type = SCHEMA_SWITCH,
		AT(vm_config, poll),
		.fallback = "off",
	},
	{
		.name = "guess",
		.about = "which slots it takes for its own at first, where "
			 "rule geometry is off",
		.type = SCHEMA_CHOICE,
		AT(vm_config, guess),
		.words = guesses,
		.fallback = "parity",
	},
	{
		.name = "rx-chain",
		.about = "slots of one receive chain, where rule whole-slots "
			 "is off",
		.type = SCHEMA_NUMBER,
		AT(vm_config, rx_chain),
		.min = 1,
		.max = RX_CHAIN_MAX,
		.fallback = "1",
	},
	{
		.name = "features",
		.about = "what its drivers accept",
		.type = SCHEMA_BITS,
		AT(vm_config, features),
		.bits = &schema_features,
	},
	{.name = NULL},
};

const struct schema_section schema_vm = {.title = "vms[]", .keys = vm_keys};

static const struct schema_key top_keys[] = {
	{
		.name = "name",
		.about = "one line on what it shows",
		.type = SCHEMA_TEXT,
		AT(scenario, name),
		.required = true,
	},
	{
		.name = "seed",
		.about = "of every choice that is left to chance",
		.type = SCHEMA_NUMBER,
		AT(scenario, seed),
		.max = UINT64_MAX,
		.fallback = "1",
	},
	{
		.name = "profile",
		.about = "prices of what is counted: a name, or a file if it "
			 "has a slash or ends in .yaml",
		.type = SCHEMA_FILE,
		AT(scenario, profile),
		.bare = true,
		.fallback = "host-2023",
	},
	{
		.name = "schedule",
		.about = "who steps next: whoever is due first, or anybody",
		.type = SCHEMA_CHOICE,
		AT(scenario, schedule),
		.words = schedules,
		.fallback = "time",
	},
	{
		.name = "step",
		.about = "what a step is: a burst of packets, or one action "
			 "that others can see",
		.type = SCHEMA_CHOICE,
		AT(scenario, world.one_action),
		.words = steps,
		.fallback = "burst",
	},
	{
		.name = "burst",
		.about = "packets that an actor handles in one step",
		.type = SCHEMA_NUMBER,
		AT(scenario, world.burst),
		.min = 1,
		.max = BURST_MAX,
		.fallback = "32; with step: action, 1",
		.derive = burst,
	},
	{
		.name = "memory",
		.about = "how stores to rings are seen: at once, or late but "
			 "in order, or late in any order that barriers leave",
		.type = SCHEMA_CHOICE,
		AT(scenario, world.memory),
		.words = memories,
		.fallback = "sc",
	},
	{
		.name = "barriers",
		.about = "which barriers the code of rings has; matters where "
			 "memory is not sc",
		.type = SCHEMA_BITS,
		AT(scenario, world.barriers),
		.bits = &barriers,
	},
	{
		.name = "vms",
		.about = "the machines",
		.type = SCHEMA_LIST,
		AT(scenario, world.vm[0]),
		.count = offsetof(struct scenario, world.vms),
		.min = 2,
		.max = VM_MAX,
		.inside = &schema_vm,
		.required = true,
	},
	{
		.name = "links",
		.about = "what joins two machines",
		.type = SCHEMA_LIST,
		AT(scenario, world.link[0]),
		.count = offsetof(struct scenario, listed_links),
		.min = 1,
		.max = LINK_MAX,
		.inside = &schema_link,
		.required = true,
		.instead = "networks",
	},
	{
		.name = "networks",
		.about = "what joins two machines or more; they have the "
			 "numbers behind those of `links`, together at "
			 "most 64",
		.type = SCHEMA_LIST,
		AT(scenario, world.link[0]),
		.count = offsetof(struct scenario, listed_networks),
		.behind = offsetof(struct scenario, listed_links),
		.min = 1,
		.max = LINK_MAX,
		.inside = &schema_network,
	},
	{
		.name = "traffic",
		.about = "sources of packets; may be absent beside a script",
		.type = SCHEMA_LIST,
		AT(scenario, traffic[0]),
		.count = offsetof(struct scenario, traffics),
		.max = TRAFFIC_MAX,
		.inside = &schema_traffic,
	},
	{
		.name = "script",
		.about = "orders, one a line; may be absent beside traffic",
		.type = SCHEMA_LINES,
		AT(scenario, script),
		.max = SCRIPT_MAX,
	},
	{
		.name = "faults",
		.about = "what goes wrong on the way",
		.type = SCHEMA_LIST,
		AT(scenario, fault[0]),
		.count = offsetof(struct scenario, faults),
		.max = FAULT_MAX,
		.inside = &schema_fault,
	},
	{
		.name = "explore",
		.about = "what may happen at any step when every order is "
			 "tried",
		.type = SCHEMA_MAP,
		.has = offsetof(struct scenario, has_explore),
		.inside = &schema_explore,
	},
	{
		.name = "expect",
		.about = "what has to come out",
		.type = SCHEMA_MAP,
		.inside = &schema_expect,
	},
	{.name = NULL},
};

const struct schema_section schema_top = {.title = "scenario",
					  .keys = top_keys};

const char *const *schema_paths(void)
{
	static const char *names[PATHS_MAX + 1];

	for (uint32_t i = 0; path_at(i); i++) {
		assert(i < PATHS_MAX);
		names[i] = path_at(i)->name;
	}
	return names;
}

const struct schema_key *schema_find(const struct schema_section *s,
				     const char *name)
{
	for (const struct schema_key *k = s->keys; k->name; k = schema_next(k))
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

const struct schema_bit *schema_find_bit(const struct schema_bits *bits,
					 const char *name)
{
	for (uint32_t i = 0; i < bits->count; i++)
		if (strcmp(bits->bit[i].name, name) == 0)
			return &bits->bit[i];
	return NULL;
}

uint64_t schema_bits_default(const struct schema_bits *bits)
{
	uint64_t mask = 0;

	for (uint32_t i = 0; i < bits->count; i++)
		if (bits->bit[i].on)
			mask |= UINT64_C(1) << bits->bit[i].bit;
	return mask;
}

uint32_t schema_word(const char *const *words, const char *text)
{
	uint32_t i = 0;

	while (words[i] && strcmp(words[i], text) != 0)
		i++;
	return i;
}

bool schema_fits(const struct schema_key *key, const void *object)
{
	return !key->fit || key->fit->holds(object);
}
