/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/play/macro_step.h"

enum slot_act slot_act_of(const struct script_op *op)
{
	switch (op->verb) {
	case SCRIPT_HAND:
		return SLOT_ACT_HAND;
	case SCRIPT_GIVE:
		return SLOT_ACT_GIVE;
	case SCRIPT_TAKE:
		return SLOT_ACT_TAKE;
	case SCRIPT_POST:
		return SLOT_ACT_POST;
	case SCRIPT_TX:
		return SLOT_ACT_SEND;
	default:
		assert(op->verb == SCRIPT_TOUCH);
		return SLOT_ACT_TOUCH;
	}
}

bool macro_step_can(const struct script_op *op, const struct world *w)
{
	const struct guest_driver *d = world_driver(w, op->actor, op->link);

	return d && d->ops->slots &&
	       d->ops->slots->can(d, slot_act_of(op), op->value);
}

bool macro_step_do(const struct script_op *op, struct world *w, struct app *a)
{
	struct guest_driver *d = world_driver(w, op->actor, op->link);

	if (!macro_step_can(op, w))
		return false;
	w->probe->actor = (actor_id)op->actor;
	if (op->verb == SCRIPT_HAND && !app_script_send(a, d->nic, op->more))
		return false;
	return d->ops->slots->act(d, slot_act_of(op), op->value, op->more);
}
