/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/canon/canon.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 32) * UINT64_C(0xd6e8feb86659fd93);
	x = (x ^ x >> 32) * UINT64_C(0xd6e8feb86659fd93);
	return x ^ x >> 32;
}

uint64_t canon_seed(uint64_t number)
{
	return number ? mix(number * UINT64_C(0x9e3779b97f4a7c15)) : 0;
}

/* One thing more, behind those that were said before. */
static void say(struct canon *f, uint32_t at, uint64_t what)
{
	f->slot_said[at] = mix(f->slot_said[at] + what) | 1;
}

void canon_of_end(struct canon *f)
{
	if (f->of == CANON_NO_SLOT)
		return;
	say(f, f->of,
	    XXH3_64bits_withSeed(f->of_first, (size_t)(f->at - f->of_first),
				 f->seed));
	f->at = f->of_first;
	f->of = CANON_NO_SLOT;
}

void canon_number(struct canon *f, uint32_t at)
{
	assert(at < f->slots);
	say(f, at, mix(at + UINT64_C(1)));
}

void canon_end(const struct canon *f, uint32_t part, uint64_t *out)
{
	assert(f->of == CANON_NO_SLOT);
	out[0] = XXH3_64bits_withSeed(f->first, (size_t)(f->at - f->first),
				      f->seed + part);
	for (uint32_t s = 0; s < f->slots; s++) {
		uint64_t what[] = {htole64(f->slot_said[s]),
				   htole64(f->slot_name[s])};

		out[1 + s] = what[0] || what[1]
				     ? XXH3_64bits_withSeed(what, sizeof what,
							    f->seed + part)
				     : 0;
	}
}

uint64_t canon_slot_digest(uint64_t said)
{
	return mix(said + UINT64_C(0x9e3779b97f4a7c15));
}

uint64_t canon_slots_digest(const struct canon *f, const uint64_t *sum)
{
	uint64_t digest = sum[0];

	for (uint32_t s = 0; s < f->slots; s++)
		digest += canon_slot_digest(sum[1 + s]);
	return digest;
}
