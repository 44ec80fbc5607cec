/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/world/world_build.h"

enum { PAGE = 4096 };

/*
 * Guest-physical places, different in every VM: its RAM first, then the slots
 * of each link, then, a place for each, the RAM of peers.
 */
enum { BAR_BITS = 33, RAM_BITS = 40, WINDOWS_BITS = 47 };

_Static_assert(BAR_SIZE_MAX <= UINT64_C(1) << BAR_BITS, "slots do not overlap");
_Static_assert(LINK_MAX <= 1 << (RAM_BITS - BAR_BITS),
	       "nor with the next machine's");
_Static_assert(VM_MAX < 1 << (WINDOWS_BITS - RAM_BITS), "nor with windows");
_Static_assert(LINK_MAX <= 1 << (WINDOWS_BITS - RAM_BITS),
	       "a window holds any RAM");

static uint64_t ram_gpa(uint32_t vm)
{
	return (UINT64_C(1) << 20) + ((uint64_t)vm << 24);
}

static uint64_t bar_gpa(uint32_t vm, uint32_t link)
{
	return ((uint64_t)(vm + 1) << RAM_BITS) + ((uint64_t)link << BAR_BITS);
}

static uint64_t window_gpa(uint32_t vm, uint32_t link)
{
	return ((uint64_t)(vm + 1) << WINDOWS_BITS) +
	       ((uint64_t)link << RAM_BITS);
}

static const struct path_ops *path_of(const struct link_config *l)
{
	const struct path_ops *p = path_find(l->path);

	assert(p);
	return p;
}

/* Bytes that the ends of a link share. */
static uint64_t region_size(const struct link_config *l)
{
	const struct path_ops *p = path_of(l);

	return p->region ? p->region(l) : 0;
}

static uint64_t vm_ram_size(const struct world_config *c, uint32_t vm)
{
	uint64_t size = PAGE;

	for (uint32_t i = 0; i < c->links; i++)
		for (uint32_t end = 0; end < 2; end++)
			if (c->link[i].end[end] == vm)
				size += path_driver(path_of(&c->link[i]), end)
						->ram(&c->link[i]);
	return (size + 63) / 64 * 64;
}

/* So many drivers it has, and windows besides its RAM it needs at most. */
static uint32_t vm_nics(const struct world_config *c, uint32_t vm)
{
	uint32_t nics = 0;

	for (uint32_t i = 0; i < nic_count(&c->numbers); i++)
		nics += nic_vm(c, i) == vm;
	return nics;
}

static size_t stores_size(const struct world_config *c)
{
	return c->memory == MEMORY_SC
		       ? 0
		       : sizeof(struct store_buffers) +
				 (actor_count(c)) *
					 sizeof(struct store_buffer) +
				 64;
}

size_t world_build_size(const struct world_config *c)
{
	size_t size = 4 * PAGE +
		      c->vms * (sizeof(struct vm) + sizeof(struct guest) +
				sizeof(struct gmem_window)) +
		      nic_count(&c->numbers) *
			      (sizeof(struct gmem_window) + guest_arena(1)) +
		      c->links * (sizeof(struct link) +
				  2 * sizeof(struct dropped_notifications)) +
		      actor_count(c) * sizeof(struct actor) + stores_size(c);

	for (uint32_t i = 0; i < c->vms; i++)
		size += vm_ram_size(c, i) + PAGE;
	for (uint32_t i = 0; i < c->links; i++) {
		const struct link_config *l = &c->link[i];

		size += region_size(l) + PAGE +
			link_arena(l, path_of(l), c->burst);
		for (uint32_t end = 0; end < 2; end++)
			size += path_driver(path_of(l), end)
					->arena(l, c->burst);
	}
	return size;
}

