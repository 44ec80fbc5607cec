/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What forms write, left out one after the other: canon_sites.h. It is missed
 * where two states that were told apart are not any more, so that a search
 * counts fewer of them; or where what moves read would not be covered.
 */
#ifndef TWINRING_CONFORMANCE_FORMS_LEFT_OUT_H
#define TWINRING_CONFORMANCE_FORMS_LEFT_OUT_H

#include "conformance/forms/states.h"

/* Tries each site in @st that was not missed yet. */
void left_out_try(struct states *st);

/* The digest of the state that is shown, where @site is left out. */
uint64_t left_out_digest(struct sut *s, struct canon_site *site);

/* Site @s was missed, as others found: a move reads what it alone tells. */
void left_out_missed(const struct canon_site *s);
bool left_out_is_missed(const struct canon_site *s);

/*
 * Prints those that were never missed and are not in @list, and rows of @list
 * that are not needed; how many of both. A row is a file and what is written
 * there, then " | " and a reason.
 */
uint32_t left_out_tell(const char *list);

/* How many were reached, and how many of them were missed. */
uint32_t left_out_count(uint32_t *missed);

#endif
