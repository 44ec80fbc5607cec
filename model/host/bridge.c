/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/host/bridge.h"

#include "model/mutant.h"

/* Addresses of many machines of one maker differ at their end. */
static struct bridge_entry *bucket_of(struct bridge *b, const uint8_t *mac)
{
	return b->entry[(mac[5] ^ mac[4] * 7u ^ mac[3] * 13u) % BRIDGE_BUCKETS];
}

static bool is_group(const uint8_t *mac)
{
	return mac[0] & 1;
}

static struct bridge_entry *entry_find(struct bridge_entry *bucket,
				       const uint8_t *mac)
{
	for (uint32_t i = 0; i < BRIDGE_WAYS && bucket[i].known; i++)
		if (memcmp(bucket[i].mac, mac, MAC_SIZE) == 0)
			return &bucket[i];
	return NULL;
}

/* Room behind all that @bucket knows; the oldest makes some. */
static struct bridge_entry *entry_new(struct bridge_entry *bucket)
{
	uint32_t i = 0;

	while (i < BRIDGE_WAYS && bucket[i].known)
		i++;
	if (i < BRIDGE_WAYS)
		return &bucket[i];
	memmove(bucket, bucket + 1, (BRIDGE_WAYS - 1) * sizeof *bucket);
	return &bucket[BRIDGE_WAYS - 1];
}

void bridge_learn(struct bridge *b, const uint8_t *mac, uint32_t port)
{
	struct bridge_entry *bucket = bucket_of(b, mac), *e;

	assert(port < b->ports && b->ports <= BRIDGE_PORTS_MAX);
	if (is_group(mac))
		return;
	e = entry_find(bucket, mac);
	if (!e) {
		e = entry_new(bucket);
		memcpy(e->mac, mac, MAC_SIZE);
		e->known = true;
	}
	e->port = (uint8_t)port;
}

uint32_t bridge_lookup(const struct bridge *b, const uint8_t *mac)
{
	const struct bridge_entry *e =
		is_group(mac)
			? NULL
			: entry_find(bucket_of((struct bridge *)b, mac), mac);

	return e ? e->port : (uint32_t)BRIDGE_UNKNOWN;
}

uint64_t bridge_ports(struct bridge *b, const uint8_t *macs, uint32_t port)
{
	const uint64_t own = UINT64_C(1) << port, all = UINT64_MAX;
	uint32_t to;

	bridge_learn(b, macs + MAC_SIZE, port);
	to = bridge_lookup(b, macs);
	if (to != BRIDGE_UNKNOWN)
		return (UINT64_C(1) << to) & ~own;
	return all >> (BRIDGE_PORTS_MAX - b->ports) &
	       (MUTANT(BRIDGE_BACK) ? all : ~own);
}

void bridge_canon(const struct bridge *b, struct canon *f)
{
	for (uint32_t i = 0; i < BRIDGE_BUCKETS; i++)
		for (uint32_t k = 0; k < BRIDGE_WAYS && b->entry[i][k].known;
		     k++) {
			canon_u8(f, (uint8_t)(i + 1));
			canon_bytes(f, &b->entry[i][k], sizeof b->entry[i][k]);
		}
	canon_u8(f, 0);
}
