/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/world/app.h"

#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "model/canon/canon.h"

enum { ETH_ADDRESSES = 12 };

_Static_assert((int)EXPLORE_WAITING_MAX <= (int)APP_SCRIPT_MAX,
	       "frames wait in a ring of them");

size_t app_size(const struct world_config *c, const struct tape *tape)
{
	return 256 +
	       nic_count(&c->numbers) *
		       (sizeof(struct app_nic) + sizeof(struct app_script)) +
	       (tape ? tape_cursors(tape) : 0) * sizeof(struct tape_cursor) +
	       FRAME_MAX;
}

/*
 * NICs from one VM to one other form a ring: what is for that VM goes by
 * whichever of them asks first.
 */
static void beside_init(struct app *a, uint32_t nics, struct arena *arena)
{
	for (uint32_t i = 0; i < nics; i++) {
		struct app_nic *n = &a->nic[i];

		n->beside = (uint8_t)i;
		for (uint32_t k = i; k-- > 0;) {
			struct app_nic *o = &a->nic[k];

			if (o->from != n->from || o->to != n->to)
				continue;
			n->beside = o->beside;
			o->beside = (uint8_t)i;
			if (!o->common)
				o->common =
					arena_new(arena, struct app_script, 1);
			n->common = o->common;
			break;
		}
	}
}

void app_init(struct app *a, const struct world_config *c,
	      const struct tape *tape, struct probe *probe, struct arena *arena)
{
	a->tape = tape;
	a->probe = probe;
	a->cursor = arena_new(arena, struct tape_cursor,
			      tape ? tape_cursors(tape) : 0);
	a->nic = arena_new(arena, struct app_nic, nic_count(&c->numbers));
	a->frame = arena_new(arena, uint8_t, FRAME_MAX);
	for (uint32_t i = 0; i < nic_count(&c->numbers); i++) {
		const struct link_config *l =
			&c->link[nic_link(&c->numbers, i)];
		struct app_nic *n = &a->nic[i];

		n->from = l->end[nic_end(&c->numbers, i)];
		n->to = l->end[!nic_end(&c->numbers, i)];
	}
	beside_init(a, nic_count(&c->numbers), arena);
}

void app_measure(struct app *a, struct app_due *due, uint32_t nics)
{
	a->due = due;
	for (uint32_t i = 0; i < nics; i++)
		due[i].shown = &a->nic[i].due_ps;
}

static bool script_add(struct app_script *s, uint32_t len)
{
	if (s->count == APP_SCRIPT_MAX || len > FRAME_MAX)
		return false;
	s->len[(s->first + s->count++) % APP_SCRIPT_MAX] = len;
	return true;
}

bool app_script_send(struct app *a, uint32_t nic, uint32_t len)
{
	return script_add(&a->nic[nic].script, len);
}

bool app_script_send_any(struct app *a, uint32_t nic, uint32_t len)
{
	struct app_nic *n = &a->nic[nic];

	return script_add(n->common ? n->common : &n->script, len);
}

/* Where the next scripted frame of @n stands; NULL: there is none. */
static struct app_script *script_next(struct app_nic *n)
{
	if (n->script.count)
		return &n->script;
	return n->common && n->common->count ? n->common : NULL;
}

bool app_waits(const struct app *a, uint32_t nic)
{
	const struct app_nic *n = &a->nic[nic];

	return n->script.count || (n->common && n->common->count) ||
	       (a->tape && tape_waits(a->tape, a->cursor, n->from, n->to));
}

/* A scripted frame: addresses, then bytes that tell frames apart. */
static void script_frame(struct app *a, const struct app_nic *n,
			 const struct app_script *s, struct app_packet *p)
{
	uint8_t *f = a->frame;

	p->len = s->len[s->first];
	for (uint32_t i = 0; i < p->len; i++)
		f[i] = (uint8_t)(n->seq + i);
	if (p->len >= ETH_ADDRESSES) {
		memset(f, 0, ETH_ADDRESSES);
		f[0] = f[6] = 2;
		f[5] = (uint8_t)(n->to + 1);
		f[11] = (uint8_t)(n->from + 1);
	}
	p->bytes = f;
	p->hash = XXH3_64bits(f, p->len);
}

