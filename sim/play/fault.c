/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/play/fault.h"

#include <string.h>

enum {
	TEXT_SIZE = 128,
	HOSTILE_RESETS = 64, /* writes between two resets of a hostile VM */
	REGISTERS = 0x400,
	MSIX_TABLE = 0x1000,
	TARGETS_MAX = 8 * PORTS_MAX,
	OWN_REGISTER = 8, /* of a device that is no NIC */
	TRIES = 64        /* at one moment, of what chance may do otherwise */
};

/* Memory where a word matters most: a part of a ring. */
struct target {
	uint32_t window;
	uint32_t off;
	uint32_t words;
};

void faults_init(struct faults *f, const struct scenario *sc,
		 struct scheduler *sched, struct app *app)
{
	*f = (struct faults){
		.sc = sc,
		.sched = sched,
		.app = app,
		.rng = {sc->seed ^ UINT64_C(0x6661756c74)},
		.over = sc->faults == 0,
	};
}

static uint32_t below(struct faults *f, uint32_t n)
{
	return rng_below(&f->rng, n);
}

/* Does one line; false when it cannot be done now. */
static bool line_do(struct faults *f, const struct script_op *op)
{
	char error[TEXT_SIZE];

	if (!script_do(op, f->sched, f->app, error, sizeof error))
		return false;
	if (f->told)
		f->told(f->to, op);
	return true;
}

static bool lives(const struct faults *f, uint32_t vm)
{
	return !f->sched->w->vm[vm].crashed;
}

/* A VM that lives, as the entry says or at random; NO_ACTOR: there is none. */
static uint32_t whom(struct faults *f, const struct fault_config *c)
{
	uint32_t vm;

	if (c->has_who)
		vm = c->who;
	else if (c->has_link)
		vm = f->sc->world.link[c->link].end[below(f, 2)];
	else
		vm = below(f, f->sc->world.vms);
	return lives(f, vm) ? vm : NO_ACTOR;
}

/* A link of @vm, as the entry says or at random; NO_ACTOR: it has none. */
static uint32_t which(struct faults *f, const struct fault_config *c,
		      uint32_t vm)
{
	const struct guest *g = &f->sched->w->guest[vm];

	if (c->has_link)
		return c->link;
	if (g->drivers == 0)
		return NO_ACTOR;
	return g->driver[below(f, g->drivers)]->link;
}

/* What was begun is to be made up for after a while. */
static void put_off(struct faults *f, uint64_t ps, const struct script_op *op)
{
	if (f->dues == FAULTS_DUE_MAX)
		return;
	f->due[f->dues++] =
		(struct fault_due){f->sched->w->probe->time + ps, *op};
}

static void target_add(struct target *spot, uint32_t *count, uint32_t window,
		       uint64_t off, uint64_t bytes)
{
	spot[(*count)++] =
		(struct target){window, (uint32_t)off, (uint32_t)(bytes / 2)};
}

static void ring_targets(struct target *spot, uint32_t *count, uint32_t window,
			 uint64_t base, enum vq_layout l,
			 const struct vq_area *a)
{
	const struct vq_parts bytes = vq_parts(l, a->size);

	target_add(spot, count, window, a->desc - base, bytes.desc);
	target_add(spot, count, window, a->driver - base, bytes.driver);
	target_add(spot, count, window, a->device - base, bytes.device);
}

/* Which window of @m begins at @gpa. */
static uint32_t window_at(const struct gmem *m, uint64_t gpa)
{
	uint32_t i = 0;

	while (i < m->count && m->window[i].gpa != gpa)
		i++;
	return i;
}

/* The rings that @vm reaches: its own, and those of a peer that it works. */
static uint32_t targets_find(const struct world *w, uint32_t vm,
			     struct target *spot)
{
	const struct guest *g = &w->guest[vm];
	uint32_t count = 0;

	for (uint32_t i = 0; i < g->drivers; i++) {
		struct guest_ring ring[NIC_QUEUES];
		uint32_t rings = g->driver[i]->ops->rings(g->driver[i], ring);

		for (uint32_t q = 0; q < rings; q++)
			ring_targets(
				spot, &count,
				window_at(&w->vm[vm].mem, ring[q].window_gpa),
				ring[q].base, ring[q].layout, &ring[q].area);
	}
	return count;
}

