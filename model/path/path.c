/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/path/path.h"

#include "model/guest/net_driver.h"

static const struct path_ops *const paths[] = {
#define PATH(name) &path_##name,
#include TWINRING_PATHS
#undef PATH
};

_Static_assert(sizeof paths / sizeof paths[0] <= PATHS_MAX, "room for names");

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

const struct guest_driver_ops *path_driver(const struct path_ops *p,
					   uint32_t end)
{
	return p->driver ? p->driver(end) : &net_driver_ops;
}

bool path_maps_peer(const struct path_ops *p, uint32_t end)
{
	return p->maps_peer && p->maps_peer(end);
}

bool path_worker_reaches(const struct path_ops *p, uint32_t worker,
			 uint32_t end)
{
	if (p->process)
		return worker == end;
	return p->forward && (!p->deliver || worker == end);
}

bool path_has_slots(const struct path_ops *p)
{
	return p->region && path_driver(p, 0)->slots &&
	       path_driver(p, 1)->slots;
}

bool path_has_workers(const struct path_ops *p)
{
	return p->forward || p->process;
}

actor_id path_server(const struct world_config *c, uint32_t queue)
{
	uint32_t link = queue_link(&c->numbers, queue),
		 end = queue_end(&c->numbers, queue);
	const struct path_ops *path = path_find(c->link[link].path);

	if (!path_has_workers(path))
		return actor_guest(c->link[link].end[!end]);
	if (path->process)
		return actor_host(c, link, end);
	return actor_host(c, link,
			  queue_is_tx(queue) || path->deliver ? end : !end);
}
