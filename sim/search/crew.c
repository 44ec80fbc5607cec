/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/crew.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_LEARNT_MAX = 4096 };

#define OUT_WORDS (UINT64_C(1) << 30)

/* Where one batch's findings are. */
struct batch {
	uint32_t worker;
	uint64_t at;
};

struct crew_head {
	bool failed, learnt;
	uint32_t side;
	uint64_t first, count;
	uint32_t next; /* batch that nobody has taken */
	struct batch batch[ROUND_BATCHES_MAX];
	uint32_t words_learnt;
	uint32_t word[WORDS_LEARNT_MAX]; /* that turned out to change */
};

/* Tells the others which words have changed here for the first time. */
static void learnt_tell(struct crew *c)
{
	struct crew_head *h = c->head;
	const struct subject *s = c->e->s;

	for (uint32_t i = c->e->cells; i < s->cells; i++) {
		uint32_t at = __atomic_fetch_add(&h->words_learnt, 1,
						 __ATOMIC_RELAXED);

		if (at < WORDS_LEARNT_MAX)
			h->word[at] = subject_cell_word(s, i);
	}
	h->learnt = true;
}

/* All give them the same numbers. */
static bool learnt_take(struct crew *c, bool memo)
{
	struct crew_head *h = c->head;
	struct subject *s = c->e->s;

	if (h->words_learnt > WORDS_LEARNT_MAX)
		return false;
	subject_cells_cut(s, c->e->cells);
	for (; c->words_taken < h->words_learnt; c->words_taken++)
		subject_cell_add(s, h->word[c->words_taken]);
	c->e->learnt = false;
	return expand_widen(c->e, memo);
}

bool crew_learn(struct crew *c)
{
	c->head->learnt = false;
	return learnt_take(c, true);
}

static bool batch_look(struct crew *c, uint32_t worker, uint32_t n)
{
	struct crew_head *h = c->head;
	struct share_pool *out = &c->out[worker];
	uint64_t first = (uint64_t)n * BATCH_STATES;
	uint64_t last = first + BATCH_STATES;

	if (last > h->count)
		last = h->count;
	h->batch[n] = (struct batch){worker, *out->used};
	for (uint64_t i = first; i < last; i++) {
		uint64_t words;

		if (out->size - *out->used < expand_words_max(c->e)) {
			c->e->failed = true;
			return false;
		}
		words = expand_state(c->e,
				     layer_at(&c->layer[h->side], h->first + i),
				     &out->word[*out->used]);
		*out->used += words;
		if (!words)
			return false;
	}
	return true;
}

static void batches_look(struct crew *c, uint32_t worker)
{
	struct crew_head *h = c->head;
	uint32_t batches =
		(uint32_t)((h->count + BATCH_STATES - 1) / BATCH_STATES);

	*c->out[worker].used = 0;
	while (!h->failed && !h->learnt) {
		uint32_t n = __atomic_fetch_add(&h->next, 1, __ATOMIC_RELAXED);

		if (n >= batches)
			return;
		batch_look(c, worker, n);
		if (c->e->learnt)
			learnt_tell(c);
		h->failed |= c->e->failed;
	}
}

/* A byte says that it is the other's turn. False: the other is no more. */
static bool turn_give(int line)
{
	char byte = 0;

	return send(line, &byte, 1, MSG_NOSIGNAL) == 1;
}

static bool turn_wait(int line)
{
	char byte;
	ssize_t n;

	do
		n = recv(line, &byte, 1, 0);
	while (n < 0 && errno == EINTR);
	return n == 1;
}

static void __attribute__((noreturn))
work(struct crew *c, uint32_t worker, int line)
{
	signal(SIGINT, SIG_IGN);
	for (uint32_t i = 1; i < worker; i++)
		close(c->line[i]);
	while (turn_wait(line)) {
		c->head->failed |= !learnt_take(c, false);
		batches_look(c, worker);
		turn_give(line);
	}
	_exit(0);
}

static bool worker_begin(struct crew *c, uint32_t worker)
{
	int line[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, line) != 0)
		return false;
	c->line[worker] = line[0];
	c->pid[worker] = fork();
	if (c->pid[worker] == 0) {
		close(line[0]);
		work(c, worker, line[1]);
	}
	close(line[1]);
	return c->pid[worker] > 0;
}

bool crew_open(struct crew *c, struct expand *e, const struct layer *layer,
	       uint32_t jobs)
{
	assert(jobs > 0 && jobs <= JOBS_MAX);
	*c = (struct crew){.e = e, .layer = layer, .jobs = jobs};
	c->head = share_map(sizeof *c->head, jobs > 1);
	if (!c->head)
		return false;
	for (uint32_t i = 0; i < jobs; i++)
		if (!share_pool_open(&c->out[i], OUT_WORDS, jobs > 1))
			return false;
	for (uint32_t i = 1; i < jobs; i++)
		if (!worker_begin(c, i))
			return false;
	return true;
}

void crew_close(struct crew *c)
{
	for (uint32_t i = 1; i < c->jobs; i++) {
		if (c->pid[i] <= 0)
			continue;
		close(c->line[i]); /* the end, as it is read there */
		waitpid(c->pid[i], NULL, 0);
	}
	for (uint32_t i = 0; i < c->jobs; i++)
		share_pool_close(&c->out[i]);
	share_unmap(c->head, sizeof *c->head);
	*c = (struct crew){0};
}

bool crew_round(struct crew *c, uint32_t side, uint64_t first, uint64_t count)
{
	struct crew_head *h = c->head;

	assert(count <= crew_round_states(c));
	h->side = side;
	h->first = first;
	h->count = count;
	h->next = 0;
	for (uint32_t i = 1; i < c->jobs; i++)
		h->failed |= !turn_give(c->line[i]);
	batches_look(c, 0);
	for (uint32_t i = 1; i < c->jobs; i++)
		h->failed |= !turn_wait(c->line[i]);
	c->e->failed |= h->failed;
	c->e->learnt |= h->learnt;
	return !c->e->failed && !c->e->learnt;
}

const uint64_t *crew_found(const struct crew *c, uint32_t n)
{
	const struct batch *b = &c->head->batch[n];

	return &c->out[b->worker].word[b->at];
}
