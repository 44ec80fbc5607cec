/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Trap and emulate: each VM has an emulated 82540EM, and a process of the host
 * that emulates it, with a tap to the other one. A register that a driver
 * touches is an exit to that process. Each frame is copied four times: out of
 * the guest into the process, into a buffer of the host's kernel, out of that
 * into the other process, and into the other guest.
 *
 * What is counted of one packet that is sent alone: TDT, then ICR, IMC and IMS
 * of the interrupt that says that it is sent; the same three and RDT where it
 * arrives: eight exits. The interrupt is a level, so its end is an exit, too,
 * where such ends are counted at all. Calls into the kernel are more than the
 * four that are usually named (write, poll, read, and one injection): a level
 * is set and taken back by a call each, and both processes poll.
 *
 * The process sends from a thread of its own, which a write of TDT wakes. Both
 * ends being up is what a link is: while it is down, what is sent is dropped.
 */
#include "model/path/e1000.h"

#include "model/e1000/e1000_driver.h"
#include "model/mutant.h"
#include "model/path/path.h"

static struct e1000_process *process_of(const struct link *l, uint32_t end)
{
	return &((struct e1000_pair *)l->own)->process[end];
}

static struct e1000_process *of_device(struct e1000_device *d)
{
	return (struct e1000_process *)d; /* it is the first member */
}

/* A call of the process into its kernel. */
static void syscall_count(const struct e1000_process *p)
{
	cost_count(p->link->cost, COST_SYSCALL, 1);
}

static void tap_copy_count(const struct e1000_process *p, uint32_t len)
{
	syscall_count(p);
	cost_count(p->link->cost, COST_TAP_COPY, len != 0);
	cost_count(p->link->cost, COST_TAP_BYTE, len);
}

static bool tap_has_room(const struct tap *t, uint32_t len)
{
	return t->count < t->room && t->limit - t->used >= len;
}

static struct tap_frame *tap_frame(const struct tap *t, uint32_t k)
{
	return &t->frame[(t->first + k) % t->room];
}

static void tap_put(struct tap *t, const uint8_t *bytes, uint32_t len)
{
	struct tap_frame *f = tap_frame(t, t->count), *last;
	uint32_t at = 0;

	if (t->count) {
		last = tap_frame(t, t->count - 1);
		at = last->at + last->len;
	}
	if (len > t->size - at)
		at = 0; /* there is room: the rest is less than a frame */
	memcpy(t->bytes + at, bytes, len);
	*f = (struct tap_frame){at, len};
	t->count++;
	t->used += len;
}

static uint32_t tap_get(struct tap *t, uint8_t *bytes)
{
	const struct tap_frame *f = tap_frame(t, 0);

	memcpy(bytes, t->bytes + f->at, f->len);
	t->first = (t->first + 1) % t->room;
	t->count--;
	t->used -= f->len;
	return f->len;
}

/* A frame of the VM at @p, of @len bytes, goes no further. */
static void drop(const struct e1000_process *p, uint32_t len)
{
	probe_emit(p->link->probe, EV_DROP, queue_of_nic(p->device.nic, NET_TX),
		   CLAUSE_NONE, 0, len, 0);
}

/* Whoever waits for room at @p, which reads, or reads no more. */
static void wake_sender(struct e1000_process *p)
{
	const struct worker *w = p->peer->worker;

	if (w->parked && !MUTANT(E1000_TAP_SILENT))
		signal_raise(&p->peer->worker->signal, p->link->cost);
}

/* Bytes between guest and process: in its memory they lie at @at. */
static bool bounce(struct e1000_process *p, uint64_t gpa, uint64_t at,
		   uint32_t len, uint32_t queue)
{
	struct iov_copy m = {p->link->probe,   p->link->cost,
			     EV_HOST_READ,     EV_HOST_WRITE,
			     COST_BOUNCE_COPY, COST_BOUNCE_BYTE};
	struct ring_seg there = {.gpa = gpa, .len = len};
	struct ring_seg here = {.gpa = at, .len = len};
	struct cursor guest = {.mem = p->device.mem,
			       .seg = &there,
			       .count = 1,
			       .vm = p->device.vm,
			       .queue = queue_of_nic(p->device.nic, queue)};
	struct cursor own = {
		.mem = &p->mem, .seg = &here, .count = 1, .vm = NO_VM};

	return queue == NET_TX ? iov_copy_move(&m, &own, &guest, len)
			       : iov_copy_move(&m, &guest, &own, len);
}

static bool is_last(const struct e1000_tx *t)
{
	return t->word[0] & E1000_CMD_EOP;
}

