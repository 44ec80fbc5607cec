/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/layer.h"

#define POOL_WORDS (UINT64_C(1) << 31)

/* That much of it stays, to be written to again. */
#define KEEP_BYTES (UINT64_C(1) << 28)

bool layer_open(struct layer *l, uint32_t numbers, bool shared)
{
	size_t size = sizeof(struct waiting) + numbers * sizeof(uint32_t);

	*l = (struct layer){.words = (uint32_t)((size + 7) / 8),
			    .shared = shared};
	l->word = share_map(POOL_WORDS * sizeof *l->word, shared);
	return l->word;
}

void layer_close(struct layer *l)
{
	share_unmap(l->word, POOL_WORDS * sizeof *l->word);
	*l = (struct layer){0};
}

bool layer_extend(struct layer *l, uint64_t more)
{
	if (more > POOL_WORDS / l->words - l->count)
		return false;
	l->count += more;
	return true;
}

void layer_clear(struct layer *l)
{
	uint64_t bytes = layer_bytes(l);

	if (bytes > KEEP_BYTES)
		share_drop(l->word + KEEP_BYTES / sizeof *l->word,
			   bytes - KEEP_BYTES, l->shared);
	l->count = 0;
}
