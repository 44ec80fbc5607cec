/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/vhost/vhost_kernel.h"

enum { RING_MOST = 0xffff };

/* A call that ends with @error, since it broke @rule. */
static enum vhost_error refused(enum vhost_error error, enum clause rule,
				const char *words, struct verdict *why)
{
	verdict_set(why, rule, "%s", words);
	return error;
}

static struct vhost_ring *ring_of(struct vhost_kernel *v,
				  const struct vhost_call *c)
{
	return &v->ring[c->index];
}

static enum vhost_error get_features(struct vhost_kernel *v,
				     const struct vhost_call *c,
				     uint64_t *answer, struct verdict *why)
{
	(void)c;
	(void)why;
	*answer = v->offered;
	return VHOST_OK;
}

static enum vhost_error set_features(struct vhost_kernel *v,
				     const struct vhost_call *c,
				     uint64_t *answer, struct verdict *why)
{
	(void)answer;
	if (c->value & ~v->offered)
		return refused(VHOST_EOPNOTSUPP, CLAUSE_VHOST_FEATURES,
			       "features that were not offered", why);
	v->features = c->value;
	return VHOST_OK;
}

static enum vhost_error set_owner(struct vhost_kernel *v,
				  const struct vhost_call *c, uint64_t *answer,
				  struct verdict *why)
{
	(void)c;
	(void)answer;
	if (v->owned)
		return refused(VHOST_EBUSY, CLAUSE_VHOST_OWNER,
			       "it has an owner already", why);
	v->owned = true;
	return VHOST_OK;
}

/* Stops @r, if somebody serves it; from where it goes on is its base then. */
static void ring_unbind(struct vhost_kernel *v, uint32_t index)
{
	struct vhost_ring *r = &v->ring[index];

	if (r->bound)
		r->base = v->ops->unbind(v->to, index);
	r->bound = false;
}

static enum vhost_error reset_owner(struct vhost_kernel *v,
				    const struct vhost_call *c,
				    uint64_t *answer, struct verdict *why)
{
	(void)c;
	(void)answer;
	(void)why;
	for (uint32_t i = 0; i < VHOST_RINGS; i++) {
		ring_unbind(v, i);
		v->ring[i] = (struct vhost_ring){.base = 0};
	}
	v->regions = 0;
	v->features = 0;
	v->owned = false;
	return VHOST_OK;
}

/* Whether one region of a table of @count holds all of it. */
static bool region_holds(const struct vhost_region *region, uint32_t count,
			 uint64_t gpa, uint64_t size)
{
	for (uint32_t i = 0; i < count; i++)
		if (gpa - region[i].gpa < region[i].size &&
		    size <= region[i].size - (gpa - region[i].gpa))
			return true;
	return false;
}

/* The same for all parts of a ring. */
static bool ring_reached(uint8_t layout, const struct vhost_region *region,
			 uint32_t count, const struct vq_area *area)
{
	struct vq_parts parts = vq_parts((enum vq_layout)layout, area->size);

	return region_holds(region, count, area->desc, parts.desc) &&
	       region_holds(region, count, area->driver, parts.driver) &&
	       region_holds(region, count, area->device, parts.device);
}

static enum vhost_error set_mem_table(struct vhost_kernel *v,
				      const struct vhost_call *c,
				      uint64_t *answer, struct verdict *why)
{
	(void)answer;
	if (c->flags)
		return refused(VHOST_EOPNOTSUPP, CLAUSE_VHOST_MEMORY,
			       "padding that is not zero", why);
	if (c->count > VHOST_REGIONS)
		return refused(VHOST_E2BIG, CLAUSE_VHOST_MEMORY,
			       "too many regions", why);
	for (uint32_t i = 0; i < c->count; i++)
		if (c->region[i].size == 0 ||
		    c->region[i].gpa + c->region[i].size < c->region[i].gpa)
			return refused(VHOST_EFAULT, CLAUSE_VHOST_MEMORY,
				       "a region that is none", why);
	for (uint32_t i = 0; i < VHOST_RINGS; i++)
		if (v->ring[i].bound &&
		    !ring_reached(v->layout, c->region, c->count,
				  &v->ring[i].area))
			return refused(VHOST_EFAULT, CLAUSE_VHOST_MEMORY,
				       "a ring that is served lies outside",
				       why);
	memcpy(v->region, c->region, c->count * sizeof *c->region);
	v->regions = c->count;
	return VHOST_OK;
}

