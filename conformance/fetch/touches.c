/* SPDX-License-Identifier: BSD-3-Clause */
/* Every access to memory while a step is done, as the compiler tells. */
#include "conformance/fetch/fetch_once.h"

struct word *word_of(uint8_t *at)
{
	uint32_t i = (uint32_t)((uintptr_t)at >> 1) * 2654435761u % WORDS;

	while (f.word[i].step == f.step && f.word[i].at != at)
		i = (i + 1) % WORDS;
	if (f.word[i].step != f.step)
		f.word[i] = (struct word){.at = at, .step = f.step};
	return &f.word[i];
}

static void word_note(uint8_t *at, bool write)
{
	struct word *w = word_of(at);

	if (w->reads == WROTE)
		return;
	if (write) {
		w->reads = WROTE;
		return;
	}
	if (w->unit != f.unit)
		w->again = 0;
	w->unit = f.unit;
	w->reads++;
	if (++w->again == 2 && f.twices < TWICE)
		f.twice[f.twices++] = (struct twice){at, w->reads - 1};
}

/* The word that was read before this is changed now. */
static void change_now(void)
{
	if (!f.pending)
		return;
	f.pending = false;
	word_store(f.target, f.value);
}

/* A read of some bytes, while one word of them is about to change. */
static void armed_look(const uint8_t *at, size_t size, const void *reader)
{
	if (f.target + 1 < at || f.target >= at + size)
		return;
	if (f.reads > 1) {
		f.reads--;
		return;
	}
	if (f.reads == 1) {
		f.reads = 0;
		f.reader[0] = reader;
		f.pending = f.change != CHANGE_BEHIND;
		if (f.change == CHANGE_BEFORE)
			change_now();
	} else if (!f.reader[1]) {
		f.reader[1] = reader;
		f.pending = f.change == CHANGE_BEHIND;
	}
}

/* Whether a chain or an element is taken by writing here. */
static bool is_progress(const uint8_t *at, size_t size)
{
	for (uint32_t i = 0; i < f.indexes; i++)
		if ((size_t)((const uint8_t *)f.index[i] - at) < size)
			return true;
	return false;
}

/* Whether a device half turns to another chain by reading here. */
static bool is_next_chain(const uint8_t *at)
{
	if (at == f.entry)
		return false;
	for (uint32_t i = 0; i < f.rings; i++)
		if ((size_t)(at - f.entries[i].at) < f.entries[i].size) {
			f.entry = at;
			return true;
		}
	return false;
}

static void touch(const volatile void *p, size_t size, bool write,
		  const void *reader)
{
	uint8_t *at = (uint8_t *)(uintptr_t)p;

	if (f.armed) {
		change_now();
		if (!write && !f.app)
			armed_look(at, size, reader);
		return;
	}
	if (!f.looks || f.app)
		return;
	if (write ? is_progress(at, size) : is_next_chain(at))
		f.unit++;
	if (!area_of(at))
		return;
	for (uintptr_t k = (uintptr_t)at & ~(uintptr_t)1;
	     k < (uintptr_t)at + size; k += 2)
		word_note((uint8_t *)k, write);
}

/* Told apart by who reads: the function that the compiler's call stands in. */
#define accessed(at, size, write) \
	touch(at, size, write, __builtin_return_address(0))
#define accessed_range accessed
#include "sim/explore/sut/access_calls.h"
ACCESS_LIBRARY(__wrap_, __real_)

/*
 * Applications hash what they are given, by words that overlap. What they make
 * of bytes that change is theirs to know.
 */
extern const struct app_ops __real_app_ops, __wrap_app_ops;

static enum app_answer wrap_peek(void *to, uint32_t nic, struct app_packet *out,
				 uint64_t *wait_ps)
{
	return __real_app_ops.peek(to, nic, out, wait_ps);
}

static void wrap_taken(void *to, uint32_t nic, bool refused)
{
	__real_app_ops.taken(to, nic, refused);
}

static uint32_t wrap_fill(void *to, uint32_t nic, const struct app_buffers *at,
			  struct app_batch *out)
{
	return __real_app_ops.fill(to, nic, at, out);
}

static void wrap_deliver(void *to, uint32_t nic,
			 const struct app_segment *piece, uint32_t count,
			 uint32_t len)
{
	f.app++;
	__real_app_ops.deliver(to, nic, piece, count, len);
	f.app--;
}

static void wrap_arrive(void *to, uint32_t nic, const struct app_buffers *in,
			const uint32_t *len)
{
	f.app++;
	__real_app_ops.arrive(to, nic, in, len);
	f.app--;
}

const struct app_ops __wrap_app_ops = {
	.peek = wrap_peek,
	.taken = wrap_taken,
	.fill = wrap_fill,
	.arrive = wrap_arrive,
	.deliver = wrap_deliver,
};
