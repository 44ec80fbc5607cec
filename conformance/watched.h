/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The search as twinring explore uses it: with model and referees that show
 * what they read and write, where this build has such, and else without.
 */
#ifndef TWINRING_CONFORMANCE_WATCHED_H
#define TWINRING_CONFORMANCE_WATCHED_H

#include "conformance/referees.h"
#include "sim/explore/search.h"

#ifdef TWINRING_WATCHED_SEARCH
extern const struct referee_ops *const watched_referees[REFEREES];

enum search_end watched_search_scenario(const struct scenario *sc,
					const struct search_options *options,
					struct search_result **out, char *error,
					size_t size);
#else
#define watched_referees        referees
#define watched_search_scenario search_scenario
#endif

#endif
