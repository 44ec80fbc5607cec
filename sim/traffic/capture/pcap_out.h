/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What each VM received, as a capture of its own: DIR/<vm>.pcap, with
 * nanosecond stamps of virtual time. A file has its name when all are complete.
 */
#ifndef TWINRING_SIM_TRAFFIC_CAPTURE_PCAP_OUT_H
#define TWINRING_SIM_TRAFFIC_CAPTURE_PCAP_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/config.h"
#include "model/guest/app.h"

struct pcap_out;

/*
 * Begins a file for every VM of @world; makes @dir if it is missing. NULL with
 * a message in @error.
 */
struct pcap_out *pcap_out_open(const char *dir,
			       const struct world_config *world, char *error,
			       uint32_t size);

/* Writes a frame that came in @count pieces. A failure is told at the end. */
void pcap_out_packet(struct pcap_out *o, uint32_t vm, uint64_t time_ps,
		     const struct app_segment *piece, uint32_t count);

/* Gives the files their names. False with a message; @o is freed anyway. */
bool pcap_out_close(struct pcap_out *o, char *error, uint32_t size);

/* Removes the unfinished files instead. */
void pcap_out_discard(struct pcap_out *o);

#endif
