/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whether a way round, done once, can be done for ever: it leads back to the
 * same state, and everybody who could move all the time did. Then all that
 * lasted on it lasts for ever. Knows states by their canonical form.
 */
#ifndef TWINRING_SIM_PLAY_LASSO_H
#define TWINRING_SIM_PLAY_LASSO_H

#include "sim/world/world_canon.h"
#include "sim/play/script_do.h"
#include "sim/world/progress.h"

struct lasso {
	struct world_view view;
	struct canon *canon;
	uint8_t *form;
	uint64_t begun; /* digest of the first state */
	struct progress_mark mark;
	uint16_t lasts, ended;
	/* by actor: what it could do all the time, and never did */
	bool waits[ACTOR_MAX], timed[ACTOR_MAX], stored[ACTOR_MAX];
};

/*
 * Before the first line. False with words in @error: it cannot be told, and
 * there is nothing to close.
 */
bool lasso_begin(struct lasso *l, const struct world *w, const struct app *a,
		 char *error, size_t size);

/* After each line, which did @op. */
void lasso_done(struct lasso *l, const struct script_op *op);

/*
 * After the last: what lasts for ever, as progress_report() takes it. False
 * with words in @error when it is no way round, or puts somebody off.
 */
bool lasso_judge(struct lasso *l, uint16_t *lasts, char *error, size_t size);

void lasso_close(struct lasso *l);

#endif
