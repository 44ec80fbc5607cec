/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which bytes of a state each statement of a canonical form looks at, as the
 * code itself tells. Knows addresses; not what lies there.
 */
#ifndef TWINRING_CONFORMANCE_FORMS_LOOKS_H
#define TWINRING_CONFORMANCE_FORMS_LOOKS_H

#include "sim/explore/sut/sut.h"

/*
 * @site has looked at @bytes, a bit each, of word @word of the state: as it was
 * written, or since the one before it, where what it writes is found @early.
 */
typedef void looks_took(void *to, const struct canon_site *site, size_t word,
			uint8_t bytes, bool early);

/* Writes all forms of the state that is shown, and tells @took. */
void looks_of(struct sut *s, looks_took *took, void *to);

#endif
