/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Variables of a state in components: those that are written together, and say
 * no more together than apart, are one. So a move writes few components, and a
 * component holds few different things. Knows numbers of variables; not what
 * they mean.
 */
#ifndef TWINRING_SIM_EXPLORE_SUT_COMPONENTS_H
#define TWINRING_SIM_EXPLORE_SUT_COMPONENTS_H

#include <stdbool.h>
#include <stdint.h>

enum {
	COMPONENTS_MAX = 64,
	VARIABLES_LATER = 128 /* that have room when a search has begun */
};

struct components {
	uint32_t count;
	uint16_t first[COMPONENTS_MAX + 1]; /* in variable */
	uint16_t *variable;
	uint8_t *of; /* by variable */
	/*
	 * A content of a component is what its variables hold, and then a
	 * number each that goes with that. By variable: the component << 16 |
	 * where that number is.
	 */
	uint32_t *place;
};

/* Of some states, and of the moves between them. */
struct components_sample {
	uint32_t variables, steps, states;
	const uint64_t
		*written;     /* by variable: a bit for each step that did so */
	const uint64_t *held; /* by variable and state: a number for what */
};

/*
 * Of all variables of @sample, with room for VARIABLES_LATER. False: no memory.
 */
bool components_open(struct components *b,
		     const struct components_sample *sample);
void components_close(struct components *b);

static inline uint32_t components_size(const struct components *b,
				       uint32_t component)
{
	return (uint32_t)b->first[component + 1] - b->first[component];
}

#endif
