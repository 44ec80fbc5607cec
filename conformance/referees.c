/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/referees.h"

#include "conformance/referee/device_access.h"
#include "conformance/referee/e1000/e1000.h"
#include "conformance/referee/headers.h"
#include "conformance/referee/integrity.h"
#include "conformance/referee/isolation.h"
#include "conformance/referee/ledger.h"
#include "conformance/referee/progress.h"
#include "conformance/referee/ring/ringwatch.h"
#include "conformance/referee/taps.h"

const struct referee_ops *const referees[REFEREES] = {
	&ringwatch_referee, &ledger_referee,  &integrity_referee,
	&isolation_referee, &headers_referee, &device_access_referee,
	&progress_referee,  &taps_referee,    &e1000_referee,
};