/* Nearly right, next to what stands there, or anything. */
static uint32_t word_throw(struct faults *f, uint16_t now)
{
	static const uint16_t odd[] = {0,      1,      2,      3,     4,
				       0x7fff, 0x8000, 0xffff, 0xfff0};

	switch (below(f, 6)) {
	case 0:
		return (uint16_t)rng_next(&f->rng);
	case 1:
		return odd[below(f, sizeof odd / sizeof odd[0])];
	case 2:
		return (uint16_t)(now + 1);
	case 3:
		return (uint16_t)(now - 1);
	case 4:
		return (uint16_t)(now ^ 1u << below(f, 16));
	default:
		return below(f, 16);
	}
}

/* Any word that @vm reaches, more often one of a ring. */
static void poke_throw(struct faults *f, uint32_t vm, struct script_op *op)
{
	const struct world *w = f->sched->w;
	const struct gmem *m = &w->vm[vm].mem;
	struct target spot[TARGETS_MAX];
	uint32_t spots = targets_find(w, vm, spot), i;

	op->verb = SCRIPT_POKE;
	if (spots && below(f, 4)) {
		i = below(f, spots);
		op->link = spot[i].window;
		op->value = spot[i].off + 2 * below(f, spot[i].words);
	} else {
		op->link = below(f, m->count);
		op->value =
			2 * below(f, (uint32_t)(m->window[op->link].size / 2));
	}
	op->more = word_throw(
		f, gmem_load16(m->window[op->link].base + op->value));
}

/* A register of the device on one of its links: kicks, mostly. */
static void register_throw(struct faults *f, const struct fault_config *c,
			   uint32_t vm, struct script_op *op)
{
	const struct path_registers *own;

	op->verb = SCRIPT_REGISTER;
	op->link = which(f, c, vm);
	own = f->sched->w->link[op->link].path->registers;
	switch (own ? OWN_REGISTER : below(f, 8)) {
	case OWN_REGISTER:
		op->value = own->at[below(f, own->count)];
		break;
	case 0:
		op->value = 4 * below(f, REGISTERS / 4);
		break;
	case 1:
		op->value = below(f, COMMON_SIZE);
		break;
	case 2:
		op->value = MSIX_TABLE + 4 * below(f, 16);
		break;
	default:
		op->value = PCI_AT_NOTIFY + PCI_NOTIFY_STEP * below(f, 2);
	}
	op->more = below(f, 2) ? below(f, 16) : (uint32_t)rng_next(&f->rng);
}

/* One write of a hostile VM; now and then its driver begins anew. */
static void hostile_throw(struct faults *f, const struct fault_config *c,
			  uint32_t vm, struct script_op *op)
{
	if (below(f, HOSTILE_RESETS) == 0) {
		op->verb = SCRIPT_RESET;
		return;
	}
	f->writes++;
	if (below(f, 8))
		poke_throw(f, vm, op);
	else
		register_throw(f, c, vm, op);
}

/* Whether the driver of @nic believes @slot to be its own, and idle. */
static bool is_idle(const struct faults *f, uint32_t nic, uint32_t slot)
{
	struct world *w = f->sched->w;
	const struct guest_driver *d = world_driver(
		w, nic_vm(w->cfg, nic), nic_link(&w->cfg->numbers, nic));

	return d->ops->slots->holds(d, slot);
}

/* Its driver can send, and all that it has sent was popped. */
static bool sends_nothing(const struct guest_driver *d, const struct nic *n)
{
	struct guest_ring ring[NIC_QUEUES];
	uint32_t held;

	return d->ops->slots->held(d, &held) && d->ops->rings(d, ring) &&
	       !ring[NET_RX].in_reset && !ring[NET_TX].in_reset &&
	       ring[NET_TX].offered == vq_device_popped(&n->tx);
}

/*
 * A slot that the peer holds is sent, and the host looks at it before anything
 * else can happen to the slot. NO_ACTOR: this is not the time for it.
 */
