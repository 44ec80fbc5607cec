/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/report/lanes.h"

#include <string.h>

struct lanes lanes_of(const struct world_config *c)
{
	uint32_t actors = actor_count(c);
	struct lanes l = {.count = 0};

	for (uint32_t i = 0; i < actors && i < LANES_MAX; i++)
		actor_name(c, i, l.name[l.count++], sizeof l.name[0]);
	return l;
}

void lanes_verb(const struct lanes *l, const struct trace_step *s, char *out,
		size_t size)
{
	size_t name = s->actor < l->count ? strlen(l->name[s->actor]) + 1 : 0;
	char *whom;

	snprintf(out, size, "%s", s->move + name);
	whom = strstr(out, " to ");
	if (whom)
		*whom = '\0';
}
