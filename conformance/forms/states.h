/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Some states of a world, no two of which have the same canonical form: the
 * nearest ones, and others along random ways. Knows how to come by them; what
 * they are looked at for is the caller's affair.
 */
#ifndef TWINRING_CONFORMANCE_FORMS_STATES_H
#define TWINRING_CONFORMANCE_FORMS_STATES_H

#include "sim/explore/sut/sut.h"

enum { STATES_WORDS = 1 << 13 }; /* of a snapshot */

struct states {
	struct sut s;
	uint64_t **kept; /* snapshots, each with its length before it */
	uint32_t count, most;
	uint64_t *digest; /* a table: those of all that are kept */
	uint32_t size;
	uint64_t *here; /* room for one snapshot */
};

/*
 * Finds @most states of @sc, or all, with the first @judges referees. False
 * with words in @error: none.
 */
bool states_open(struct states *st, const struct scenario *sc, uint32_t judges,
		 uint32_t most, char *error, size_t size);
void states_close(struct states *st);

/* Puts the @i-th of them into the world. */
void states_show(struct states *st, uint32_t i);

/* The same with byte @byte of word @word, of a snapshot, as state @from has it
 * there; and whether the two have it differ. */
void states_graft(struct states *st, uint32_t i, uint32_t word, uint32_t byte,
		  uint32_t from);
bool states_differ(const struct states *st, uint32_t i, uint32_t from,
		   uint32_t word, uint32_t byte);

/* Whether @digest is new in @table, of @size places; puts it there. */
bool states_digest_new(uint64_t *table, uint32_t size, uint64_t digest);

#endif
