/* SPDX-License-Identifier: BSD-3-Clause */
/* Which features may be accepted together, and what they are called. */
#include "model/virtio/features.h"

#include <string.h>

#include "model/unit_verdict.h"
#include "model/virtio/net.h"

#define ALL UINT64_MAX

static void a_subset_of_what_is_offered(void)
{
	uint64_t offered = FEATURE_BIT(F_NET_MAC) | FEATURE_BIT(F_VERSION_1);
	struct verdict why = {CLAUSE_NONE, ""};

	CU_ASSERT(features_valid(0, offered, &why));
	verdict_none("features", features_valid(offered, offered, &why),
		     CLAUSE_FEAT_SUBSET);
	CU_ASSERT_EQUAL(why.broken, CLAUSE_NONE);
	CU_ASSERT_FALSE(features_valid(FEATURE_BIT(F_NET_MTU), offered, &why));
	verdict_names("features", &why, CLAUSE_FEAT_SUBSET);
	CU_ASSERT_FALSE(features_valid(FEATURE_BIT(63), offered, NULL));
}

/* Each feature that needs another one, without it. */
static void none_without_what_it_needs(void)
{
	static const struct {
		enum feature_bit bit, needs;
	} rows[] = {
		{F_NET_GUEST_TSO4, F_NET_GUEST_CSUM},
		{F_NET_GUEST_TSO6, F_NET_GUEST_CSUM},
		{F_NET_HOST_TSO4, F_NET_CSUM},
		{F_NET_HOST_TSO6, F_NET_CSUM},
		{F_NET_GIFT, F_NET_SHARED_BUFFERS},
	};

	for (uint32_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint64_t alone = FEATURE_BIT(rows[i].bit);
		uint64_t both = alone | FEATURE_BIT(rows[i].needs);
		struct verdict why = {CLAUSE_NONE, ""};

		CU_ASSERT_FALSE(features_valid(alone, ALL, &why));
		verdict_names("features", &why, CLAUSE_FEAT_DEPENDS);
		verdict_none("features", features_valid(both, ALL, NULL),
			     CLAUSE_FEAT_DEPENDS);
		CU_ASSERT_EQUAL(features_closed(alone), 0);
		CU_ASSERT_EQUAL(features_closed(both), both);
	}
}

/* Closing takes away, never adds, and once is enough. */
static void closing_is_closed(void)
{
	uint64_t set = 1;

	for (uint32_t i = 0; i < 10000; i++) {
		uint64_t closed;

		set = set * UINT64_C(6364136223846793005) + 1;
		closed = features_closed(set);
		CU_ASSERT_EQUAL(closed & ~set, 0);
		CU_ASSERT_EQUAL(features_closed(closed), closed);
		CU_ASSERT(features_valid(closed, set, NULL));
	}
}

static void names_are_different(void)
{
	for (unsigned bit = 0; bit < 70; bit++)
		for (unsigned other = 0; other < bit; other++)
			if (feature_name(bit) && feature_name(other))
				CU_ASSERT_STRING_NOT_EQUAL(feature_name(bit),
							   feature_name(other));
	CU_ASSERT_PTR_NULL(feature_name(64));
	CU_ASSERT_PTR_NULL(feature_name(F_RING_EVENT_IDX));
	CU_ASSERT_STRING_EQUAL(feature_name(F_NET_GIFT), "gift");
}

static void the_header_has_three_sizes(void)
{
	uint64_t v1 = FEATURE_BIT(F_VERSION_1);

	CU_ASSERT_EQUAL(net_hdr_size(0), 10);
	CU_ASSERT_EQUAL(net_hdr_size(FEATURE_BIT(F_NET_MRG_RXBUF)), 12);
	CU_ASSERT_EQUAL(net_hdr_size(v1), 12);
	CU_ASSERT_EQUAL(net_hdr_size(v1 | FEATURE_BIT(F_NET_HASH_REPORT)), 20);
}

static const struct unit_case cases[] = {
	{"a subset of what is offered", a_subset_of_what_is_offered},
	{"none without what it needs", none_without_what_it_needs},
	{"closing is closed", closing_is_closed},
	{"names are different", names_are_different},
	{"the header has three sizes", the_header_has_three_sizes},
};

UNIT_MAIN("features", cases)
