/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A driver in a guest, of any kind, as the guest that it runs in and whoever
 * builds, moves or disturbs a world handle it.
 */
#ifndef TWINRING_MODEL_GUEST_GUEST_DRIVER_H
#define TWINRING_MODEL_GUEST_GUEST_DRIVER_H

#include "model/actor/step.h"
#include "model/actor/vm.h"
#include "model/config.h"
#include "model/guest/app.h"
#include "model/memory/arena.h"
#include "model/probe.h"
#include "model/ring/common/vq_setup.h"
#include "model/virtio/packet_canon.h"

struct guest_driver_ops;

/* First in every driver. */
struct guest_driver {
	const struct guest_driver_ops *ops;
	uint32_t nic; /* nic_id() */
	uint32_t link;
};

struct guest_driver_setup {
	const struct link_config *cfg;
	const struct vm_config *vmcfg;
	struct vm *vm;
	void *device;    /* what its kind of driver drives */
	uint8_t *region; /* bytes that the members of its link share, as this
			    VM sees them; NULL: there are none */
	struct probe *probe;
	struct cost_meter *cost;
	const struct app_ops *app;
	void *app_ctx;
	uint32_t nic;  /* nic_id() */
	uint32_t link; /* whose member the VM is by it */
	uint32_t burst;
};

/* A ring that a driver works, and how far it has come. */
struct guest_ring {
	enum vq_layout layout;
	struct vq_area area;
	uint64_t window_gpa; /* of the window in which the guest reaches it */
	uint64_t base;       /* the same place, as @area addresses it */
	const uint16_t *at;  /* the index up to which it has looked */
	bool own;            /* the driver's half is its own: */
	uint16_t offered;    /* entries that it has written */
	bool in_reset;       /* it is resetting the ring by itself */
};

/* What can be done with one slot by itself. */
enum slot_act {
	SLOT_ACT_HAND, /* the whole way of a frame: post, send, publish, kick */
	SLOT_ACT_GIVE, /* the same for a gift */
	SLOT_ACT_TAKE, /* takes what came, whichever slots that are */
	/* what a driver must not do, through its own rings all the same */
	SLOT_ACT_POST, /* posts it once more */
	SLOT_ACT_SEND, /* sends it though it is the peer's */
	SLOT_ACT_TOUCH /* writes into it */
};

/* Of drivers that hold slots. */
struct guest_slots_ops {
	/* How many it holds now, in *count; false: it is not paired. */
	bool (*held)(const struct guest_driver *d, uint32_t *count);
	/* Whether it is paired and believes @slot its own, and idle. */
	bool (*holds)(const struct guest_driver *d, uint32_t slot);
	/* Whether the act is possible now, as far as the driver knows. */
	bool (*can)(const struct guest_driver *d, enum slot_act act,
		    uint32_t slot);
	/* Does it; a frame has @len bytes. False when it could not be done. */
	bool (*act)(struct guest_driver *d, enum slot_act act, uint32_t slot,
		    uint32_t len);
};

/* What the canonical form of a driver needs to know of others. */
struct guest_canon {
	bool dead;      /* its VM crashed: it will not step any more */
	uint32_t epoch; /* of its link */
	struct packet_senders from; /* of frames that it has or gets */
};

struct guest_driver_ops {
	const char *name;
	/* Guest RAM, and bytes of the arena, that one takes at most. */
	uint64_t (*ram)(const struct link_config *cfg);
	size_t (*arena)(const struct link_config *cfg, uint32_t burst);
	/* Gives it its memory; it starts at its first step. */
	struct guest_driver *(*begin)(const struct guest_driver_setup *s,
				      struct arena *arena);
	/*
	 * Works. With @one it stops after the first action that another party
	 * could observe; else after one pass over all that it does, a burst of
	 * items each.
	 */
	enum step_end (*step)(struct guest_driver *d, bool one,
			      uint64_t *wait_ps);
	/*
	 * It is about to work or to sleep, and will not look at everything
	 * again before that: a signal that comes now is for the next pass.
	 */
	bool (*midway)(const struct guest_driver *d);
	/* A message of its device with @vector arrived. NULL: it gets none. */
	void (*interrupt)(struct guest_driver *d, uint32_t vector);
	/* Resets the device and forgets; the next step starts anew. */
	void (*reset)(struct guest_driver *d);
	/* The same; it accepts @features from then on. NULL: it has no say. */
	void (*accept)(struct guest_driver *d, uint64_t features);
	/*
	 * Whether queue @queue can be reset by itself now, and does that from
	 * the next step on. NULL: it has no queues of its own.
	 */
	bool (*can_reset_queue)(const struct guest_driver *d);
	bool (*reset_queue)(struct guest_driver *d, uint32_t queue);
	/* The rings that it works now; how many, NIC_QUEUES at most. */
	uint32_t (*rings)(const struct guest_driver *d,
			  struct guest_ring out[NIC_QUEUES]);
	/*
	 * Its canonical form, begun or not; with it the memory that drivers of
	 * its kind alone work. What lies in virtqueues is told elsewhere.
	 */
	void (*canon)(const struct guest_driver *d, struct canon *f,
		      const struct guest_canon *about);
	/* A store to that memory, which waits. NULL: there is none. */
	void (*canon_store)(const struct guest_driver *d, struct canon *f,
			    const struct store *s);
	const struct guest_slots_ops *slots; /* NULL: it knows none */
};

/*
 * A driver that has nothing to do sleeps, or until the next packet is due: when
 * it looked, at @peeked_ps, that was @due_ps later; UINT64_MAX: there is none.
 */
static inline enum step_end guest_driver_rest(const struct probe *probe,
					      uint64_t peeked_ps,
					      uint64_t due_ps,
					      uint64_t *wait_ps)
{
	uint64_t passed = probe->time - peeked_ps;

	if (due_ps == UINT64_MAX)
		return STEP_REST;
	*wait_ps = due_ps > passed ? due_ps - passed : 0;
	return STEP_WAIT;
}

#endif