static enum app_answer app_peek(void *app, uint32_t nic, struct app_packet *out,
				uint64_t *wait_ps)
{
	struct app *a = app;
	struct app_nic *n = &a->nic[nic];
	enum app_answer answer = APP_NOTHING;
	uint64_t now = a->probe->time;
	const struct app_script *script;

	if (a->tape)
		answer = tape_peek(a->tape, a->cursor, n->from, n->to, out,
				   &n->due_ps);
	script = answer != APP_PACKET ? script_next(n) : NULL;
	n->scripted = script != NULL;
	if (script) {
		*out = (struct app_packet){0};
		script_frame(a, n, script, out);
		n->due_ps = TAPE_ASAP;
		answer = APP_PACKET;
	}
	if (answer != APP_PACKET)
		return answer;
	if (n->due_ps == TAPE_ASAP)
		n->due_ps = now;
	if (n->due_ps > now) {
		*wait_ps = n->due_ps - now;
		return APP_LATER;
	}
	out->seq = n->seq;
	out->to = n->to;
	n->shown = n->common && script != &n->script;
	return APP_PACKET;
}

/*
 * A packet that any NIC beside @nic might have taken left by this one: who was
 * shown it waits for it no longer.
 */
static void went_elsewhere(struct app *a, uint32_t nic)
{
	a->nic[nic].shown = false;
	for (uint32_t i = a->nic[nic].beside; i != nic; i = a->nic[i].beside) {
		if (!a->nic[i].shown)
			continue;
		a->nic[i].shown = false;
		probe_emit(a->probe, EV_ELSEWHERE, queue_of_nic(i, NET_TX), 0,
			   0, 0, 0);
	}
}

/* The driver of @nic has @count packets, which were due then. */
static void accepted(struct app *a, uint32_t nic, const uint64_t *due_ps,
		     uint32_t count)
{
	struct app_due *d = a->due ? &a->due[nic] : NULL;

	if (d && d->early) {
		assert(count == 1);
		d->early = false;
		return;
	}
	for (uint32_t k = 0, n; d && k < count; k += n) {
		struct due_run *last = &d->run[(d->head - 1) & d->mask];

		for (n = 1; k + n < count && due_ps[k + n] == due_ps[k];)
			n++;
		if (d->head != d->tail && last->ps == due_ps[k]) {
			last->count += n;
			continue;
		}
		d->run[d->head++ & d->mask] = (struct due_run){due_ps[k], n};
		assert(d->head - d->tail <= d->mask + 1);
	}
}

static void app_taken(void *app, uint32_t nic, bool refused)
{
	struct app *a = app;
	struct app_nic *n = &a->nic[nic];

	if (n->scripted) {
		struct app_script *s = script_next(n);

		s->first = (s->first + 1) % APP_SCRIPT_MAX;
		s->count--;
	} else {
		tape_take(a->tape, a->cursor, n->from, n->to);
	}
	if (n->shown)
		went_elsewhere(a, nic);
	n->seq++;
	n->refused += refused;
	if (!refused)
		accepted(a, nic, &n->due_ps, 1);
}

/* Takes what the tape has for @nic. */
static uint32_t fill_from_tape(struct app *a, uint32_t nic,
			       const struct app_buffers *to,
			       struct app_batch *out)
{
	uint64_t due_ps[APP_BATCH_MAX];
	struct tape_order o = {.now = a->probe->time,
			       .to = *to,
			       .out = out->frame,
			       .due_ps = due_ps};
	struct app_nic *n = &a->nic[nic];
	uint32_t count;

	count = tape_fill(a->tape, a->cursor, n->from, n->to, &o);
	accepted(a, nic, due_ps, count);
	n->seq += count;
	if (count && n->common)
		went_elsewhere(a, nic);
	return count;
}