static enum vhost_error set_vring_num(struct vhost_kernel *v,
				      const struct vhost_call *c,
				      uint64_t *answer, struct verdict *why)
{
	(void)answer;
	if (ring_of(v, c)->bound)
		return refused(VHOST_EBUSY, CLAUSE_VHOST_BUSY,
			       "the size of a ring that is served", why);
	if (!c->value || c->value > RING_MOST || c->value & (c->value - 1))
		return refused(VHOST_EINVAL, CLAUSE_SPLIT_SIZE,
			       "no size of a ring", why);
	ring_of(v, c)->area.size = (uint16_t)c->value;
	ring_of(v, c)->sized = true;
	return VHOST_OK;
}

static enum vhost_error set_vring_addr(struct vhost_kernel *v,
				       const struct vhost_call *c,
				       uint64_t *answer, struct verdict *why)
{
	struct vhost_ring *r = ring_of(v, c);
	struct vq_area area = c->area;

	(void)answer;
	area.size = r->area.size;
	if (c->flags)
		return refused(VHOST_EOPNOTSUPP, CLAUSE_VHOST_MEMORY,
			       "flags that nobody knows", why);
	if (area.desc % 16 || area.driver % 2 || area.device % 4)
		return refused(VHOST_EINVAL, CLAUSE_SPLIT_LAYOUT,
			       "a part of a ring is not aligned", why);
	if (r->bound && !ring_reached(v->layout, v->region, v->regions, &area))
		return refused(VHOST_EINVAL, CLAUSE_VHOST_MEMORY,
			       "a ring that is served goes outside", why);
	r->area = area;
	r->placed = true;
	return VHOST_OK;
}

static enum vhost_error set_vring_base(struct vhost_kernel *v,
				       const struct vhost_call *c,
				       uint64_t *answer, struct verdict *why)
{
	struct vhost_ring *r = ring_of(v, c);

	(void)answer;
	if (c->value > RING_MOST)
		return refused(VHOST_EINVAL, CLAUSE_VHOST_BASE,
			       "no index of a ring", why);
	if (r->bound)
		return refused(VHOST_EBUSY, CLAUSE_VHOST_BUSY,
			       "the base of a ring that is served", why);
	r->base = (uint16_t)c->value;
	return VHOST_OK;
}

static enum vhost_error get_vring_base(struct vhost_kernel *v,
				       const struct vhost_call *c,
				       uint64_t *answer, struct verdict *why)
{
	(void)why;
	*answer = ring_of(v, c)->bound ? v->ops->at(v->to, c->index)
				       : ring_of(v, c)->base;
	return VHOST_OK;
}

static enum vhost_file file_of(const struct vhost_kernel *v, int32_t file)
{
	return file >= 0 && file < VHOST_FILES ? (enum vhost_file)v->file[file]
					       : VHOST_FILE_NONE;
}

/* Whether @c names an eventfd, or none at all. */
static enum vhost_error eventfd_set(const struct vhost_kernel *v,
				    const struct vhost_call *c, bool *set,
				    struct verdict *why)
{
	enum vhost_file is = file_of(v, c->file);

	if (c->file != VHOST_UNBIND && is != VHOST_FILE_EVENTFD)
		return refused(is == VHOST_FILE_NONE ? VHOST_EBADF
						     : VHOST_EINVAL,
			       CLAUSE_VHOST_FILE, "no eventfd", why);
	*set = c->file != VHOST_UNBIND;
	return VHOST_OK;
}

