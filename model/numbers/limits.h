/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How much a world may have of anything: the one table that the keys of
 * scenarios, their reference, and the memory that a world takes are made from.
 * What is counted in parts of a word has to fit there; the assertions below
 * say so, and others stand where such a word is.
 */
#ifndef TWINRING_MODEL_NUMBERS_LIMITS_H
#define TWINRING_MODEL_NUMBERS_LIMITS_H

#include <stdint.h>

/* What a scenario may ask for. */
enum {
	VM_MAX = 64,
	LINK_MAX = 64,  /* networks, of two members or more */
	NIC_MAX = 128,  /* of all networks, one for each member */
	NAME_SIZE = 32, /* bytes, with the final NUL */
	TRAFFIC_MAX = 64,
	FAULT_MAX = 32,
	SCRIPT_MAX = 4096,          /* lines */
	SCRIPT_LINE = 96,           /* bytes of one, with the final NUL */
	SCRIPT_STEPS_MAX = 1000000, /* in which whoever runs has to rest */
	APP_SCRIPT_MAX = 64, /* frames of scripts that wait for one driver */
	CLAUSE_LIST_MAX = 16,

	BURST_MAX = 256,       /* packets of a step */
	RING_SIZE_MAX = 32768, /* virtio's own limit */
	RX_CHAIN_MAX = 16,     /* slots of one receive chain */
	BAR_SLOTS_MAX = 1 << 20,
	BUFFER_UNIT = 64, /* slots and buffers are multiples of it, bytes */
	BUFFER_MAX = 65536,
	TAP_QUEUE_MAX = 4096, /* frames */
	FRAME_MIN = 14,       /* an Ethernet header */
	FRAME_MAX = 65589,    /* 64 KiB of IP, in a frame with a VLAN tag */

	EXPLORE_WAITING_MAX = 8,
	EXPLORE_TIMES_MAX = 255 /* a count in a state's canonical form */
};

#define STRIDE_MAX   (UINT32_MAX - UINT32_C(63))
#define BAR_SIZE_MAX (UINT64_C(1) << 32)           /* all slots of a link */
#define TIME_MAX_PS  UINT64_C(1000000000000000000) /* eleven days */

/* What follows from that. */
enum {
	MEMBERS_MAX = VM_MAX, /* of a network, each another machine */
	LINK_ENDS = 2,        /* as few members as a network can have */
	ACTOR_MAX = VM_MAX + NIC_MAX,
	PORTS_MAX = LINK_MAX /* of one VM */
};

_Static_assert(ACTOR_MAX <= UINT8_MAX, "an actor's number has 8 bits");
_Static_assert(RING_SIZE_MAX <= 1 << 15, "indexes have 16 bits and wrap");
_Static_assert(STRIDE_MAX % BUFFER_UNIT == 0 && BUFFER_MAX % BUFFER_UNIT == 0,
	       "the greatest can be asked for");
_Static_assert(EXPLORE_TIMES_MAX <= UINT8_MAX, "a count is one byte");

#endif
