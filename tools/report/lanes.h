/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lanes of a story, one a party: VMs, then the workers between them, in the
 * order of actors. Knows their names.
 */
#ifndef TWINRING_TOOLS_REPORT_LANES_H
#define TWINRING_TOOLS_REPORT_LANES_H

#include "sim/explore/search.h"

enum { LANES_MAX = 16 };

struct lanes {
	char name[LANES_MAX][2 * NAME_SIZE];
	uint32_t count;
};

struct lanes lanes_of(const struct world_config *c);

/*
 * What somebody does in @s, without the name that stands above and without
 * whom a frame is for, which is seen in what follows.
 */
void lanes_verb(const struct lanes *l, const struct trace_step *s, char *out,
		size_t size);

#endif