static enum vhost_error set_vring_kick(struct vhost_kernel *v,
				       const struct vhost_call *c,
				       uint64_t *answer, struct verdict *why)
{
	(void)answer;
	return eventfd_set(v, c, &ring_of(v, c)->kicked, why);
}

static enum vhost_error set_vring_call(struct vhost_kernel *v,
				       const struct vhost_call *c,
				       uint64_t *answer, struct verdict *why)
{
	(void)answer;
	return eventfd_set(v, c, &ring_of(v, c)->called, why);
}

/* A tap, and a ring that can be served. */
static enum vhost_error bind_check(const struct vhost_kernel *v,
				   const struct vhost_call *c,
				   struct verdict *why)
{
	const struct vhost_ring *r = &v->ring[c->index];
	enum vhost_file is = file_of(v, c->file);

	if (!r->sized || !r->placed)
		return refused(VHOST_EFAULT, CLAUSE_VHOST_ORDER,
			       "nobody has said where the ring is", why);
	if (!ring_reached(v->layout, v->region, v->regions, &r->area))
		return refused(VHOST_EFAULT, CLAUSE_VHOST_MEMORY,
			       "the ring lies outside of memory", why);
	if (is != VHOST_FILE_TAP)
		return refused(is == VHOST_FILE_NONE ? VHOST_EBADF
						     : VHOST_ENOTSOCK,
			       CLAUSE_VHOST_FILE, "no tap", why);
	return VHOST_OK;
}

static enum vhost_error net_set_backend(struct vhost_kernel *v,
					const struct vhost_call *c,
					uint64_t *answer, struct verdict *why)
{
	struct vhost_ring *r = ring_of(v, c);
	enum vhost_error e;

	(void)answer;
	if (c->file == VHOST_UNBIND) {
		ring_unbind(v, c->index);
		return VHOST_OK;
	}
	e = bind_check(v, c, why);
	if (e != VHOST_OK || r->bound)
		return e;
	if (!v->ops->bind(v->to, c->index, &r->area, r->base, why))
		return VHOST_EFAULT;
	r->bound = true;
	return VHOST_OK;
}

static const struct {
	enum vhost_error (*call)(struct vhost_kernel *v,
				 const struct vhost_call *c, uint64_t *answer,
				 struct verdict *why);
	bool free; /* who does not own it may, too */
	bool ring; /* is of one */
} calls[VHOST_REQUESTS] = {
	[VHOST_GET_FEATURES] = {get_features, true, false},
	[VHOST_SET_FEATURES] = {set_features, true, false},
	[VHOST_SET_OWNER] = {set_owner, true, false},
	[VHOST_RESET_OWNER] = {reset_owner, false, false},
	[VHOST_SET_MEM_TABLE] = {set_mem_table, false, false},
	[VHOST_SET_VRING_NUM] = {set_vring_num, false, true},
	[VHOST_SET_VRING_ADDR] = {set_vring_addr, false, true},
	[VHOST_SET_VRING_BASE] = {set_vring_base, false, true},
	[VHOST_GET_VRING_BASE] = {get_vring_base, false, true},
	[VHOST_SET_VRING_KICK] = {set_vring_kick, false, true},
	[VHOST_SET_VRING_CALL] = {set_vring_call, false, true},
	[VHOST_NET_SET_BACKEND] = {net_set_backend, false, true},
};

enum vhost_error vhost_kernel_call(struct vhost_kernel *v,
				   const struct vhost_call *c, uint64_t *answer,
				   struct verdict *why)
{
	uint64_t nobody;

	assert(c->request < VHOST_REQUESTS);
	if (!calls[c->request].free && !v->owned)
		return refused(VHOST_EPERM, CLAUSE_VHOST_OWNER,
			       "it has no owner", why);
	if (calls[c->request].ring && c->index >= VHOST_RINGS)
		return refused(VHOST_ENOBUFS, CLAUSE_VHOST_ORDER,
			       "there is no such ring", why);
	return calls[c->request].call(v, c, answer ? answer : &nobody, why);
}