/* What is too long, out of reach, or no legacy descriptor spoils the frame. */
static void out_fetch(struct e1000_process *p)
{
	uint32_t len;

	e1000_tx_fetch(&p->device, &p->tx);
	len = p->tx.word[0] & 0xffff;
	p->bad |= p->tx.word[0] & E1000_CMD_DEXT ||
		  len > p->max_frame - p->out_len;
	if (!p->bad) {
		p->bad = !bounce(p, p->tx.gpa, p->out_len, len, NET_TX);
		p->out_len += len;
	}
	p->out = is_last(&p->tx) ? OUT_WHOLE : OUT_DONE;
}

static void out_drop(struct e1000_process *p)
{
	drop(p, p->out_len);
	p->worker->parked = p->worker->timed = false;
	p->out = OUT_DONE;
}

/* Waits, if there is no room; false then. */
static bool out_write(struct e1000_process *p)
{
	struct e1000_process *to = p->peer;

	if (p->bad || !(p->device.reg[E1000_ROW_STATUS] & E1000_STATUS_LU) ||
	    !e1000_rx_wants(&to->device, p->out_len)) {
		out_drop(p);
		return true;
	}
	if (!tap_has_room(&to->tap, p->out_len)) {
		p->worker->parked = true;
		return false;
	}
	tap_put(&to->tap, p->window.base, p->out_len);
	tap_copy_count(p, p->out_len);
	signal_raise(&to->worker->signal, p->link->cost);
	p->worker->parked = p->worker->timed = false;
	p->out = OUT_DONE;
	return true;
}

static void out_end(struct e1000_process *p)
{
	if (e1000_tx_done(&p->device, &p->tx))
		p->causes |= E1000_TXDW;
	if (is_last(&p->tx)) {
		p->out_len = 0;
		p->bad = false;
	}
	p->out = OUT_NONE;
}

/* The next thing to do with what is sent; false: there is none. */
static bool out_act(struct e1000_process *p)
{
	struct worker *w = p->worker;

	if (w->late && w->parked) {
		w->late = false;
		out_drop(p);
		return true;
	}
	w->late = false;
	switch ((enum e1000_out)p->out) {
	case OUT_WHOLE:
		return out_write(p);
	case OUT_DONE:
		out_end(p);
		return true;
	default:
		if (!e1000_tx_ready(&p->device))
			return false;
		out_fetch(p);
		return true;
	}
}

/* For a frame without descriptors the driver is told once, and it waits. */
static bool in_read(struct e1000_process *p)
{
	const struct e1000_device *d = &p->device;
	uint32_t len = p->tap.count ? tap_frame(&p->tap, 0)->len : 0;

	if (!p->tap.count || !e1000_rx_wants(d, 0))
		return false;
	if (e1000_rx_wants(d, len) && !e1000_rx_fits(d, len)) {
		if (p->starved)
			return false;
		p->starved = true;
		p->causes |= E1000_RXO;
		return true;
	}
	p->in_len = tap_get(&p->tap, p->window.base + p->max_frame);
	tap_copy_count(p, p->in_len);
	p->starved = false;
	p->in = IN_READ;
	wake_sender(p);
	return true;
}

/* The driver may have turned to something else since the frame was read. */
static void in_fill(struct e1000_process *p)
{
	uint32_t count = e1000_rx_buffers(&p->device, p->in_len), off = 0;
	uint32_t size = e1000_buffer_size(p->device.reg[E1000_ROW_RCTL]);

	p->in = IN_NONE;
	if (!e1000_rx_wants(&p->device, p->in_len) ||
	    !e1000_rx_fits(&p->device, p->in_len)) {
		drop(p->peer, p->in_len);
		return;
	}
	for (uint32_t k = 0; k < count; k++, off += size) {
		uint32_t left = p->in_len - off;
		uint64_t gpa = e1000_rx_fetch(&p->device, k);

		bounce(p, gpa, p->max_frame + off, left < size ? left : size,
		       NET_RX);
	}
	p->in = IN_FILLED;
}

static bool in_act(struct e1000_process *p)
{
	switch ((enum e1000_in)p->in) {
	case IN_READ:
		in_fill(p);
		return true;
	case IN_FILLED:
		e1000_rx_done(&p->device, p->in_len);
		p->causes |= E1000_RXT0;
		p->in = IN_NONE;
		return true;
	default:
		return in_read(p);
	}
}

static bool tell_act(struct e1000_process *p)
{
	uint32_t causes = p->causes;

	p->causes = 0;
	if (causes)
		e1000_cause(&p->device, causes);
	return causes;
}

static bool (*const act[])(struct e1000_process *p) = {
	[E1000_PROCESS_SEND] = out_act,
	[E1000_PROCESS_RECEIVE] = in_act,
	[E1000_PROCESS_TELL] = tell_act,
};

