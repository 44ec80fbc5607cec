/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/play/lasso.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t digest(struct lasso *l)
{
	uint64_t sum[CANON_WORDS_MAX] = {0}, out[CANON_WORDS_MAX];

	for (uint32_t part = 0; part < world_canons(l->view.w->cfg); part++) {
		canon_begin(l->canon, l->form, CANON_BYTES_MAX);
		world_canon(&l->view, part, l->canon);
		canon_end(l->canon, part, out);
		for (uint32_t i = 0; i < canon_words(l->canon); i++)
			sum[i] += out[i];
	}
	return canon_slots_digest(l->canon, sum);
}

/* Who cannot move now is not put off by what came before. */
static void waits_look(struct lasso *l)
{
	const struct world *w = l->view.w;

	for (uint32_t i = 0; i < w->actors; i++) {
		l->waits[i] &= w->actor[i].state == ACTOR_READY;
		l->timed[i] &= actor_can_expire(&w->actor[i]);
		l->stored[i] &= w->stores && store_may_leave(w->stores, i, 0);
	}
}

bool lasso_begin(struct lasso *l, const struct world *w, const struct app *a,
		 char *error, size_t size)
{
	*l = (struct lasso){.view = {w, a, world_canon_numbers(w)}};
	if (!world_canon_can(w->cfg, error, size))
		return false;
	l->canon = malloc(sizeof *l->canon);
	l->form = malloc(CANON_BYTES_MAX);
	if (!l->canon || !l->form) {
		snprintf(error, size, "out of memory");
		lasso_close(l);
		return false;
	}
	world_canon_names(&l->view, l->canon);
	l->begun = digest(l);
	progress_mark(w, a, &l->mark);
	l->lasts = progress_now(w, a);
	for (uint32_t i = 0; i < w->actors; i++)
		l->waits[i] = l->timed[i] = l->stored[i] = true;
	waits_look(l);
	return true;
}

void lasso_done(struct lasso *l, const struct script_op *op)
{
	const struct world *w = l->view.w;

	l->ended |= progress_ended(w, l->view.app, &l->mark);
	l->lasts &= progress_now(w, l->view.app);
	if (op->verb == SCRIPT_STEP)
		l->waits[op->actor] = false;
	if (op->verb == SCRIPT_EXPIRE)
		l->timed[op->actor] = false;
	if (op->verb == SCRIPT_FLUSH && op->value == 1)
		l->stored[op->actor] = false;
	waits_look(l);
}

bool lasso_judge(struct lasso *l, uint16_t *lasts, char *error, size_t size)
{
	const struct world *w = l->view.w;
	bool same = digest(l) == l->begun;

	*lasts =
		(uint16_t)((l->lasts & ~l->ended) | (l->ended & PROGRESS_GIFT));
	if (!same) {
		snprintf(error, size, "these lines lead to another state");
		return false;
	}
	for (uint32_t i = 0; i < w->actors; i++)
		if (l->waits[i] || l->timed[i] || l->stored[i]) {
			snprintf(error, size, "%s is put off all the time",
				 w->actor[i].name);
			return false;
		}
	return true;
}
void lasso_close(struct lasso *l)
{
	free(l->canon);
	free(l->form);
}
