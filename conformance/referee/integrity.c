/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/referee/integrity.h"

#include <stdbool.h>
#include <string.h>

#include "conformance/referee/finding.h"

/* What became of a packet that was passed over, in packet.what; 0: it was not.
 */
enum {
	PASSED_DROP = 0x40,  /* as one that the host dropped */
	PASSED_ENDED = 0x80, /* as one that ended with an epoch */
	PASSED_TOLD = 0xc0,  /* and the disorder was reported */
	PASSED = 0xc0,       /* one of these */
};

/* Flags of a gift that comes back: GIFT and RETURNED. */
enum { HDR_BACK = 0x80 | 0x20 };

struct packet {
	uint64_t hash;
	uint32_t seq;
	uint32_t what; /* length << 8 | VM that it is for, PASSED_* later */
};

/*
 * Packets of one sender on one link, oldest first. Some may be missing without
 * fault: the host said that it dropped one, but not which; or an epoch ended.
 * Invariant: drops + ended <= packets in flight that were sent by then.
 */
struct flow {
	struct packet *ring;
	uint32_t mask;
	uint32_t head; /* free-running */
	uint32_t tail;
	uint32_t drops;    /* excused because the host dropped them */
	uint32_t backs;    /* of them: given back, which is not yet told */
	uint32_t ended;    /* excused because an epoch ended */
	uint32_t excused;  /* position behind the last that may be excused */
	uint32_t gifts;    /* chains of empty slots that are under way */
	bool paired;       /* they can arrive */
	uint32_t overflow; /* could not be in flight any more */
	uint32_t next; /* number of the packet that is sent or refused next */
	uint32_t rx_size;
	uint16_t queue; /* the sender's tx */
	uint8_t from;
	uint8_t to;
	struct integrity_counts counts;
};

struct integrity {
	struct referee_setup setup;
	struct flow *flow; /* nic_id() of the sender */
	uint32_t flows;
	bool dead[VM_MAX];
};

_Static_assert((int)VM_MAX <= (int)PASSED_DROP, "it and a mark share a byte");

static const char *vm_name(const struct integrity *t, uint32_t vm)
{
	return t->setup.config->vm[vm].name;
}

static inline uint32_t packet_what(uint32_t len, uint32_t to)
{
	return len << 8 | (to & ~(uint32_t)PASSED);
}

static uint32_t packet_passed(const struct packet *p)
{
	return p->what & PASSED;
}

static inline struct packet *flow_at(const struct flow *f, uint32_t i)
{
	return &f->ring[i & f->mask];
}

static void tally(struct integrity_tally *t, const struct packet *p)
{
	t->packets++;
	t->bytes += p->what >> 8;
}

static void untally(struct integrity_tally *t, const struct packet *p)
{
	t->packets--;
	t->bytes -= p->what >> 8;
}

/* Packets at the head that could be excused, by when they were sent. */
static uint32_t flow_excusable(const struct flow *f)
{
	uint32_t n = f->excused - f->head;

	return n <= f->tail - f->head ? n : 0;
}

/* A packet left the flow: no more are excused than can be. */
static void flow_trim(struct flow *f)
{
	uint32_t room = flow_excusable(f);

	while (f->drops + f->ended > room) {
		if (f->ended)
			f->ended--;
		else
			f->drops--;
	}
}

/* @p will not come: by excuse if there is one left. */
static void flow_settle(struct flow *f, struct packet *p)
{
	if (f->drops) {
		f->drops--;
		p->what |= PASSED_DROP;
		tally(&f->counts.lost, p);
	} else if (f->ended) {
		f->ended--;
		p->what |= PASSED_ENDED;
		tally(&f->counts.ended, p);
	} else {
		p->what |= PASSED_TOLD;
		tally(&f->counts.lost, p);
	}
}

/*
 * The flow is full, so some are gone. What stands at its beginning may still
 * wait in the receiver's ring; what the host dropped comes behind that.
 */
