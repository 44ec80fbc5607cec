/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/report/lanes.h"

#include <string.h>

struct lanes lanes_of(const struct world_config *c)
{
	struct lanes l = {.count = 0};

	for (uint32_t i = 0; i < c->vms && l.count < LANES_MAX; i++)
		snprintf(l.name[l.count++], sizeof l.name[0], "%s",
			 c->vm[i].name);
	for (uint32_t i = 0; i < 2 * c->links && l.count < LANES_MAX; i++)
		snprintf(l.name[l.count++], sizeof l.name[0], "host%u.%s",
			 i / 2, c->vm[c->link[i / 2].end[i % 2]].name);
	return l;
}

void lanes_verb(const struct lanes *l, const struct tale_step *s, char *out,
		size_t size)
{
	size_t name = s->actor < l->count ? strlen(l->name[s->actor]) + 1 : 0;
	char *whom;

	snprintf(out, size, "%s", s->move + name);
	whom = strstr(out, " to ");
	if (whom)
		*whom = '\0';
}
