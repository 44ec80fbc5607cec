/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/visited.h"

#include <assert.h>
#include <stddef.h>
#include <sys/mman.h>

enum { BITS_FIRST = 16 };

static uint64_t *slots_map(uint32_t bits)
{
	size_t size = sizeof(uint64_t) << bits;
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	madvise(p, size, MADV_HUGEPAGE);
	return p;
}

bool visited_open(struct visited *v)
{
	*v = (struct visited){.slot = slots_map(BITS_FIRST),
			      .bits = BITS_FIRST};
	return v->slot;
}

void visited_close(struct visited *v)
{
	if (v->slot)
		munmap(v->slot, visited_bytes(v));
	v->slot = NULL;
}

/* Where @digest is, or the empty slot where it belongs. */
static uint64_t *slot_find(const struct visited *v, uint64_t digest)
{
	uint64_t mask = (UINT64_C(1) << v->bits) - 1;
	uint64_t i = digest >> (64 - v->bits);

	while (v->slot[i] && v->slot[i] != digest)
		i = (i + 1) & mask;
	return &v->slot[i];
}

static bool grow(struct visited *v)
{
	struct visited old = *v;

	v->slot = slots_map(old.bits + 1);
	if (!v->slot) {
		v->slot = old.slot;
		return false;
	}
	v->bits++;
	for (uint64_t i = 0; i < UINT64_C(1) << old.bits; i++)
		if (old.slot[i])
			*slot_find(v, old.slot[i]) = old.slot[i];
	munmap(old.slot, visited_bytes(&old));
	return true;
}

enum visit visited_add(struct visited *v, uint64_t digest)
{
	uint64_t *at;

	digest += digest == 0;
	at = slot_find(v, digest);
	if (*at)
		return VISIT_OLD;
	*at = digest;
	v->count++;
	/* At three quarters, runs of taken slots get long. */
	if (v->count > (UINT64_C(3) << v->bits) / 4 && !grow(v))
		return VISIT_NO_MEMORY;
	return VISIT_NEW;
}