static void lie_throw(struct faults *f, struct script_op *op)
{
	struct world *w = f->sched->w;
	const struct link *l = &w->link[op->link];
	uint32_t end = l->cfg->end[1] == op->actor;
	const struct guest_driver *d = world_driver(w, op->actor, op->link);

	op->verb = SCRIPT_TX;
	op->value = below(f, l->cfg->bar.slots);
	op->more = 64;
	if (!l->paired || !lives(f, l->cfg->end[!end]) ||
	    held_any(&l->worker[end].held) || !d->ops->slots ||
	    !sends_nothing(d, &l->nic[end]) ||
	    !is_idle(f, nic_id(&w->cfg->numbers, op->link, !end), op->value))
		op->actor = NO_ACTOR;
}

/* The liar goes on, and the host hears of it. */
static void lie_follow(struct faults *f, const struct script_op *lie)
{
	const struct link_config *l = &f->sc->world.link[lie->link];
	struct script_op op = *lie;

	op.verb = SCRIPT_RUN;
	line_do(f, &op);
	op.verb = SCRIPT_KICK; /* its own may have got lost */
	line_do(f, &op);
	op.verb = SCRIPT_RUN;
	op.actor =
		actor_host(&f->sc->world, lie->link, l->end[1] == lie->actor);
	line_do(f, &op);
}

/* The line that an entry stands for, against @op->actor. */
static void line_throw(struct faults *f, const struct fault_config *c,
		       struct script_op *op)
{
	uint32_t vm = op->actor;

	static const enum script_verb verbs[FAULT_KINDS] = {
		[FAULT_LOST_KICK] = SCRIPT_DROP_KICK,
		[FAULT_LATE_KICK] = SCRIPT_DROP_KICK,
		[FAULT_LOST_CALL] = SCRIPT_DROP_CALL,
		[FAULT_LATE_CALL] = SCRIPT_DROP_CALL,
		[FAULT_SPURIOUS_KICK] = SCRIPT_KICK,
		[FAULT_SPURIOUS_CALL] = SCRIPT_CALL,
		[FAULT_RESET] = SCRIPT_RESET,
		[FAULT_CRASH] = SCRIPT_CRASH,
		[FAULT_UNPAIR] = SCRIPT_UNPAIR,
		[FAULT_RE_PAIR] = SCRIPT_ACCEPT,
	};

	op->verb = verbs[c->kind];
	op->features = f->struck[c - f->sc->fault] % 2
			       ? f->sc->world.vm[vm].features
			       : c->features;
	if (c->kind == FAULT_LIE)
		lie_throw(f, op);
	if (c->kind == FAULT_HOSTILE)
		hostile_throw(f, c, vm, op);
	if (c->kind == FAULT_UNPAIR)
		op->actor = NO_ACTOR;
	if (c->kind == FAULT_QUEUE_RESET)
		op->verb = below(f, 2) ? SCRIPT_RESET_TX : SCRIPT_RESET_RX;
}

/* What makes up for @op some time later; false: nothing does. */
static bool remedy(const struct fault_config *c, struct script_op *op)
{
	switch (c->kind) {
	case FAULT_LATE_KICK:
		op->verb = SCRIPT_KICK;
		return true;
	case FAULT_LATE_CALL:
		op->verb = SCRIPT_CALL;
		return true;
	case FAULT_UNPAIR:
		op->verb = SCRIPT_PAIR;
		return true;
	default:
		return false;
	}
}

static void strike(struct faults *f, uint32_t i)
{
	const struct fault_config *c = &f->sc->fault[i];
	struct script_op op = {.value = 1, .more = 1, .to = NO_ACTOR};

	op.actor = whom(f, c);
	if (op.actor == NO_ACTOR)
		return;
	op.link = which(f, c, op.actor);
	if (op.link == NO_ACTOR)
		return;
	line_throw(f, c, &op);
	if ((op.actor == NO_ACTOR && c->kind == FAULT_LIE) || !line_do(f, &op))
		return;
	f->struck[i]++;
	f->strikes++;
	if (c->kind == FAULT_LIE)
		lie_follow(f, &op);
	if (remedy(c, &op))
		put_off(f, c->delay_ps, &op);
}

/* Whether entry @i strikes now. */
static bool strikes(struct faults *f, uint32_t i)
{
	const struct fault_config *c = &f->sc->fault[i];

	if (c->times && f->struck[i] >= c->times)
		return false;
	if (c->has_at)
		return f->struck[i] == 0 &&
		       c->at_ps <= f->sched->w->probe->time;
	if (c->every)
		return f->steps % c->every == 0;
	return below(f, c->one_in) == 0;
}

