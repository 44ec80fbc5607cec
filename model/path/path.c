/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/path/path.h"

static const struct path_ops *const paths[] = {
	&path_shared_buffers,
	&path_copy,
	&path_vhost_pci,
};

const struct path_ops *path_at(uint32_t i)
{
	return i < sizeof paths / sizeof paths[0] ? paths[i] : NULL;
}

const struct path_ops *path_find(const char *name)
{
	for (uint32_t i = 0; path_at(i); i++)
		if (strcmp(path_at(i)->name, name) == 0)
			return path_at(i);
	return NULL;
}

bool path_has_slots(const struct path_ops *p)
{
	return p->region && p->driver(0)->slots && p->driver(1)->slots;
}

actor_id path_server(const struct world_config *c, uint32_t queue)
{
	uint32_t link = queue_link(queue), end = queue_end(queue);

	if (!path_find(c->link[link].path)->forward)
		return actor_guest(c->link[link].end[!end]);
	return actor_host(c, link, queue_is_tx(queue) ? end : !end);
}