static void flow_overflow(struct flow *f)
{
	uint32_t n = f->drops + f->ended;
	uint32_t skip = f->rx_size;

	if (n == 0) {
		f->overflow++;
		flow_settle(f, flow_at(f, f->head++));
		return;
	}
	if (n > f->mask / 4 + 1)
		n = f->mask / 4 + 1;
	if (skip > flow_excusable(f) - n)
		skip = flow_excusable(f) - n;
	for (uint32_t i = 0; i < n; i++)
		flow_settle(f, flow_at(f, f->head + skip + i));
	for (uint32_t i = skip; i-- > 0;)
		*flow_at(f, f->head + n + i) = *flow_at(f, f->head + i);
	f->head += n;
	flow_trim(f);
}

/* Adds @count packets, for which there is room. */
static void flow_add(struct flow *f, const struct event_item *item,
		     uint32_t count, uint32_t to)
{
	const uint32_t mask = f->mask, tail = f->tail;
	struct packet *ring = f->ring;
	uint64_t bytes = 0;

	for (uint32_t k = 0; k < count; k++) {
		ring[(tail + k) & mask] = (struct packet){
			item[k].addr, item[k].a, packet_what(item[k].len, to)};
		bytes += item[k].len;
	}
	f->tail = tail + count;
	f->counts.sent.packets += count;
	f->counts.sent.bytes += bytes;
}

/* A packet was taken from its application, and neither sent nor refused. */
__attribute__((cold, noinline)) static void gap_found(const struct integrity *t,
						      const struct flow *f,
						      const struct event *ev)
{
	referee_finding(&t->setup, ev, CLAUSE_EXT_SEND, NO_SLOT,
			"%s took packet %u, and goes on with %u",
			vm_name(t, f->from), f->next, ev->a);
}

/* Packets of a flow have numbers without gaps. */
static void flow_number(const struct integrity *t, struct flow *f,
			const struct event *ev)
{
	const struct event_item *item = event_items(ev);
	uint32_t count = event_count(ev), next = f->next, gap = 0;

	for (uint32_t k = 0; k < count; k++)
		gap |= item[k].a ^ (next + k);
	f->next = next + count;
	if (!gap)
		return;
	f->next = next;
	for (uint32_t k = 0; k < count; k++) {
		struct event one = event_nth(ev, k);

		if (one.a != f->next)
			gap_found(t, f, &one);
		f->next = one.a + 1;
	}
}

static void on_refuse(void *self, const struct event *ev)
{
	const struct integrity *t = self;

	flow_number(t, &t->flow[queue_nic(ev->queue)], ev);
}

static void on_send(void *self, const struct event *ev)
{
	const struct integrity *t = self;
	struct flow *f = &t->flow[queue_nic(ev->queue)];
	const struct event_item *item = event_items(ev);
	uint32_t count = event_count(ev), room;

	assert(queue_nic(ev->queue) < t->flows);
	flow_number(t, f, ev);
	for (uint32_t k = 0; k < count; k += room) {
		if (f->tail - f->head > f->mask)
			flow_overflow(f);
		room = f->mask + 1 - (f->tail - f->head);
		if (room > count - k)
			room = count - k;
		flow_add(f, item + k, room, ev->b);
	}
}

static inline void flow_delivered(struct flow *f, const struct packet *p)
{
	tally(&f->counts.delivered, p);
	f->head++;
	if (f->drops | f->ended)
		flow_trim(f);
}

/* The packet at position @i arrived, and those before it did not. */
static void deliver_later(const struct integrity *t, struct flow *f,
			  const struct event *ev, uint32_t i)
{
	uint32_t count = i - f->head;
	uint32_t excused = f->drops + f->ended;

	if (count > excused || count > flow_excusable(f))
		referee_finding(&t->setup, ev, CLAUSE_EXT_FIFO, NO_SLOT,
				"packet %u overtook %u, the first of them %u",
				flow_at(f, i)->seq, count,
				flow_at(f, f->head)->seq);
	while (f->head != i)
		flow_settle(f, flow_at(f, f->head++));
	flow_delivered(f, flow_at(f, i));
}

