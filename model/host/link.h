/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The host's side of a link: two network devices, the pairing between them,
 * and the workers that forward packets from one to the other. It sees rings and
 * registers; what drivers believe it must not know.
 */
#ifndef TWINRING_MODEL_HOST_LINK_H
#define TWINRING_MODEL_HOST_LINK_H

#include "model/actor/vm.h"
#include "model/config.h"
#include "model/memory/arena.h"
#include "model/ring/held.h"
#include "model/ring/split_device.h"
#include "model/slots/bar.h"
#include "model/virtio/pci.h"
#include "model/virtio/posted_rx.h"

struct link;
struct path_ops;

/* Why the host will not join two ends without a copy. */
enum reject_reason {
	REJECT_NONE,
	REJECT_DOWN,     /* an end is not running */
	REJECT_FEATURE,  /* an end did not accept SHARED_BUFFERS */
	REJECT_HEADER,   /* header sizes or MRG_RXBUF differ */
	REJECT_OFFLOADS, /* one end sends what the other cannot take */
	REJECT_GEOMETRY, /* rings too small for two slots */
	REJECT_PATH,     /* this path has no shared buffers */
	REJECT_ASKED,    /* somebody parted them */
	REJECT_REASONS
};

const char *reject_reason_words(enum reject_reason r);

/* One end's device. */
struct nic {
	struct virtio_device dev; /* first: the ops get this pointer */
	struct pci_function pci;
	struct split_device rx, tx;
	struct link *link;
	struct vm *vm;
	uint64_t bar_gpa;
	uint64_t usual; /* features that its driver accepts as configured */
	uint32_t hdr_len;
	uint32_t end;
	struct posted_rx line; /* receive chains taken in, in order */
	uint32_t *slot_head;   /* head + 1, or 0 */
	uint32_t slots_posted; /* of them that are not 0 */
};

/* What becomes of a chain that a worker holds. */
enum forward {
	FORWARDED,   /* it has its outcome: used, on the transmit ring too */
	FORWARD_WAIT /* the receiver has posted nothing for it yet */
};

/* Serves what one end transmits. */
struct worker {
	struct link *link;
	struct signal signal;
	struct ring_held held; /* not yet forwarded */
	uint32_t *slot;        /* of each segment, for paths with slots */
	uint32_t end;          /* whose transmit queue */
	uint8_t phase;
	bool parked;
	bool timed; /* the time of a parked chain is running */
	bool late;  /* and is over, which is still to be looked at */
	bool acted;
	bool found; /* something, when it looked again before sleep */
	bool awake; /* kicks are off while it works */
};

/* The device that a mirrored path gives to the VM at end 1. */
struct vhost_pci_port {
	struct split_area area[NET_QUEUES]; /* of end 0, where it put them */
	uint64_t features;                  /* that end 0 accepted */
	uint64_t peer_gpa;                  /* end 0's RAM, its own address */
	uint64_t peer_size;
	uint64_t window_gpa;   /* the same bytes in end 1 */
	struct signal *signal; /* wakes the VM at end 1; NULL: no mirror */
	uint32_t turn;         /* counts each time that end 0 came or went */
	bool connected;        /* end 0 is at DRIVER_OK */
	bool driver_ok;        /* end 1's driver runs */
};

struct link {
	const struct link_config *cfg;
	const struct path_ops *path;
	struct probe *probe;
	struct cost_meter *cost;
	uint32_t index;
	uint32_t burst;
	struct nic nic[2];
	struct worker worker[2];
	struct vhost_pci_port vhost_pci;
	/* pairing */
	struct bar_geometry slots; /* as published */
	uint8_t *bar;
	uint8_t *holder; /* end that may send a slot: a belief, rule hold-map */
	uint32_t epoch;
	uint8_t reject_reason; /* enum reject_reason */
	bool paired;
	bool parted; /* unpaired on request; stays so until asked again */
	/* asked of each notification, kick or call; true: it does not arrive */
	bool (*drop_notification)(void *to, uint32_t nic,
				  bool call); /* or NULL */
	void *drop_to;
};

struct link_setup {
	const struct link_config *cfg;
	const struct path_ops *path;
	struct probe *probe;
	struct cost_meter *cost;
	struct vm *vm[2];
	uint64_t features[2]; /* that the drivers would like, if offered */
	uint64_t bar_gpa[2];
	uint8_t *bar;
	uint64_t bar_size;
	uint32_t index;
	uint32_t burst;
	uint64_t window_gpa; /* mirrored paths: end 0's RAM in end 1 */
	bool (*drop_notification)(void *to, uint32_t nic, bool call);
	void *drop_to;
};

size_t link_arena(const struct link_config *cfg, uint32_t burst);
void link_init(struct link *l, const struct link_setup *s, struct arena *arena);

/* Asks for pairing; the answer, which is also in l->reject_reason. */
enum reject_reason link_pair(struct link *l);

/* Parts the ends, for @why; a new epoch begins (EXT-EPOCH). */
void link_unpair(struct link *l, enum reject_reason why);

/* The mirroring driver in end 1 begins, or stops. */
void link_vhost_pci_ready(struct link *l, bool ready);

/* The mirroring driver found that end 0's broke a rule: it has to reset. */
void link_vhost_pci_fail(struct link *l);

/* The mirroring driver rings: an interrupt for end 0's driver. */
void link_vhost_pci_call(struct link *l, uint32_t queue);

/*
 * A kick of the driver at @end, or an interrupt for it, without a cause, on all
 * its queues: what a driver and a host have to bear at any time.
 */
void link_kick(struct link *l, uint32_t end);
void link_call(struct link *l, uint32_t end);

/* The VM at @end died: the host resets its device (race 45). */
void link_crash(struct link *l, uint32_t end);

/* The slots that both receive rings can hold (EXT-POOL-FITS). */
uint32_t link_usable_slots(const struct link_config *cfg);

static inline bool link_rule(const struct link *l, enum rule r)
{
	return l->cfg->rules & RULE_BIT(r);
}

/* Takes in what the driver has posted for receive; false when it broke a rule.
 */
bool nic_intake(struct nic *n);

/* Makes used elements of a queue visible; calls the driver if it wants that. */
void nic_publish(struct nic *n, uint32_t queue);
void nic_call(struct nic *n, uint32_t queue);

/* Does what the driver asked for: queue @queue is as at power-on (F13). */
void nic_queue_reset(struct nic *n, uint32_t queue);

/* The driver broke a rule: the device stops until it is reset. */
void nic_fail(struct nic *n);

/* The same where its receive queue was stopped for it: nothing is posted. */
void nic_rx_fail(struct nic *n);

/* Runs, and is not waiting for its driver to begin anew. */
static inline bool nic_live(const struct nic *n)
{
	return device_live(&n->dev) && !(n->dev.status & STATUS_NEEDS_RESET);
}

/* Its driver is resetting its receive queue: it will be back, so wait. */
static inline bool nic_rx_in_reset(const struct nic *n)
{
	return !n->rx.live && nic_live(n);
}

static inline struct split_device *nic_queue(struct nic *n, uint32_t queue)
{
	return queue == NET_RX ? &n->rx : &n->tx;
}

#endif