static void vm_interrupt(struct vm *vm, uint32_t message)
{
	struct world *w = vm->interrupt_to;
	uint32_t nic = message_nic(message);
	struct guest_driver *d =
		nic < nic_count(&w->cfg->numbers)
			? world_driver(w, vm->id,
				       nic_link(&w->cfg->numbers, nic))
			: NULL;

	/* A guest chooses what its messages say, and may choose nonsense. */
	if (d && d->ops->interrupt)
		d->ops->interrupt(d, message_vector(message));
}

static void stores_build(struct world *w)
{
	const struct world_config *c = w->cfg;

	if (c->memory == MEMORY_SC)
		return;
	w->stores = arena_new(&w->state, struct store_buffers, 1);
	w->stores->probe = w->probe;
	w->stores->barriers = c->barriers;
	w->stores->order = (uint8_t)c->memory;
	w->stores->actor = STORES_NOBODY;
	w->stores->actors = (uint16_t)(actor_count(c));
	w->stores->buffer =
		arena_new(&w->state, struct store_buffer, w->stores->actors);
}

static void vms_build(struct world *w)
{
	w->vm = arena_new(&w->state, struct vm, w->cfg->vms);
	w->guest = arena_new(&w->state, struct guest, w->cfg->vms);
	for (uint32_t i = 0; i < w->cfg->vms; i++) {
		struct vm *vm = &w->vm[i];
		uint32_t nics = vm_nics(w->cfg, i);

		vm->mem.room = 1 + nics;
		vm->mem.window =
			arena_new(&w->state, struct gmem_window, vm->mem.room);
		vm->id = i;
		vm->ram_gpa = ram_gpa(i);
		vm->ram_size = vm_ram_size(w->cfg, i);
		assert(vm->ram_gpa + vm->ram_size <= UINT64_C(1) << RAM_BITS);
		vm->ram = arena_take(&w->state, vm->ram_size, PAGE);
		vm->interrupt = vm_interrupt;
		vm->interrupt_to = w;
		vm->mem.stores = w->stores;
		guest_init(&w->guest[i], vm, nics, &w->state);
		gmem_add(&vm->mem, (struct gmem_window){.gpa = vm->ram_gpa,
							.size = vm->ram_size,
							.base = vm->ram,
							.kind = GMEM_RAM,
							.owner = (uint16_t)i});
		w->map.vm[i].ram_gpa = vm->ram_gpa;
		w->map.vm[i].ram_size = vm->ram_size;
	}
}

/* What the ends of a link share: its own, or (rule pair-partition off) that of
 * another link. */
static uint8_t *region_build(struct world *w, uint32_t i)
{
	const struct link_config *l = &w->cfg->link[i];

	w->map.link[i].region = i;
	if (!region_size(l))
		return NULL;
	w->map.link[i].bar_size = region_size(l);
	for (uint32_t k = 0; k < i; k++) {
		const struct link_config *o = &w->cfg->link[k];

		if (o->rules & l->rules & RULE_BIT(RULE_PARTITION) ||
		    region_size(o) < region_size(l))
			continue;
		w->map.link[i].region = w->map.link[k].region;
		return w->link[k].region;
	}
	return arena_take(&w->state, region_size(l), PAGE);
}

static void window_add(struct world *w, uint32_t vm, struct gmem_window window)
{
	bool added = gmem_add(&w->vm[vm].mem, window);

	assert(added);
	(void)added;
}

/* What @vm reaches of its peer's RAM over link @i. */
static void peer_window_add(struct world *w, uint32_t vm, uint32_t i,
			    uint32_t peer)
{
	window_add(w, vm,
		   (struct gmem_window){.gpa = window_gpa(vm, i),
					.size = w->vm[peer].ram_size,
					.base = w->vm[peer].ram,
					.kind = GMEM_PEER_RAM,
					.owner = (uint16_t)peer});
}