/*
 * Whether @ev, which delivers nothing that was sent as a packet, is of a gift:
 * whole slots, less a header.
 */
static bool deliver_gift(const struct integrity *t, struct flow *f,
			 const struct event *ev)
{
	static const uint32_t header[] = {10, 12, 20};
	uint32_t size =
		t->setup.config
			->link[queue_link(&t->setup.config->numbers, ev->queue)]
			.bar.slot_size;
	bool whole = false;

	for (uint32_t i = 0; i < sizeof header / sizeof *header && size; i++)
		whole |= (ev->len + header[i]) % size == 0;
	if (!f->gifts || !whole)
		return false;
	f->gifts--;
	referee_finding(&t->setup, ev, CLAUSE_EXT_GIFT_EMPTY, NO_SLOT,
			"%u bytes arrive that are a gift of %s", ev->len,
			vm_name(t, f->from));
	return true;
}

/* A packet that is no longer in flight arrived: late, or again? */
static void deliver_again(const struct integrity *t, struct flow *f,
			  const struct event *ev, struct packet *p)
{
	if (!packet_passed(p)) {
		referee_finding(&t->setup, ev, CLAUSE_EXT_DELIVER_ONCE, NO_SLOT,
				"packet %u was delivered or returned before",
				p->seq);
		return;
	}
	if (packet_passed(p) != PASSED_TOLD)
		referee_finding(&t->setup, ev, CLAUSE_EXT_FIFO, NO_SLOT,
				"packet %u was overtaken", p->seq);
	untally(packet_passed(p) == PASSED_ENDED ? &f->counts.ended
						 : &f->counts.lost,
		p);
	tally(&f->counts.delivered, p);
	p->what &= ~(uint32_t)PASSED;
}

/* The flow that has a packet of @hash and @len in flight, or NULL. */
static const struct flow *flow_of(const struct integrity *t, uint64_t hash,
				  uint32_t len, const struct packet **out)
{
	for (uint32_t n = 0; n < t->flows; n++) {
		const struct flow *f = &t->flow[n];

		for (uint32_t i = f->head; i != f->tail; i++) {
			*out = flow_at(f, i);
			if ((*out)->hash == hash && (*out)->what >> 8 == len)
				return f;
		}
	}
	return NULL;
}

/* Nothing of that kind was ever sent this way. */
static void deliver_unknown(const struct integrity *t, struct flow *f,
			    const struct event *ev)
{
	struct packet *head = flow_at(f, f->head);
	const struct packet *p;
	const struct flow *other = flow_of(t, ev->addr, ev->len, &p);

	if (other) {
		referee_finding(&t->setup, ev, CLAUSE_EXT_INTACT, NO_SLOT,
				"packet %u of %s was for %s, %s got it", p->seq,
				vm_name(t, other->from),
				vm_name(t, p->what & (PASSED_DROP - 1)),
				vm_name(t, f->to));
		if (other == f)
			deliver_later(t, f, ev,
				      f->head + (uint32_t)((p - head) &
							   (int64_t)f->mask));
		return;
	}
	if (f->head == f->tail) {
		referee_finding(&t->setup, ev, CLAUSE_EXT_DELIVER_ONCE, NO_SLOT,
				"%u bytes arrive and nothing is on its way",
				ev->len);
		return;
	}
	referee_finding(
		&t->setup, ev, CLAUSE_EXT_INTACT, NO_SLOT,
		"%u bytes match nothing; packet %u of %u bytes was next",
		ev->len, head->seq, head->what >> 8);
	if (head->what >> 8 == ev->len)
		flow_settle(f, flow_at(f, f->head++));
}

