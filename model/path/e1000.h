/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Processes that emulate an 82540EM each, with a tap between them: what the
 * path e1000 keeps of a link.
 */
#ifndef TWINRING_MODEL_PATH_E1000_H
#define TWINRING_MODEL_PATH_E1000_H

#include "model/e1000/e1000_device.h"
#include "model/host/worker.h"
#include "model/ring/iov_copy.h"

enum { TAP_FRAMES_MAX = 256, TAP_LONG_FRAMES = 2 };

/* What a process works off in turn. */
enum e1000_process_phase {
	E1000_PROCESS_SEND,
	E1000_PROCESS_RECEIVE,
	E1000_PROCESS_TELL, /* its driver, of all that was done */
	E1000_PROCESS_PHASES
};

/* How far it is with a descriptor, or with a frame. */
enum e1000_out { OUT_NONE, OUT_WHOLE, OUT_DONE };
enum e1000_in { IN_NONE, IN_READ, IN_FILLED };

/*
 * Frames in the host's kernel that wait for the process at one end: so many of
 * any length, or so many of the longest.
 */
struct tap {
	uint8_t *bytes;
	struct tap_frame {
		uint32_t at, len;
	} * frame;
	uint32_t size;  /* bytes, of which a frame has some in one piece */
	uint32_t limit; /* bytes of frames */
	uint32_t room;  /* frames */
	uint32_t first, count, used;
};

struct e1000_process {
	struct e1000_device device; /* first: the ops get this pointer */
	struct link *link;
	struct worker *worker;
	struct e1000_process *peer;
	struct tap tap; /* what is to be received */
	/* Its own memory: a frame that is sent, and one that is received. */
	struct gmem mem;
	struct gmem_window window;
	uint32_t max_frame;
	struct e1000_tx tx; /* of the frame that is sent, the last descriptor */
	uint32_t out_len, in_len;
	uint32_t causes; /* that the driver is to be told */
	uint8_t out, in; /* enum e1000_out, enum e1000_in */
	bool bad;        /* what is sent is not to be sent */
	bool starved;    /* and its driver was told */
};

struct e1000_pair {
	struct e1000_process process[2];
};

#endif