static void windows_add(struct world *w, uint32_t i, uint8_t *region)
{
	const struct link_config *l = &w->cfg->link[i];

	for (uint32_t end = 0; end < 2; end++) {
		uint32_t vm = l->end[end];

		if (path_maps_peer(path_of(l), end))
			peer_window_add(w, vm, i, l->end[!end]);
		if (!region)
			continue;
		w->map.link[i].bar_gpa[end] = bar_gpa(vm, i);
		window_add(w, vm,
			   (struct gmem_window){.gpa = bar_gpa(vm, i),
						.size = region_size(l),
						.base = region,
						.kind = GMEM_BAR,
						.owner = (uint16_t)i});
	}
}

/* A notification of @nic: whether it is one of those that get lost. */
static bool notification_dropped(void *to, uint32_t nic, bool call)
{
	const struct world *w = to;
	struct dropped_notifications *a = &w->dropped[nic];

	if (a->lose[call] == 0)
		return false;
	a->lose[call]--;
	a->lost = true;
	return true;
}

static void links_build(struct world *w)
{
	w->link = arena_new(&w->state, struct link, w->cfg->links);
	w->dropped = arena_new(&w->state, struct dropped_notifications,
			       nic_count(&w->cfg->numbers));
	for (uint32_t i = 0; i < w->cfg->links; i++) {
		const struct link_config *l = &w->cfg->link[i];
		struct link_setup s = {
			.cfg = l,
			.path = path_of(l),
			.probe = w->probe,
			.cost = w->cost,
			.interrupts = w->interrupts,
			.vm = {&w->vm[l->end[0]], &w->vm[l->end[1]]},
			.features = {w->cfg->vm[l->end[0]].features,
				     w->cfg->vm[l->end[1]].features},
			.region_gpa = {bar_gpa(l->end[0], i),
				       bar_gpa(l->end[1], i)},
			.region = region_build(w, i),
			.region_size = region_size(l),
			.index = i,
			.first_nic = nic_id(&w->cfg->numbers, i, 0),
			.burst = w->cfg->burst,
			.window_gpa = {window_gpa(l->end[0], i),
				       window_gpa(l->end[1], i)},
			.drop_notification = notification_dropped,
			.drop_to = w,
		};

		windows_add(w, i, s.region);
		link_init(&w->link[i], &s, &w->state);
		for (uint32_t end = 0; end < 2; end++)
			w->map.link[i].features[end] =
				w->link[i].nic[end].usual;
	}
}

/* The shared region as a driver sees it. */
static uint8_t *region_view(const struct world *w,
			    const struct poisoner_ops *guard, uint32_t i,
			    uint32_t end)
{
	uint8_t *region = w->link[i].region;

	return region && guard ? guard->view(w->cfg, i, end, region,
					     region_size(&w->cfg->link[i]))
			       : region;
}

/* Where a driver has its rings is a matter of set-up. */
static void tables_note(struct world *w, const struct guest_driver *d)
{
	struct guest_ring ring[NIC_QUEUES];
	uint32_t rings = d->ops->rings(d, ring);

	for (uint32_t q = 0; q < rings && ring[q].own; q++) {
		const struct vq_area *area = &ring[q].area;
		uint16_t queue = queue_of_nic(d->nic, q);

		w->map.table[queue].gpa = area->desc;
		w->map.table[queue].size =
			vq_parts(ring[q].layout, area->size).desc;
	}
}

static void driver_build(struct world *w, const struct poisoner_ops *guard,
			 uint32_t i, uint32_t end)
{
	const struct link_config *l = &w->cfg->link[i];
	uint32_t vm = l->end[end];
	struct guest_driver_setup s = {
		.cfg = l,
		.vmcfg = &w->cfg->vm[vm],
		.vm = &w->vm[vm],
		.device = link_device(&w->link[i], end),
		.region = region_view(w, guard, i, end),
		.probe = w->probe,
		.cost = w->cost,
		.app = w->app,
		.app_ctx = w->app_ctx,
		.link = i,
		.nic = nic_id(&w->cfg->numbers, i, end),
		.burst = w->cfg->burst,
	};
	struct guest_driver *d =
		path_driver(path_of(l), end)->begin(&s, &w->state);

	guest_add(&w->guest[vm], d);
	tables_note(w, d);
}