__attribute__((cold, noinline)) static void deliver_odd(
	const struct integrity *t, struct flow *f, const struct event *ev)
{
	uint32_t what = packet_what(ev->len, f->to);
	uint32_t past = f->tail > f->mask ? f->tail - f->mask - 1 : 0;

	for (uint32_t i = f->head; i != f->tail; i++)
		if (flow_at(f, i)->hash == ev->addr &&
		    flow_at(f, i)->what == what) {
			deliver_later(t, f, ev, i);
			return;
		}
	for (uint32_t i = f->head; i-- != past;) {
		struct packet *p = flow_at(f, i);

		if (p->hash == ev->addr &&
		    (p->what & ~(uint32_t)PASSED) == what) {
			if (!deliver_gift(t, f, ev))
				deliver_again(t, f, ev, p);
			return;
		}
	}
	if (!deliver_gift(t, f, ev))
		deliver_unknown(t, f, ev);
}

/* Packets that come as they were sent, up to the first that does not. */
static uint32_t delivers_plain(struct flow *f, const struct event_item *item,
			       uint32_t count)
{
	uint32_t head = f->head, k;
	const uint32_t mask = f->mask, to = f->to;
	const struct packet *ring = f->ring;
	uint64_t bytes = 0;

	if (f->drops | f->ended)
		return 0;
	if (count > f->tail - head)
		count = f->tail - head;
	for (k = 0; k < count; k++) {
		const struct packet *p = &ring[(head + k) & mask];

		if (p->hash != item[k].addr ||
		    p->what != packet_what(item[k].len, to))
			break;
		bytes += item[k].len;
	}
	f->counts.delivered.packets += k;
	f->counts.delivered.bytes += bytes;
	f->head = head + k;
	return k;
}

static void deliver_one(struct integrity *t, struct flow *f,
			const struct event *ev)
{
	const struct packet *p = flow_at(f, f->head);

	if (f->head == f->tail || p->hash != ev->addr ||
	    p->what != packet_what(ev->len, f->to))
		deliver_odd(t, f, ev);
	else
		flow_delivered(f, p);
}

/* Packets that were sent later have arrived before it was told of. */
static void fail_later(struct flow *f, uint32_t seq)
{
	uint32_t past = f->tail > f->mask ? f->tail - f->mask - 1 : 0;

	for (uint32_t i = f->head; i-- != past;) {
		struct packet *p = flow_at(f, i);

		if (p->seq != seq || packet_passed(p) != PASSED_DROP)
			continue;
		untally(&f->counts.lost, p);
		tally(&f->counts.failed, p);
		p->what &= ~(uint32_t)PASSED;
		return;
	}
}

static void on_deliver(void *self, const struct event *ev)
{
	struct integrity *t = self;
	struct flow *f = &t->flow[nic_beyond(&t->setup.config->numbers,
					     queue_nic(ev->queue))];
	uint32_t count = event_count(ev), k = 0;

	while (k < count) {
		k += delivers_plain(f, event_items(ev) + k, count - k);
		if (k < count) {
			struct event one = event_nth(ev, k++);

			deliver_one(t, f, &one);
		}
	}
}

/* The packet came back to its sender, wherever it stands. */
static void on_fail(void *self, const struct event *ev)
{
	struct integrity *t = self;
	struct flow *f = &t->flow[queue_nic(ev->queue)];
	uint32_t i = f->head;
	struct packet failed;

	while (i != f->tail && flow_at(f, i)->seq != ev->a)
		i++;
	if (i == f->tail) {
		f->backs -= f->backs > 0;
		fail_later(f, ev->a);
		return;
	}
	if (f->backs && f->drops)
		f->drops--; /* the excuse that nobody needed */
	f->backs -= f->backs > 0;
	if (i - f->head >= flow_excusable(f))
		f->excused++; /* those before it move up by one place */
	failed = *flow_at(f, i);
	tally(&f->counts.failed, &failed);
	for (; i != f->head; i--)
		*flow_at(f, i) = *flow_at(f, i - 1);
	*flow_at(f, f->head++) = failed;
	flow_trim(f);
}

