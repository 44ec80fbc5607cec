/* SPDX-License-Identifier: BSD-3-Clause */
/* The keys of a link: its path, rings, shared region, gifts and rules. */
#include "model/path/path.h"
#include "sim/scenario/schema/config.h"
#include "sim/scenario/schema/schema.h"

#define AT(field)                                      \
	.offset = offsetof(struct link_config, field), \
	.size = sizeof(((struct link_config *)0)->field)

#define BYTES_OF_A_BUFFER                                               \
	.min = BUFFER_UNIT, .max = BUFFER_MAX, .multiple = BUFFER_UNIT, \
	.fallback = "2048"

static const char *const layouts[] = {
#define VQ_LAYOUT(id, name, about) name,
#include "model/numbers/layouts.def"
#undef VQ_LAYOUT
	NULL};
static const char *const kicks[] = {"pci", "mmio", "ccw", "hypercall", NULL};
static const char *const exits[] = {"light", "heavy", NULL};
static const char *const interrupts[] = {"bare", "emulated", "pv-eoi", "posted",
					 NULL};
static const char *const vectors[] = {"queue", "shared", NULL};
static const char *const allocs[] = {"fifo", "lifo", "address", NULL};
static const char *const gift_policies[] = {"none", "immediate", "watermark",
					    "credit", NULL};

static const struct schema_bit rule_bit[] = {
#define RULE(id, name, fixes, clause, words) {name, words, RULE_##id, true},
#include "model/rules.def"
#undef RULE
};

static const struct schema_bits rules = {
	.bit = rule_bit,
	.count = RULE_COUNT,
	.none = "2015",
	.all = "all",
};

static uint64_t at_least_one(uint64_t value)
{
	return value ? value : 1;
}

static uint64_t stride(const void *object)
{
	const struct link_config *l = object;

	return l->bar.slot_size;
}

static uint64_t gift_low(const void *object)
{
	const struct link_config *l = object;

	return at_least_one(l->bar.slots / 8);
}

static uint64_t gift_batch(const void *object)
{
	const struct link_config *l = object;

	return at_least_one(l->bar.slots / 16);
}

/* A path without slots receives everything in private buffers. */
static uint64_t private_rx(const void *object)
{
	const struct link_config *l = object;
	const struct path_ops *path = path_find(l->path);

	return path && !path_has_slots(path) ? l->ring.size : l->ring.size / 8;
}

/* As much as the receive ring behind it. */
static uint64_t tap_queue(const void *object)
{
	const struct link_config *l = object;

	return l->ring.size < TAP_QUEUE_MAX ? l->ring.size : TAP_QUEUE_MAX;
}

static uint64_t path_exits(const void *object)
{
	const struct link_config *l = object;
	const struct path_ops *path = path_find(l->path);

	return path ? path->exits : EXITS_LIGHT;
}

static const struct schema_key ring_keys[] = {
	{
		.name = "layout",
		.about = "how the rings lie in memory",
		.type = SCHEMA_CHOICE,
		AT(ring.layout),
		.words = layouts,
		.fallback = "split",
	},
	{
		.name = "size",
		.about = "descriptors of each ring",
		.type = SCHEMA_NUMBER,
		AT(ring.size),
		.min = 1,
		.max = RING_SIZE_MAX,
		.power = true,
		.fallback = "256",
	},
	{
		.name = "event-idx",
		.about = "notifications are asked for by index",
		.type = SCHEMA_SWITCH,
		AT(ring.event_idx),
		.fallback = "on",
	},
	{
		.name = "indirect",
		.about = "chains may lie in tables of their own",
		.type = SCHEMA_SWITCH,
		AT(ring.indirect),
		.fallback = "off",
	},
	{
		.name = "reset",
		.about = "queues can be reset one by one",
		.type = SCHEMA_SWITCH,
		AT(ring.reset),
		.fallback = "off",
	},
	{
		.name = "start",
		.about = "first value of the free-running indexes; 65530 wraps "
			 "soon",
		.type = SCHEMA_NUMBER,
		AT(ring.start),
		.max = UINT16_MAX,
		.fallback = "0",
	},
	{.name = NULL},
};

static const struct schema_key bar_keys[] = {
	{
		.name = "slots",
		.about = "buffers in the shared region",
		.type = SCHEMA_NUMBER,
		AT(bar.slots),
		.min = 1,
		.max = BAR_SLOTS_MAX,
		.fallback = "512",
	},
	{
		.name = "slot-size",
		.about = "usable bytes of a slot",
		.type = SCHEMA_NUMBER,
		AT(bar.slot_size),
		BYTES_OF_A_BUFFER,
	},
	{
		.name = "stride",
		.about = "distance of two slots; with all slots at most 4 GiB",
		.type = SCHEMA_NUMBER,
		AT(bar.stride),
		.min = BUFFER_UNIT,
		.max = STRIDE_MAX,
		.multiple = BUFFER_UNIT,
		.fallback = "slot-size",
		.derive = stride,
	},
	{.name = NULL},
};

static const struct schema_key gift_keys[] = {
	{
		.name = "policy",
		.about = "when a receiver of slots gives some back",
		.type = SCHEMA_CHOICE,
		AT(gifts.policy),
		.words = gift_policies,
		.fallback = "watermark",
	},
	{
		.name = "low",
		.about = "give when the peer holds fewer; at most half of the "
			 "slots",
		.type = SCHEMA_NUMBER,
		AT(gifts.low),
		.max = BAR_SLOTS_MAX / 2,
		.fallback = "slots / 8, at least 1",
		.derive = gift_low,
	},
	{
		.name = "batch",
		.about = "slots given at once",
		.type = SCHEMA_NUMBER,
		AT(gifts.batch),
		.min = 1,
		.max = BAR_SLOTS_MAX,
		.fallback = "slots / 16, at least 1",
		.derive = gift_batch,
	},
	{
		.name = "odd",
		.about = "give one also when only one more is held than lent: "
			 "an odd slot then goes to and fro for ever",
		.type = SCHEMA_SWITCH,
		AT(gifts.odd),
		.fallback = "off",
	},
	{.name = NULL},
};