static void dues_do(struct faults *f, uint64_t until)
{
	for (uint32_t i = 0; i < f->dues;) {
		struct script_op op = f->due[i].op;

		if (f->due[i].at_ps > until) {
			i++;
			continue;
		}
		f->dues--;
		memmove(&f->due[i], &f->due[i + 1],
			(f->dues - i) * sizeof f->due[0]);
		line_do(f, &op);
	}
}

void faults_step(struct faults *f)
{
	assert(!f->over);
	f->steps++;
	memset(f->tries, 0, sizeof f->tries);
	dues_do(f, f->sched->w->probe->time);
	for (uint32_t i = 0; i < f->sc->faults; i++)
		if (strikes(f, i))
			strike(f, i);
}

void faults_wait(struct faults *f)
{
	struct probe *probe = f->sched->w->probe;
	uint64_t next = faults_next(f);

	assert(next != UINT64_MAX);
	if (next > probe->time)
		probe->time = next;
	dues_do(f, probe->time);
	for (uint32_t i = 0; i < f->sc->faults; i++) {
		if (!f->sc->fault[i].has_at || !strikes(f, i))
			continue;
		strike(f, i);
		f->tries[i] += f->struck[i] == 0;
	}
}

uint64_t faults_next(const struct faults *f)
{
	uint64_t next = UINT64_MAX;

	if (f->over)
		return next;
	for (uint32_t i = 0; i < f->sc->faults; i++) {
		const struct fault_config *c = &f->sc->fault[i];

		if (c->has_at && f->struck[i] == 0 && f->tries[i] < TRIES &&
		    c->at_ps < next)
			next = c->at_ps;
	}
	for (uint32_t i = 0; i < f->dues; i++)
		if (f->due[i].at_ps < next)
			next = f->due[i].at_ps;
	return next;
}

void faults_heal(struct faults *f)
{
	struct script_op op = {.value = 1, .more = 1, .to = NO_ACTOR};

	f->over = true;
	for (uint32_t i = 0; i < f->sc->faults; i++) {
		const struct fault_config *c = &f->sc->fault[i];

		op.actor = c->who;
		op.verb = SCRIPT_CRASH;
		if (c->kind == FAULT_HOSTILE && c->has_who && lives(f, c->who))
			line_do(f, &op);
	}
	dues_do(f, UINT64_MAX);
	op.actor = NO_ACTOR;
	op.verb = SCRIPT_HEAL;
	line_do(f, &op);
}

/* Whether a hostile @vm can change what happens on @link. */
static bool has_hand_in(const struct world_config *c, uint32_t vm,
			uint32_t link)
{
	const struct link_config *l = &c->link[link];

	if (link_joins(l, vm))
		return true;
	for (uint32_t i = 0; i < c->links; i++)
		for (uint32_t end = 0; end < 2; end++)
			if (c->link[i].end[end] == vm &&
			    path_maps_peer(path_find(c->link[i].path), end) &&
			    link_joins(l, c->link[i].end[!end]))
				return true; /* all RAM of that peer is open */
	return false;
}

/* What one that posts or sends what it does not hold breaks by that. */
static bool is_lie(enum clause c)
{
	return c == CLAUSE_EXT_ONE_OWNER || c == CLAUSE_EXT_POST_FIRST;
}

/* Whatever a hostile VM writes: nobody reaches out, toils or spins for it. */
static bool is_never_its_doing(enum clause c)
{
	return c == CLAUSE_EXT_REACH || c == CLAUSE_EXT_BOUNDED ||
	       c == CLAUSE_EXT_SETTLED;
}

bool faults_excuse(const struct scenario *sc, const struct finding *f)
{
	for (uint32_t i = 0; i < sc->faults; i++) {
		const struct fault_config *c = &sc->fault[i];

		if (c->kind == FAULT_LIE && is_lie(f->clause) &&
		    (!c->has_who ||
		     link_joins(&sc->world.link[f->link], c->who)))
			return true;
		if (c->kind == FAULT_HOSTILE &&
		    !is_never_its_doing(f->clause) &&
		    (!c->has_who || has_hand_in(&sc->world, c->who, f->link)))
			return true;
	}
	return false;
}