static uint32_t app_fill(void *app, uint32_t nic, const struct app_buffers *to,
			 struct app_batch *out)
{
	struct app *a = app;
	struct app_packet p;
	uint64_t wait_ps;
	uint32_t k = 0;

	assert(to->count <= APP_BATCH_MAX);
	out->seq = a->nic[nic].seq;
	out->to = a->nic[nic].to;
	if (a->tape)
		k = fill_from_tape(a, nic, to, out);
	if (k)
		return k;
	for (; k < to->count; k++) {
		if (app_peek(app, nic, &p, &wait_ps) != APP_PACKET ||
		    p.len > to->room || p.copied || p.gso_type)
			break;
		out->frame[k] = (struct app_frame){p.hash, p.len};
		if (p.bytes)
			memcpy(app_buffer(to, k), p.bytes, p.len);
		app_taken(app, nic, false);
	}
	return k;
}

static uint64_t pieces_hash(const struct app_segment *piece, uint32_t count)
{
	XXH3_state_t state;

	if (count == 1)
		return XXH3_64bits(piece[0].bytes, piece[0].len);
	XXH3_64bits_reset(&state);
	for (uint32_t i = 0; i < count; i++)
		XXH3_64bits_update(&state, piece[i].bytes, piece[i].len);
	return XXH3_64bits_digest(&state);
}

/* Whether somebody follows what arrives at @n, frame by frame. */
static bool followed(const struct app *a, const struct app_nic *n)
{
	return a->pcap || (a->tape && tape_follows(a->tape, n->to, n->from));
}

/* They hear of a frame of @len bytes in @count pieces. */
static void delivered(struct app *a, uint32_t nic,
		      const struct app_segment *piece, uint32_t count,
		      uint32_t len)
{
	const struct app_nic *n = &a->nic[nic];

	if (a->tape)
		tape_delivered(a->tape, a->cursor, n->to, n->from, len);
	if (a->pcap)
		pcap_out_packet(a->pcap, n->from, a->probe->time, piece, count);
}

static void app_deliver(void *app, uint32_t nic,
			const struct app_segment *piece, uint32_t count,
			uint32_t len)
{
	struct app *a = app;

	probe_emit(a->probe, EV_DELIVER, queue_of_nic(nic, NET_RX), 0,
		   pieces_hash(piece, count), len, 0);
	a->nic[nic].arrived++;
	delivered(a, nic, piece, count, len);
}

/* The frames that arrive together are hashed together before. */
static void app_arrive(void *app, uint32_t nic, const struct app_buffers *in,
		       const uint32_t *len)
{
	struct app *a = app;
	struct event_item *item = probe_batch_begin(
		a->probe, EV_DELIVER, queue_of_nic(nic, NET_RX), in->count, 0);
	bool follows = followed(a, &a->nic[nic]);

	for (uint32_t k = 0; k < in->count; k++)
		event_item_set(&item[k], XXH3_64bits(app_buffer(in, k), len[k]),
			       len[k], 0);
	probe_batch_end(a->probe);
	a->nic[nic].arrived += in->count;
	for (uint32_t k = 0; follows && k < in->count; k++) {
		struct app_segment frame = {app_buffer(in, k), len[k]};

		delivered(a, nic, &frame, 1, len[k]);
	}
}

static void script_canon(const struct app_script *s, struct canon *f)
{
	canon_u32(f, s->count);
	for (uint32_t k = 0; k < s->count; k++)
		canon_u32(f, s->len[(s->first + k) % APP_SCRIPT_MAX]);
}

/* What waits for any of several NICs is said with the last of them. */
void app_nic_canon(const struct app *a, struct canon *f, uint32_t nic)
{
	const struct app_nic *n = &a->nic[nic];

	script_canon(&n->script, f);
	if (!n->common)
		return;
	canon_flags(f, n->shown);
	if (n->beside < nic)
		script_canon(n->common, f);
}

const struct app_ops app_ops = {
	.peek = app_peek,
	.taken = app_taken,
	.fill = app_fill,
	.arrive = app_arrive,
	.deliver = app_deliver,
};
