/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * --set key=value as an edit of the document, before it is read: whatever a
 * file may say, an override may say, and is checked in the same way.
 *
 *   seed=7, links[0].ring.size=64, vms[1].start=1ms, expect.lost=0
 *   traffic.repeat=2        without a number: every entry of the list
 *   ring.size=64            a key of links or networks, without: every one
 *   rules.epoch=off         likewise; 2015 and all are written out first
 *   links[0].ends=[a, b]    a value that begins with [ { " or ' is YAML
 */
#ifndef TWINRING_SIM_SCENARIO_OVERRIDE_H
#define TWINRING_SIM_SCENARIO_OVERRIDE_H

#include "sim/scenario/document/document.h"
#include "sim/scenario/schema/config.h"

/* Applies @count overrides in order; errors go to @diag. */
void override_apply(yaml_document_t *doc, const struct scenario_override *set,
		    uint32_t count, struct diag *diag);

#endif
