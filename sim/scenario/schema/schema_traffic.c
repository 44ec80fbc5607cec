/* SPDX-License-Identifier: BSD-3-Clause */
/* The keys of traffic, which depend on its kind, and of what is expected. */
#include "sim/scenario/schema/config.h"
#include "sim/scenario/schema/schema.h"

#define AT(field)                                         \
	.offset = offsetof(struct traffic_config, field), \
	.size = sizeof(((struct traffic_config *)0)->field)

#define EXPECT(field)                                         \
	.offset = offsetof(struct scenario, expect.field),    \
	.size = sizeof(((struct scenario *)0)->expect.field), \
	.has = offsetof(struct scenario, expect.has_##field)

static const char *const kinds[] = {
	"fixed", "imix", "one-way", "request-response", "bursts", NULL};
static const char *const directions[] = {"auto", "mac", "ip", "port", NULL};
static const char *const paces[] = {"recorded", "scaled", "rate", "asap", NULL};
static const char *const snaps[] = {"pad", "keep", NULL};
static const char *const damages[] = {"refuse", "use", NULL};

static enum traffic_kind kind_of(const void *object)
{
	return ((const struct traffic_config *)object)->kind;
}

static bool is_pcap(const void *object)
{
	return kind_of(object) == TRAFFIC_PCAP;
}

static bool is_generator(const void *object)
{
	return kind_of(object) != TRAFFIC_PCAP;
}

static bool is_request_response(const void *object)
{
	return kind_of(object) == TRAFFIC_REQUEST_RESPONSE;
}

static bool is_bursts(const void *object)
{
	return kind_of(object) == TRAFFIC_BURSTS;
}

static bool is_sized(const void *object)
{
	return is_generator(object) && kind_of(object) != TRAFFIC_IMIX;
}

static bool is_scaled(const void *object)
{
	return ((const struct traffic_config *)object)->pace == PACE_SCALED;
}

static bool is_rated(const void *object)
{
	return ((const struct traffic_config *)object)->pace == PACE_RATE;
}

static const struct schema_fit not_generated = {is_pcap,
						"does not go with 'generate'"};
static const struct schema_fit only_pcap = {is_pcap, "needs 'pcap'"};
static const struct schema_fit only_generators = {is_generator,
						  "needs 'generate'"};
static const struct schema_fit only_request_response = {
	is_request_response, "needs generate: request-response"};
static const struct schema_fit only_bursts = {is_bursts,
					      "needs generate: bursts"};
static const struct schema_fit only_sized = {
	is_sized, "needs a generator other than imix"};
static const struct schema_fit only_scaled = {is_scaled, "needs pace: scaled"};
static const struct schema_fit only_rate = {is_rated, "needs pace: rate"};

static uint64_t default_pace(const void *object)
{
	return is_pcap(object) ? PACE_RECORDED : PACE_ASAP;
}

static const struct schema_key traffic_keys[] = {
	{
		.name = "generate",
		.about = "frames made up: one size; 64, 594 and 1518 bytes as "
			 "7:4:1; sizes from 60 to bytes; questions and "
			 "answers; bursts with gaps",
		.type = SCHEMA_CHOICE,
		AT(kind),
		.min = TRAFFIC_FIXED,
		.words = kinds,
	},
	{
		.name = "pcap",
		.about = "a capture, its path seen from the scenario; - is "
			 "standard input",
		.type = SCHEMA_FILE,
		AT(pcap),
		.required = true,
		.instead = "generate",
		.fit = &not_generated,
	},
	{
		.name = "direction-by",
		.about = "what tells who sent a packet",
		.type = SCHEMA_CHOICE,
		AT(direction_by),
		.words = directions,
		.fallback = "auto",
		.fit = &only_pcap,
	},
	{
		.name = "pace",
		.about = "when packets are due; recorded and scaled are for "
			 "captures",
		.type = SCHEMA_CHOICE,
		AT(pace),
		.words = paces,
		.fallback = "recorded for captures, asap for generators",
		.derive = default_pace,
	},
	{
		.name = "scale",
		.about = "speed against the recording: 2x, 0.5x, 150%",
		.type = SCHEMA_SCALE,
		AT(scale_percent),
		.min = 1,
		.max = 1000000,
		.fallback = "100%",
		.fit = &only_scaled,
	},
	{
		.name = "rate",
		.about = "packets a second, k and M as usual",
		.type = SCHEMA_RATE,
		AT(rate),
		.min = 1,
		.max = 1000000000000,
		.required = true,
		.fit = &only_rate,
	},
	{
		.name = "max-gap",
		.about = "longer gaps of a capture are cut to this; 0 keeps "
			 "them, or cuts them to a day where the capture spans "
			 "over 200 days",
		.type = SCHEMA_TIME,
		AT(max_gap_ps),
		.max = TIME_MAX_PS,
		.fallback = "0",
		.fit = &only_pcap,
	},
	{
		.name = "repeat",
		.about = "how often it is played",
		.type = SCHEMA_NUMBER,
		AT(repeat),
		.min = 1,
		.max = 1000000000,
		.fallback = "1",
	},
	{
		.name = "snapped",
		.about = "frames that were recorded in part: fill with zeros, "
			 "or send what is there",
		.type = SCHEMA_CHOICE,
		AT(snapped),
		.words = snaps,
		.fallback = "pad",
		.fit = &only_pcap,
	},
	{
		.name = "damaged",
		.about = "a capture that breaks off",
		.type = SCHEMA_CHOICE,
		AT(damaged),
		.words = damages,
		.fallback = "refuse",
		.fit = &only_pcap,
	},
	{
		.name = "bytes",
		.about = "length of a frame; one-way: of the longest",
		.type = SCHEMA_NUMBER,
		AT(bytes),
		.min = FRAME_MIN,
		.max = FRAME_MAX,
		.fallback = "64",
		.fit = &only_sized,
	},
	{
		.name = "reply-bytes",
		.about = "length of an answer",
		.type = SCHEMA_NUMBER,
		AT(reply_bytes),
		.min = FRAME_MIN,
		.max = FRAME_MAX,
		.fallback = "64",
		.fit = &only_request_response,
	},
	{
		.name = "window",
		.about = "questions under way at once",
		.type = SCHEMA_NUMBER,
		AT(window),
		.min = 1,
		.max = 65535,
		.fallback = "1",
		.fit = &only_request_response,
	},
	{
		.name = "packets",
		.about = "how many",
		.type = SCHEMA_NUMBER,
		AT(packets),
		.min = 1,
		.max = UINT64_MAX,
		.fallback = "1000",
		.fit = &only_generators,
	},
	{
		.name = "burst",
		.about = "packets offered at once",
		.type = SCHEMA_NUMBER,
		AT(burst),
		.min = 1,
		.max = 65535,
		.fallback = "32",
		.fit = &only_bursts,
	},
	{
		.name = "gap",
		.about = "from one burst to the next",
		.type = SCHEMA_TIME,
		AT(gap_ps),
		.max = TIME_MAX_PS,
		.fallback = "100us",
		.fit = &only_bursts,
	},
	{
		.name = "from",
		.about = "who sends",
		.type = SCHEMA_VM,
		AT(from),
		.required = true,
		.fit = &only_generators,
	},
	{
		.name = "to",
		.about = "who receives; a link joins them",
		.type = SCHEMA_VM,
		AT(to),
		.required = true,
		.fit = &only_generators,
	},
	{
		.name = "both",
		.about = "the same the other way too",
		.type = SCHEMA_SWITCH,
		AT(both),
		.fallback = "off",
		.fit = &only_generators,
	},
	{.name = NULL},
};

const struct schema_section schema_traffic = {.title = "traffic[]",
					      .keys = traffic_keys};

static const struct schema_key expect_keys[] = {
	{
		.name = "violations",
		.about = "none, or a list of clauses that have to be violated",
		.type = SCHEMA_CLAUSES,
		.offset = offsetof(struct scenario, expect.violations),
		.has = offsetof(struct scenario, expect.has_violations),
		.max = CLAUSE_LIST_MAX,
	},
	{
		.name = "host-bytes-copied",
		.about = "bytes that the host copied",
		.type = SCHEMA_NUMBER,
		EXPECT(host_bytes_copied),
		.max = UINT64_MAX,
	},
	{
		.name = "lost",
		.about = "packets that were accepted and did not arrive",
		.type = SCHEMA_NUMBER,
		EXPECT(lost),
		.max = UINT64_MAX,
	},
	{
		.name = "delivered",
		.about = "packets that arrived",
		.type = SCHEMA_NUMBER,
		EXPECT(delivered),
		.max = UINT64_MAX,
	},
	{
		.name = "digest",
		.about = "digest of the run",
		.type = SCHEMA_DIGEST,
		EXPECT(digest),
		.max = UINT64_MAX,
	},
	{.name = NULL},
};

const struct schema_section schema_expect = {.title = "expect",
					     .keys = expect_keys};
