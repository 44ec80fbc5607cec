/* SPDX-License-Identifier: BSD-3-Clause */
/* The table agrees with itself and with the tables of the model. */
#include "sim/scenario/schema/schema.h"

#include "model/path/path.h"
#include "model/virtio/features.h"
#include "sim/scenario/scenario_unit.h"

static void check_key(const struct schema_key *k)
{
	uint64_t value = 0;

	CU_ASSERT_PTR_NOT_NULL(k->about);
	CU_ASSERT_TRUE(k->min <= k->max || k->max == 0);
	CU_ASSERT_FALSE(k->required && k->fallback);
	CU_ASSERT_TRUE(k->type != SCHEMA_CHOICE || k->words);
	CU_ASSERT_TRUE(k->type != SCHEMA_BITS || k->bits);
	if (k->type > SCHEMA_SIMPLE || !k->fallback || k->derive)
		return;
	CU_ASSERT_EQUAL(schema_read(k, k->fallback, &value), VALUE_OK);
	CU_ASSERT_TRUE(value >= k->min && (!k->max || value <= k->max));
}

static void check_section(const struct schema_section *s)
{
	for (const struct schema_key *k = s->keys; k->name;
	     k = schema_next(k)) {
		check_key(k);
		CU_ASSERT_PTR_EQUAL(schema_find(s, k->name), k);
		if (k->inside)
			check_section(k->inside);
	}
	CU_ASSERT_PTR_NULL(schema_find(s, "no-such-key"));
}

static void sections(void)
{
	check_section(&schema_top);
}

/* --set ring.size means every link only if ring is no key of the scenario. */
static void shorthand(void)
{
	const struct schema_section *const both[] = {&schema_link,
						     &schema_network};

	for (uint32_t i = 0; i < 2; i++)
		for (const struct schema_key *k = both[i]->keys; k->name;
		     k = schema_next(k))
			CU_ASSERT_PTR_NULL(schema_find(&schema_top, k->name));
}

/* A link and a network have the same keys, but for who they join. */
static void short_form(void)
{
	for (const struct schema_key *k = schema_link.keys; k->name;
	     k = schema_next(k))
		CU_ASSERT_EQUAL(schema_find(&schema_network, k->name) != NULL,
				strcmp(k->name, "ends") != 0);
	CU_ASSERT_PTR_NULL(schema_find(&schema_link, "members"));
	CU_ASSERT_PTR_NOT_NULL(schema_find(&schema_network, "members"));
}

static void features(void)
{
	const struct schema_bits *bits =
		schema_find(&schema_vm, "features")->bits;

	for (unsigned bit = 0; bit < 64; bit++) {
		const char *name = feature_name(bit);
		const struct schema_bit *b;

		if (!name)
			continue;
		b = schema_find_bit(bits, name);
		CU_ASSERT_PTR_NOT_NULL_FATAL(b);
		CU_ASSERT_EQUAL(b->bit, bit);
	}
	for (uint32_t i = 0; i < bits->count; i++)
		CU_ASSERT_STRING_EQUAL(feature_name(bits->bit[i].bit),
				       bits->bit[i].name);
}

static void policies(void)
{
	const struct schema_key *gifts = schema_find(&schema_link, "gifts");
	const struct schema_key *policy = schema_find(gifts->inside, "policy");
	const struct schema_key *alloc = schema_find(&schema_link, "alloc");

	for (int i = 0; i < GIFT_POLICIES; i++)
		CU_ASSERT_STRING_EQUAL(
			policy->words[i],
			gift_policy_info((enum gift_policy)i)->name);
	for (int i = 0; i < ALLOC_POLICIES; i++)
		CU_ASSERT_STRING_EQUAL(
			alloc->words[i],
			alloc_policy_info((enum alloc_policy)i)->name);
	CU_ASSERT_PTR_NULL(policy->words[GIFT_POLICIES]);
	CU_ASSERT_PTR_NULL(alloc->words[ALLOC_POLICIES]);
}

static void paths(void)
{
	for (const char *const *path = schema_paths(); *path; path++)
		CU_ASSERT_PTR_NOT_NULL(path_find(*path));
}

static void sizes(void)
{
	uint64_t store = 0;

	for (uint32_t size = 1; size <= 8; size *= 2) {
		struct schema_key key = {.size = size};
		uint64_t most = UINT64_MAX >> (64 - 8 * size);

		schema_put(&key, &store, most);
		CU_ASSERT_EQUAL(schema_get(&key, &store), most);
		CU_ASSERT_EQUAL(store, most);
	}
}

static void mentions(const struct schema_section *s, const char *text)
{
	for (const struct schema_key *k = s->keys; k->name;
	     k = schema_next(k)) {
		char row[64];

		snprintf(row, sizeof row, "| `%s` | ", k->name);
		CU_ASSERT_PTR_NOT_NULL(strstr(text, row));
		if (k->inside)
			mentions(k->inside, text);
	}
}

static void reference(void)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	schema_print(out);
	fclose(out);
	mentions(&schema_top, text);
	CU_ASSERT_PTR_NOT_NULL(strstr(
		text, "\n## `links[].ring`\n\n| key | values | default | "
		      "meaning |\n|---|---|---|---|\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(
		text, "\n| `size` | 1 to 32768, a power of two | `256` | "
		      "descriptors of each ring |\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\n| `epoch` | `on` or `off` | "));
	free(text);
}

static const struct unit_case cases[] = {
	{"every key is complete and its default allowed", sections},
	{"keys of links are free for all links at once", shorthand},
	{"a link is the short form of a network", short_form},
	{"features are those of the model", features},
	{"policies are those of the model", policies},
	{"paths are those of the model", paths},
	{"values keep to their bytes", sizes},
	{"the reference has every key", reference},
};

UNIT_MAIN("schema", cases)
