/* SPDX-License-Identifier: BSD-3-Clause */
/* Canonical forms of a link: its devices, its workers and its pairing. */
#ifndef TWINRING_MODEL_HOST_LINK_CANON_H
#define TWINRING_MODEL_HOST_LINK_CANON_H

#include "model/canon/canon.h"
#include "model/host/link.h"

void nic_canon(const struct nic *n, struct canon *f);
void worker_canon(const struct worker *w, struct canon *f);

/* What its ends have in common; @alike: its slots are but names. */
void link_canon(const struct link *l, struct canon *f, bool alike);

/* Whether that may be, if its ends' drivers agree. */
bool link_slots_alike(const struct link *l);

#endif