/* What was begun in a phase is brought to its end there. */
static bool is_amid(const struct e1000_process *p, uint32_t phase)
{
	return phase == E1000_PROCESS_SEND ? p->out != OUT_NONE
					   : p->in != IN_NONE;
}

/* From where the last step ended; false: it ends before the pass is over. */
static bool pass_run(struct e1000_process *p, bool one)
{
	uint8_t *phase = &p->worker->phase;
	uint32_t most = 3 * p->link->burst; /* each frame has three acts */

	for (; *phase < E1000_PROCESS_PHASES; ++*phase) {
		bool acted = act[*phase](p);

		for (uint32_t n = 1; acted && !one && n < most; n++)
			if (!act[*phase](p))
				break;
		p->worker->acted |= acted;
		if (!acted || !one)
			continue;
		*phase += !is_amid(p, *phase);
		return *phase == E1000_PROCESS_PHASES;
	}
	return true;
}

/* When it has nothing to do, it polls: one call more. */
static enum step_end step(struct part *part, bool one, bool expired,
			  uint64_t *wait_ps)
{
	struct worker *w = (struct worker *)part; /* it is the first member */
	struct e1000_process *p = process_of(w->link, w->end);
	bool more;

	worker_expire(w, expired);
	if (!pass_run(p, one))
		return STEP_MORE;
	more = w->acted || w->late;
	w->phase = E1000_PROCESS_SEND;
	w->acted = false;
	if (more)
		return STEP_MORE;
	if (!p->link->cfg->host_poll)
		syscall_count(p);
	return worker_lie_down(w, wait_ps);
}

static const struct part_ops process_ops = {
	.step = step,
	.midway = worker_midway,
	.timed = worker_timed,
};

static bool notification_dropped(const struct e1000_process *p, bool call)
{
	const struct link *l = p->link;

	return l->drop_notification &&
	       l->drop_notification(l->drop_to, p->device.nic, call);
}

static void interrupt(struct e1000_process *p)
{
	struct vm *vm = p->link->nic[p->worker->end].vm;

	if (vm->crashed)
		return;
	interrupt_count_level(p->link->interrupts, p->link->cfg, vm,
			      p->device.nic, VECTOR_QUEUE, p->link->cost);
	vm->interrupt(vm, message_id(p->device.nic, VECTOR_QUEUE));
	signal_raise(&vm->signal, p->link->cost);
}

static void on_line(struct e1000_device *d, bool up)
{
	syscall_count(of_device(d));
	if (up && !notification_dropped(of_device(d), true))
		interrupt(of_device(d));
}

static void on_work(struct e1000_device *d)
{
	struct e1000_process *p = of_device(d);

	if (!notification_dropped(p, false))
		signal_raise(&p->worker->signal, p->link->cost);
}

static void on_switched(struct e1000_device *d)
{
	link_publish(of_device(d)->link);
}

static void on_reset(struct e1000_device *d)
{
	struct e1000_process *p = of_device(d);

	wake_sender(p);
	p->tap.first = p->tap.count = p->tap.used = 0;
	p->out = OUT_NONE;
	p->in = IN_NONE;
	p->out_len = p->causes = 0;
	p->bad = p->starved = false;
	worker_forget(p->worker);
}

static const struct e1000_device_ops device_ops = {
	.line = on_line,
	.work = on_work,
	.switched = on_switched,
	.reset = on_reset,
};

static const struct guest_driver_ops *driver(uint32_t end)
{
	(void)end;
	return &e1000_driver_ops;
}

static void *device(const struct link *l, uint32_t end)
{
	return &process_of(l, end)->device;
}

static bool runs(const struct link *l, uint32_t end)
{
	return e1000_runs(&process_of(l, end)->device);
}

static void publish(struct link *l, bool up)
{
	for (uint32_t end = 0; end < 2; end++)
		e1000_link(&process_of(l, end)->device, up);
}

static void kick(struct nic *n, uint32_t queue)
{
	(void)queue; /* the process looks at both */
	signal_raise(&n->link->worker[n->end].signal, n->link->cost);
}

static void call(struct link *l, uint32_t end)
{
	interrupt(process_of(l, end));
}

static void crash(struct link *l, uint32_t end)
{
	e1000_device_reset(&process_of(l, end)->device);
}

static const uint32_t register_at[] = {
#define E1000_REG(id, at, stores) at,
#include "model/e1000/e1000_regs.def"
#undef E1000_REG
};

static void register_write(struct link *l, uint32_t end, uint32_t at,
			   uint32_t value)
{
	e1000_write(&process_of(l, end)->device, at, value);
}