/* One packet in flight is gone; which, only the next delivery can tell. */
static void on_drop(void *self, const struct event *ev)
{
	struct integrity *t = self;
	struct flow *f = &t->flow[queue_nic(ev->queue)];

	f->drops++;
	f->excused = f->tail;
	flow_trim(f);
}

/* Its sender will say which it was; until then it is as good as dropped. */
static void on_back(void *self, const struct event *ev)
{
	struct integrity *t = self;

	t->flow[queue_nic(ev->queue)].backs++;
	on_drop(self, ev);
}

static void on_gift(void *self, const struct event *ev)
{
	struct integrity *t = self;
	struct flow *f = &t->flow[queue_nic(ev->queue)];

	f->gifts += f->paired;
}

/* It has arrived, or comes back to who gave it. */
static void gift_ends(struct flow *f)
{
	f->gifts -= f->gifts > 0;
}

static void on_gifted(void *self, const struct event *ev)
{
	struct integrity *t = self;

	gift_ends(&t->flow[nic_beyond(&t->setup.config->numbers,
				      queue_nic(ev->queue))]);
}

static void on_header(void *self, const struct event *ev)
{
	struct integrity *t = self;

	if (!queue_is_tx(ev->queue) && (ev->a & HDR_BACK) == HDR_BACK)
		gift_ends(&t->flow[queue_nic(ev->queue)]);
}

/* What @link forwards may end with the epoch; another one begins if @paired. */
static void epoch_ends(struct integrity *t, uint32_t link, bool paired)
{
	for (uint32_t end = 0; end < 2; end++) {
		struct flow *f =
			&t->flow[nic_id(&t->setup.config->numbers, link, end)];

		f->ended = f->tail - f->head - f->drops;
		f->backs = f->gifts = 0;
		f->paired = paired;
		f->excused = f->tail;
	}
}

static void on_epoch(void *self, const struct event *ev)
{
	struct integrity *t = self;
	const struct world_config *c = t->setup.config;
	uint32_t link = queue_link(&t->setup.config->numbers, ev->queue);
	uint8_t dead =
		c->link[link]
			.end[queue_end(&t->setup.config->numbers, ev->queue)];

	if (ev->kind == EV_STATUS && ev->a != 0)
		return;
	if (ev->kind != EV_CRASH) {
		epoch_ends(t, link, ev->kind == EV_PAIR);
		return;
	}
	t->dead[dead] = true;
	for (uint32_t l = 0; l < c->links; l++)
		if (c->link[l].end[0] == dead || c->link[l].end[1] == dead)
			epoch_ends(t, l, false);
}

static const struct event_subscriptions subscriptions = {
	.whole = SUBSCRIBE_BATCH(SEND) | SUBSCRIBE_BATCH(REFUSE) |
		 SUBSCRIBE_BATCH(DELIVER),
	.handler =
		{
			[EV_SEND] = on_send,
			[EV_REFUSE] = on_refuse,
			[EV_DELIVER] = on_deliver,
			[EV_FAIL] = on_fail,
			[EV_DROP] = on_drop,
			[EV_BACK] = on_back,
			[EV_GIFT] = on_gift,
			[EV_GIFTED] = on_gifted,
			[EV_HEADER] = on_header,
			[EV_PAIR] = on_epoch,
			[EV_UNPAIR] = on_epoch,
			[EV_STATUS] = on_epoch,
			[EV_CRASH] = on_epoch,
		},
};

