/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The host's side of a link: two network devices, the pairing between them,
 * and the workers that forward packets from one to the other. It sees rings and
 * registers; what drivers believe it must not know.
 */
#ifndef TWINRING_MODEL_HOST_LINK_H
#define TWINRING_MODEL_HOST_LINK_H

#include "model/actor/part.h"
#include "model/host/interrupt.h"
#include "model/config.h"
#include "model/host/nic.h"
#include "model/ring/held.h"
#include "model/slots/bar.h"

struct path_ops;

/* Why the host will not pair two ends without a copy. */
enum reject_reason {
	REJECT_NONE,
	REJECT_DOWN,     /* an end is not running */
	REJECT_FEATURE,  /* an end did not accept SHARED_BUFFERS */
	REJECT_HEADER,   /* header sizes or MRG_RXBUF differ */
	REJECT_OFFLOADS, /* one end sends what the other cannot take */
	REJECT_GEOMETRY, /* rings too small for two slots */
	REJECT_PATH,     /* this path has no shared buffers */
	REJECT_ASKED,    /* somebody unpaired them */
	REJECT_REASONS
};

const char *reject_reason_words(enum reject_reason r);

/* Serves what one end transmits. */
struct worker {
	struct part part; /* first: the ops get this pointer */
	struct link *link;
	struct signal signal;
	struct ring_held held; /* not yet forwarded */
	uint32_t end;          /* whose transmit queue */
	uint8_t phase;
	bool parked;
	bool timed; /* the time of a parked chain is running */
	bool late;  /* and is over, which is still to be looked at */
	bool acted;
	bool found; /* something, when it looked again before sleep */
	bool awake; /* kicks are off while it works */
};

struct link {
	const struct link_config *cfg;
	const struct path_ops *path;
	struct probe *probe;
	struct cost_meter *cost;
	struct interrupt_book *interrupts; /* NULL: nobody keeps one */
	uint32_t index;
	uint32_t burst;
	struct nic nic[2];
	struct worker worker[2];
	void *own;       /* what the path keeps; NULL: nothing */
	uint8_t *region; /* bytes that both ends share, or NULL */
	/* pairing */
	struct bar_geometry slots; /* as published */
	uint32_t epoch;
	uint8_t reject_reason; /* enum reject_reason */
	bool paired;
	bool unpair_asked; /* unpaired on request; stays so until asked again */
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
	struct interrupt_book *interrupts; /* NULL: nobody keeps one */
	struct vm *vm[2];
	uint64_t features[2];   /* that the drivers would like, if offered */
	uint64_t region_gpa[2]; /* where each end maps it */
	uint8_t *region;        /* NULL: the path has none */
	uint64_t region_size;
	uint32_t index;
	uint32_t first_nic; /* number of that of its first member */
	uint32_t burst;
	uint64_t window_gpa[2]; /* where an end that maps its peer's RAM has it
				 */
	bool (*drop_notification)(void *to, uint32_t nic, bool call);
	void *drop_to;
};

size_t link_arena(const struct link_config *cfg, const struct path_ops *path,
		  uint32_t burst);
void link_init(struct link *l, const struct link_setup *s, struct arena *arena);

/* Asks for pairing; the answer, which is also in l->reject_reason. */
enum reject_reason link_pair(struct link *l);

/* Unpairs the ends, for @why; a new epoch begins (EXT-EPOCH). */
void link_unpair(struct link *l, enum reject_reason why);

/* What devices say of the link is up to date, and their drivers are told. */
void link_publish(struct link *l);

/*
 * Whether @end has a NIC, and not a device of another kind that the path
 * brings; what its driver drives, whichever it is.
 */
bool link_has_nic(const struct link *l, uint32_t end);
void *link_device(struct link *l, uint32_t end);

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

#endif
