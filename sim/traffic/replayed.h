/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What became of a capture on its way to be replayed: how it differs from what
 * was recorded, in figures and in words for people.
 */
#ifndef TWINRING_SIM_TRAFFIC_REPLAYED_H
#define TWINRING_SIM_TRAFFIC_REPLAYED_H

#include <stdbool.h>
#include <stdint.h>

enum { REPLAYED_NOTICES = 12, REPLAYED_WORDS = 384 };

struct replayed {
	uint32_t traffic;  /* entry of the scenario */
	uint64_t packets;  /* good ones of the file that can be Ethernet */
	uint64_t left_out; /* others, of link types that cannot */
	uint64_t empty;    /* of packets: without a byte, and not sent */
	uint64_t padded;   /* snapped, and filled with zeros */
	uint64_t cut;      /* snapped, and sent as they are */
	uint64_t overlong; /* with more bytes than on the wire */
	uint64_t converted;
	uint64_t held_back; /* their stamps went back */
	uint64_t gaps_cut;
	uint64_t gap_limit_ps; /* 0: none */
	const char *direction; /* the way that told; NULL: none */
	bool one_way;          /* only one side sends */
	uint64_t by_mac;       /* undecided, but their MAC was seen before */
	uint64_t by_guess;     /* undecided, taken as from the first VM */
	bool damaged;          /* an error came behind the packets */
	char notice[REPLAYED_NOTICES][REPLAYED_WORDS];
	uint32_t notices;
};

#endif
