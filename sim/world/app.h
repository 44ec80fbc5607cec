/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The applications of all guests: packets come from the tape or a script, and
 * what arrives is hashed, reported and perhaps kept. Knows which VM a packet
 * is for; how it gets there it must not know.
 */
#ifndef TWINRING_SIM_WORLD_APP_H
#define TWINRING_SIM_WORLD_APP_H

#include "model/guest/app.h"
#include "model/memory/arena.h"
#include "model/probe.h"
#include "sim/traffic/capture/pcap_out.h"
#include "sim/traffic/tape.h"

/* Frames that a script asked for, one behind the other. */
struct app_script {
	uint32_t len[APP_SCRIPT_MAX]; /* a ring */
	uint32_t first;
	uint32_t count;
};

/*
 * When the packets were due that the driver of one NIC accepted, for who hears
 * of them later: as many as wait, oldest first.
 */
struct app_due {
	struct due_run {
		uint64_t ps;
		uint32_t count; /* packets, one behind the other */
	} * run;                /* a ring */
	uint32_t mask;
	uint32_t head, tail;   /* free-running */
	const uint64_t *shown; /* of the packet that its driver looks at */
	bool early; /* that one was heard of before it was accepted */
};

/*
 * Takes @most packets at most that were due at one time, *ps: how many. A
 * driver tells that it sends a packet while it still looks at it.
 */
static inline uint32_t app_due_take(struct app_due *d, uint32_t most,
				    uint64_t *ps)
{
	struct due_run *r = &d->run[d->tail & d->mask];

	if (d->tail == d->head) {
		assert(!d->early);
		d->early = true;
		*ps = *d->shown;
		return 1;
	}
	if (most > r->count)
		most = r->count;
	*ps = r->ps;
	r->count -= most;
	d->tail += r->count == 0;
	return most;
}

/* What an application remembers; lies in the world. */
struct app_nic {
	uint64_t seq; /* packets taken from its source */
	uint64_t refused;
	uint64_t arrived; /* frames that were delivered here */
	uint64_t due_ps;  /* of the packet last peeked */
	uint8_t from, to;
	uint8_t beside; /* the next NIC from the same VM to the same one */
	bool scripted;  /* the packet last peeked came from a script */
	bool shown;     /* one that any of those may take, and it was not */
	struct app_script script;  /* for this NIC alone */
	struct app_script *common; /* for any of them; NULL: it is alone */
};

struct canon;

struct app {
	const struct tape *tape; /* NULL: a script only */
	struct tape_cursor *cursor;
	struct app_nic *nic; /* nic_id() */
	struct probe *probe;
	struct pcap_out *pcap; /* NULL: deliveries are not kept */
	struct app_due *due;   /* by NIC; NULL: nobody measures */
	uint8_t *frame;        /* FRAME_MAX bytes for scripted frames */
};

/* Bytes of a world's state that app_init() takes. */
size_t app_size(const struct world_config *c, const struct tape *tape);

/* Prepares the applications of a world's guests. */
void app_init(struct app *a, const struct world_config *c,
	      const struct tape *tape, struct probe *probe,
	      struct arena *arena);

/* From now on says in @due, one for each NIC, when packets were due. */
void app_measure(struct app *a, struct app_due *due, uint32_t nics);

/* Queues one frame of @len bytes for @nic; false when too many wait. */
bool app_script_send(struct app *a, uint32_t nic, uint32_t len);

/* The same for whichever NIC beside @nic takes it first. */
bool app_script_send_any(struct app *a, uint32_t nic, uint32_t len);

/* Whether @nic has a frame that its driver may take, now or later. */
bool app_waits(const struct app *a, uint32_t nic);

/* The canonical form of what the application of @nic remembers. */
void app_nic_canon(const struct app *a, struct canon *f, uint32_t nic);

extern const struct app_ops app_ops;

#endif
