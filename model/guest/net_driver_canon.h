/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Canonical forms of a virtio-net driver: what it believes, and what its
 * queues hold in its words. What it needs to know of others is in a view that
 * the caller fills in.
 */
#ifndef TWINRING_MODEL_GUEST_NET_DRIVER_CANON_H
#define TWINRING_MODEL_GUEST_NET_DRIVER_CANON_H

#include "model/guest/net_driver.h"
#include "model/ring/split_canon.h"
#include "model/virtio/packet_canon.h"

/* What was received and comes next, chain by chain. */
struct net_arrived {
	uint32_t chains;
	bool gift; /* nobody reads them */
};

/* A queue of a driver, for what lies in it. */
struct net_packets {
	const struct net_driver *driver;
	/* as its link published them; NULL: there are none to share */
	const struct bar_geometry *slots;
	uint64_t region_gpa; /* where they begin in its VM */
	bool gifts;          /* nobody reads what lies in one */
	struct packet_senders from;
	struct net_arrived rest; /* all zero at first */
};

/* As canon of its guest_driver_ops. */
void net_driver_canon(const struct guest_driver *driver, struct canon *f,
		      const struct guest_canon *about);

/*
 * It looks at no slot's number any more: it has lent what its peer begins with,
 * or, where its link is not @paired, it will begin anew with slots of another
 * epoch.
 */
bool net_driver_slots_alike(const struct net_driver *d, bool paired);

/*
 * It looks at no byte of a gift: it knows gifts, or will once it has begun with
 * a device that has @offered.
 */
bool net_driver_knows_gifts(const struct net_driver *d, uint64_t offered);

/* For struct ring_view, whose @to is a struct net_packets. */
void net_packet_canon(const struct ring_view *v, struct canon *f,
		      const struct ring_chain *c, uint32_t len,
		      uint32_t cookie);
uint32_t net_cookie_slot(const struct ring_view *v, uint32_t cookie);

#endif