static void flow_finish(const struct integrity *t, struct flow *f, uint64_t now)
{
	uint32_t missing =
		f->tail - f->head - f->drops - f->ended + f->overflow;
	const struct packet *oldest = flow_at(f, f->head);
	const struct event ev = {.kind = EV_SEND,
				 .actor = actor_guest(f->from),
				 .queue = f->queue,
				 .a = oldest->seq,
				 .addr = oldest->hash,
				 .len = oldest->what >> 8,
				 .b = f->to,
				 .time = now};

	if (missing && !t->dead[f->from] && !t->dead[f->to])
		referee_finding(&t->setup, &ev, CLAUSE_EXT_DELIVERED, NO_SLOT,
				"%u packets of %s never reached %s", missing,
				vm_name(t, f->from), vm_name(t, f->to));
	while (f->head != f->tail)
		flow_settle(f, flow_at(f, f->head++));
	f->overflow = 0;
}

static void integrity_finish(void *self, uint64_t now)
{
	struct integrity *t = self;

	for (uint32_t i = 0; i < t->flows; i++)
		flow_finish(t, &t->flow[i], now);
}

struct integrity_counts integrity_counts(const void *self, uint32_t link,
					 uint32_t end)
{
	const struct integrity *t = self;

	assert(nic_id(&t->setup.config->numbers, link, end) < t->flows);
	return t->flow[nic_id(&t->setup.config->numbers, link, end)].counts;
}

/* Room for all that can be in flight, a power of two. */
static uint32_t flow_room(const struct link_config *l)
{
	uint32_t need = l->bar.slots + 2u * l->ring.size + 2 * l->private_rx +
			l->tap_queue + 64;
	uint32_t room = 1;

	while (room < need)
		room *= 2;
	return room;
}

static size_t integrity_size(const struct world_config *c)
{
	size_t sum = sizeof(struct integrity) + _Alignof(struct integrity) +
		     _Alignof(struct flow);

	for (uint32_t l = 0; l < c->links; l++)
		sum += 2 * (sizeof(struct flow) + _Alignof(struct packet) +
			    flow_room(&c->link[l]) * sizeof(struct packet));
	return sum;
}

static void *integrity_create(const struct referee_setup *s)
{
	struct integrity *t = arena_new(s->arena, struct integrity, 1);

	t->setup = *s;
	t->flows = nic_count(&t->setup.config->numbers);
	t->flow = arena_new(s->arena, struct flow, t->flows);
	for (uint32_t i = 0; i < t->flows; i++) {
		const struct link_config *l =
			&s->config
				 ->link[nic_link(&t->setup.config->numbers, i)];
		uint32_t room = flow_room(l);

		t->flow[i] = (struct flow){
			.ring = arena_new(s->arena, struct packet, room),
			.mask = room - 1,
			.rx_size = l->ring.size,
			.queue = queue_of_nic(i, NET_TX),
			.from = l->end[nic_end(&t->setup.config->numbers, i)],
			.to = l->end[!nic_end(&t->setup.config->numbers, i)],
		};
	}
	return t;
}

/*
 * Packets under way, and how many of them are excused. What left the flow only
 * decides by which name a second delivery is called, not whether it is one.
 */
static void integrity_canon(const void *self, uint32_t q, struct canon *out)
{
	const struct integrity *t = self;
	const struct flow *f = &t->flow[queue_nic(q)];

	if (queue_is_tx(q) || queue_nic(q) >= t->flows)
		return;
	canon_u32(out, f->tail - f->head);
	canon_u32(out, f->drops);
	canon_u32(out, f->backs);
	canon_u32(out, f->ended);
	canon_u32(out, flow_excusable(f));
	canon_u32(out, f->overflow);
	canon_u32(out, f->gifts);
	canon_flags(out, f->paired);
	for (uint32_t i = f->head; i != f->tail; i++) {
		canon_seq(out, queue_nic(q), flow_at(f, i)->seq);
		canon_u32(out, flow_at(f, i)->what);
	}
}

const struct referee_ops integrity_referee = {
	.name = "integrity",
	.words = "packets arrive whole, once and in order",
	.size = integrity_size,
	.create = integrity_create,
	.subscriptions = &subscriptions,
	.finish = integrity_finish,
	.canon = integrity_canon,
};