static const struct path_registers registers = {
	.at = register_at,
	.count = E1000_ROWS,
	.write = register_write,
};

static uint32_t tap_room(const struct link_config *cfg)
{
	return cfg->ring.size < TAP_FRAMES_MAX ? cfg->ring.size
					       : (uint32_t)TAP_FRAMES_MAX;
}

static size_t arena_size(const struct link_config *cfg)
{
	size_t frames = 2 + TAP_LONG_FRAMES + 1;

	return sizeof(struct e1000_pair) + 256 +
	       2 * (frames * cfg->max_frame +
		    tap_room(cfg) * sizeof(struct tap_frame) + 256);
}

static void process_begin(struct e1000_process *p, struct link *l, uint32_t end,
			  struct arena *arena)
{
	const struct nic *n = &l->nic[end];
	uint32_t most = l->cfg->max_frame;

	p->device = (struct e1000_device){
		.ops = &device_ops,
		.probe = l->probe,
		.cost = l->cost,
		.mem = &n->vm->mem,
		.nic = n->number,
		.vm = (uint16_t)n->vm->id,
		.mac = {2, 0, 0, 0, 0, (uint8_t)(n->vm->id + 1)},
	};
	e1000_device_init(&p->device);
	p->link = l;
	p->worker = &l->worker[end];
	p->peer = process_of(l, !end);
	p->tap = (struct tap){
		.size = (TAP_LONG_FRAMES + 1) * most,
		.limit = TAP_LONG_FRAMES * most,
		.room = tap_room(l->cfg),
	};
	p->tap.bytes = arena_new(arena, uint8_t, p->tap.size);
	p->tap.frame = arena_new(arena, struct tap_frame, p->tap.room);
	p->max_frame = most;
	p->window = (struct gmem_window){
		.size = 2 * (uint64_t)most,
		.base = arena_new(arena, uint8_t, 2 * (size_t)most)};
	p->mem = (struct gmem){.window = &p->window, .count = 1, .room = 1};
}

static void begin(struct link *l, const struct link_setup *s,
		  struct arena *arena)
{
	(void)s;
	l->own = arena_new(arena, struct e1000_pair, 1);
	for (uint32_t end = 0; end < 2; end++)
		process_begin(process_of(l, end), l, end, arena);
}

static void tap_canon(const struct tap *t, struct canon *f,
		      const struct packet_senders *from)
{
	canon_u32(f, t->count);
	for (uint32_t k = 0; k < t->count; k++) {
		const struct tap_frame *frame = tap_frame(t, k);

		canon_u32(f, frame->len);
		packet_frame_canon(from, f, t->bytes + frame->at, frame->len);
	}
}

static void process_canon(const struct e1000_process *p, struct canon *f,
			  const struct packet_senders *own,
			  const struct packet_senders *other)
{
	e1000_device_canon(&p->device, f);
	canon_u8(f, p->out);
	canon_u8(f, p->in);
	canon_u32(f, p->causes);
	canon_flags(f, p->bad, p->starved);
	canon_u32(f, p->out_len);
	if (p->out != OUT_NONE) {
		canon_u32(f, p->tx.word[0]);
		canon_u32(f, p->tx.word[1]);
	}
	if (p->out_len && !(p->out == OUT_DONE && is_last(&p->tx)))
		packet_frame_canon(own, f, p->window.base, p->out_len);
	if (p->in != IN_NONE) {
		canon_u32(f, p->in_len);
		packet_frame_canon(other, f, p->window.base + p->max_frame,
				   p->in_len);
	}
	tap_canon(&p->tap, f, other);
}

static void canon(const struct link *l, struct canon *f)
{
	struct packet_senders from[2];

	for (uint32_t end = 0; end < 2; end++)
		from[end] = (struct packet_senders){
			.link = l->index,
			.nic = l->nic[end].number,
			.first = l->nic[0].number,
			.members = l->cfg->members,
			.vm = l->cfg->end,
		};
	for (uint32_t end = 0; end < 2; end++)
		process_canon(process_of(l, end), f, &from[end], &from[!end]);
}

const struct path_ops path_e1000 = {
	.name = "e1000",
	.words = "a process at each end emulates an 82540EM, with taps between "
		 "them",
	.members_min = 2,
	.members_max = 2,
	.party = PARTY_EMULATOR,
	.driver = driver,
	.device = device,
	.registers = &registers,
	.process = &process_ops,
	.arena = arena_size,
	.begin = begin,
	.runs = runs,
	.publish = publish,
	.kick = kick,
	.call = call,
	.crash = crash,
	.canon = canon,
};
