/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whose a frame is, told in one of three ways. By MAC and by IP an endpoint is
 * an address. By port there are two: the side of the clients and the side of
 * the servers, since the many ports of one client would else be spread over
 * all VMs. Knows endpoints; VMs and links are direction's.
 */
#ifndef TWINRING_SIM_TRAFFIC_DIRECTION_ENDPOINT_CLASSIFIER_H
#define TWINRING_SIM_TRAFFIC_DIRECTION_ENDPOINT_CLASSIFIER_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/traffic/capture/capture.h"
#include "sim/traffic/direction/direction.h"
#include "sim/traffic/direction/flow_table.h"
#include "sim/traffic/direction/frame.h"

/* Goes through the frames of a capture as often as it is asked to. */
struct walker {
	struct capture_reader reader;
	struct capture_packet packet; /* the last one */
	bool failed;                  /* it ended early: the file was changed */
	uint8_t room[CAPTURE_HEAD_MAX];
};

/* NULL: out of memory. */
struct walker *walker_begin(const struct capture *c);
void walker_end(struct walker *w);

/* Before the first frame. */
void walker_rewind(struct walker *w);

/* The headers of the next frame; false behind the last. */
bool walker_next(struct walker *w, struct frame *out);

/* One way of telling, applied to one capture. */
struct endpoint_classifier {
	enum direction_by by;
	struct flow_table ends;  /* what appeared as a source */
	struct flow_table flows; /* by port: both ends; marks say who serves */
};

struct key endpoint_mac_key(const uint8_t *mac);

/*
 * Finds all endpoints of the capture and counts all but the replies. False when
 * memory is out or the file changed; in any case the caller frees.
 */
bool endpoint_learn(struct endpoint_classifier *t, struct walker *w,
		    struct direction_tally *out);
void endpoint_classifier_free(struct endpoint_classifier *t);

/* The endpoint @key as people write it. */
void endpoint_name(const struct endpoint_classifier *t, const struct key *key,
		   char *out, size_t size);

/* Counts the replies, after endpoint_learn(). False: the file changed. */
bool endpoint_count_replies(const struct endpoint_classifier *t,
			    struct walker *w, struct direction_tally *out);

/*
 * The endpoints of a frame; false if they cannot be told apart. Only after
 * endpoint_learn().
 */
bool endpoint_ends(const struct endpoint_classifier *t, const struct frame *f,
		   struct key *from, struct key *to);

#endif