static const struct schema_section ring = {.title = "links[].ring",
					   .keys = ring_keys};
static const struct schema_section bar = {.title = "links[].bar",
					  .keys = bar_keys};
static const struct schema_section gifts = {.title = "links[].gifts",
					    .keys = gift_keys};

/* Those that the short form has, too. */
static const struct schema_key common_keys[] = {
	{
		.name = "ring",
		.about = "the virtqueues of both ends",
		.type = SCHEMA_MAP,
		.inside = &ring,
	},
	{
		.name = "bar",
		.about = "the region of slots that both ends map",
		.type = SCHEMA_MAP,
		.inside = &bar,
	},
	{
		.name = "gifts",
		.about = "how slots go back to whoever runs out",
		.type = SCHEMA_MAP,
		.inside = &gifts,
	},
	{
		.name = "alloc",
		.about = "which free slot a driver takes: free longest, freed "
			 "last, lowest",
		.type = SCHEMA_CHOICE,
		AT(alloc),
		.words = allocs,
		.fallback = "fifo",
	},
	{
		.name = "rules",
		.about = "which repairs of the proposal of 2015 hold",
		.type = SCHEMA_BITS,
		AT(rules),
		.bits = &rules,
	},
	{
		.name = "private-rx",
		.about = "receive buffers of each end outside the shared "
			 "region",
		.type = SCHEMA_NUMBER,
		AT(private_rx),
		.max = RING_SIZE_MAX,
		.fallback = "ring.size / 8; ring.size on paths without slots",
		.derive = private_rx,
	},
	{
		.name = "private-size",
		.about = "bytes of each private buffer",
		.type = SCHEMA_NUMBER,
		AT(private_size),
		BYTES_OF_A_BUFFER,
	},
	{
		.name = "max-frame",
		.about = "longest frame that an end may send",
		.type = SCHEMA_NUMBER,
		AT(max_frame),
		.min = 60,
		.max = FRAME_MAX,
		.fallback = "65589",
	},
	{
		.name = "tap-queue",
		.about = "frames that wait in a tap of the host until they are "
			 "read, in as many bytes as so many private buffers "
			 "have; what comes then is dropped",
		.type = SCHEMA_NUMBER,
		AT(tap_queue),
		.min = 1,
		.max = TAP_QUEUE_MAX,
		.fallback = "ring.size, at most 4096",
		.derive = tap_queue,
	},
	{
		.name = "park",
		.about = "how long a send may wait for its receive buffer",
		.type = SCHEMA_TIME,
		AT(park_ps),
		.max = TIME_MAX_PS,
		.fallback = "1ms",
	},
	{
		.name = "fallback",
		.about = "send from private memory when slots are out",
		.type = SCHEMA_SWITCH,
		AT(fallback),
		.fallback = "on",
	},
	{
		.name = "host-poll",
		.about = "host workers spin instead of sleeping",
		.type = SCHEMA_SWITCH,
		AT(host_poll),
		.fallback = "off",
	},
	{
		.name = "kick",
		.about = "how drivers kick: a register behind PCI or of a bus "
			 "without it, whose interrupts are told by two "
			 "registers more; a call by channel I/O or hypercall",
		.type = SCHEMA_CHOICE,
		AT(kick),
		.words = kicks,
		.fallback = "pci",
	},
	{
		.name = "exits",
		.about = "whether the host's kernel passes kicks on, or a "
			 "process of it",
		.type = SCHEMA_CHOICE,
		AT(exits),
		.words = exits,
		.fallback = "light; heavy on path virtio-tap",
		.derive = path_exits,
	},
	{
		.name = "interrupts",
		.about = "what is counted of interrupts: that they are "
			 "injected; or handlers, too, with exits to take them "
			 "and at their end, without the latter unless more "
			 "wait, or with none",
		.type = SCHEMA_CHOICE,
		AT(interrupts),
		.words = interrupts,
		.fallback = "bare",
	},
	{
		.name = "vectors",
		.about = "a vector for each queue, or one for those of a NIC",
		.type = SCHEMA_CHOICE,
		AT(vectors),
		.words = vectors,
		.fallback = "queue",
	},
	{.name = NULL},
};

#define PATH_KEY                                                              \
	{                                                                     \
		.name = "path", .about = "the design that moves the packets", \
		.type = SCHEMA_PATH, AT(path), .fallback = "shared-buffers",  \
	}

static const struct schema_key link_keys[] = {
	PATH_KEY,
	{
		.name = "ends",
		.about = "the two machines",
		.type = SCHEMA_MEMBERS,
		AT(end),
		.count = offsetof(struct link_config, members),
		.min = 2,
		.max = 2,
		.required = true,
	},
	{.more = common_keys},
};

static const struct schema_key network_keys[] = {
	PATH_KEY,
	{
		.name = "members",
		.about = "the machines, as many as the path takes (`twinring "
			 "list paths`)",
		.type = SCHEMA_MEMBERS,
		AT(end),
		.count = offsetof(struct link_config, members),
		.min = 2,
		.max = MEMBERS_MAX,
		.required = true,
	},
	{.more = common_keys},
};

const struct schema_section schema_link = {.title = "links[]",
					   .keys = link_keys};
const struct schema_section schema_network = {
	.title = "networks[]", .keys = network_keys, .also = "links[]"};
