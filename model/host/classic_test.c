/* SPDX-License-Identifier: BSD-3-Clause */
/* Copying in runs is copying one by one: same bytes, same used, same costs. */
#include "model/host/classic.h"

#include "model/path/pair_fixture.h"

static struct pair runs, single;

static const uint32_t lengths[] = {0,    1,    60,   1500, 2035, 2036,
				   2037, 2048, 4095, 8147, 8990, 9000};

static void begin(struct pair *t, const struct path_ops *path, uint64_t without)
{
	pair_config(t);
	strcpy(t->cfg.path, "copy");
	t->cfg.private_rx = 8;
	t->vmcfg[1].features &= ~without;
	pair_open(t);
	t->link.path = path;
	pair_run(t);
}

static void expect_alike(void)
{
	for (uint32_t k = 0; k < COST_KINDS; k++)
		CU_ASSERT_EQUAL(runs.cost.count[k], single.cost.count[k]);
	for (uint32_t end = 0; end < 2; end++) {
		const struct pair_app *a = &runs.app[end];
		const struct pair_app *b = &single.app[end];

		CU_ASSERT_EQUAL(a->wrong, 0);
		CU_ASSERT_EQUAL(a->delivered, b->delivered);
		CU_ASSERT_EQUAL(a->refused, b->refused);
		CU_ASSERT_EQUAL(a->last_len, b->last_len);
	}
	CU_ASSERT_EQUAL(runs.seen[EV_USED], single.seen[EV_USED]);
	CU_ASSERT_EQUAL(runs.seen[EV_DROP], single.seen[EV_DROP]);
	CU_ASSERT_EQUAL(runs.seen[EV_PARK], single.seen[EV_PARK]);
}

/* More frames of each length than there are buffers, both ways. */
static void alike(uint64_t without)
{
	const struct path_ops *copy = path_find("copy");
	struct path_ops one_by_one = *copy;

	one_by_one.forward_batch = NULL;
	one_by_one.posted_batch = NULL;
	begin(&runs, copy, without);
	begin(&single, &one_by_one, without);
	for (uint32_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
		for (uint32_t end = 0; end < 2; end++) {
			pair_send(&runs, end, 21, lengths[i]);
			pair_send(&single, end, 21, lengths[i]);
			expect_alike();
		}
	CU_ASSERT(runs.app[1].delivered > 100);
	pair_close(&runs);
	pair_close(&single);
}

static void ends_alike(void)
{
	alike(0);
}

/* One end has headers of ten bytes, and takes a frame in one buffer only. */
static void ends_that_differ(void)
{
	alike(FEATURE_BIT(F_VERSION_1) | FEATURE_BIT(F_NET_MRG_RXBUF));
}

static const struct unit_case cases[] = {
	{"ends alike", ends_alike},
	{"ends that differ", ends_that_differ},
};

UNIT_MAIN("classic", cases)