_Static_assert((int)ACTOR_MAX <= (int)COST_SIGNALS, "each actor has a signal");

static void actors_build(struct world *w)
{
	const struct world_config *c = w->cfg;

	w->actors = actor_count(c);
	w->actor = arena_new(&w->state, struct actor, w->actors);
	for (uint32_t i = 0; i < c->vms; i++) {
		w->actor[i] = (struct actor){.part = &w->guest[i].part,
					     .ready_ps = c->vm[i].start_ps,
					     .poll = c->vm[i].poll};
	}
	for (uint32_t i = 0; i < nic_count(&c->numbers); i++) {
		struct worker *wk = &w->link[nic_link(&c->numbers, i)]
					     .worker[nic_end(&c->numbers, i)];
		struct actor *a = &w->actor[c->vms + i];

		*a = (struct actor){
			.part = &wk->part,
			.state = ACTOR_RESTING,
			.poll = c->link[nic_link(&c->numbers, i)].host_poll};
		if (!path_has_workers(wk->link->path))
			a->state = ACTOR_DEAD;
		wk->signal.asleep = true;
	}
	for (uint32_t i = 0; i < w->actors; i++) {
		w->actor[i].part->signal->number = (uint8_t)i;
		actor_name(c, i, w->actor[i].name, sizeof w->actor[i].name);
		w->polls |= w->actor[i].poll;
	}
	for (uint32_t i = 0; i < w->actors; i++) {
		const struct part *on = w->actor[i].part->beside;

		w->actor[i].core = on ? on->signal->number : i;
		w->shares |= on != NULL;
	}
}

static void grant(struct world *w, uint32_t actor, uint32_t vm, uint64_t gpa,
		  uint64_t size)
{
	w->map.grant[w->map.grants++] = (struct grant){
		.gpa = gpa,
		.size = size,
		.actor = (actor_id)actor,
		.vm = (uint8_t)vm,
		.write = true,
	};
}

/* What each party may touch, from the windows that it was given. */
static void grants_build(struct world *w)
{
	const struct world_config *c = w->cfg;
	uint32_t most = c->vms + 12 * c->links;

	w->map.grant = arena_new(&w->extra, struct grant, most);
	for (uint32_t vm = 0; vm < c->vms; vm++)
		grant(w, vm, vm, w->vm[vm].ram_gpa, w->vm[vm].ram_size);
	for (uint32_t i = 0; i < c->links; i++) {
		const struct link_config *l = &c->link[i];

		for (uint32_t end = 0; end < 2; end++) {
			uint32_t vm = l->end[end];
			uint32_t host = actor_host(c, i, 0);
			uint32_t peer = l->end[!end];

			if (region_size(l)) {
				grant(w, vm, vm, bar_gpa(vm, i),
				      region_size(l));
				for (uint32_t k = 0; k < 2; k++)
					grant(w, host + k, vm, bar_gpa(vm, i),
					      region_size(l));
			}
			if (path_maps_peer(path_of(l), end))
				grant(w, vm, peer, w->vm[peer].ram_gpa,
				      w->vm[peer].ram_size);
			for (uint32_t k = 0; k < 2; k++)
				if (path_worker_reaches(path_of(l), k, end))
					grant(w, host + k, vm,
					      w->vm[vm].ram_gpa,
					      w->vm[vm].ram_size);
		}
	}
	assert(w->map.grants <= most);
}

void world_build(struct world *w, const struct poisoner_ops *guard)
{
	stores_build(w);
	vms_build(w);
	links_build(w);
	for (uint32_t i = 0; i < w->cfg->links; i++)
		for (uint32_t end = 0; end < 2; end++)
			driver_build(w, guard, i, end);
	actors_build(w);
	grants_build(w);
}
