/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/crew.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	WORDS_LEARNT_MAX = 4096,
	SPINS = 1 << 12 /* looks that are cheaper than to sleep and be woken */
};

/* One who waits for his turn, and who gives it to him. */
struct turn {
	_Alignas(SHARE_LINE) uint32_t given; /* how often */
	uint32_t sleeps;                     /* somebody must be woken */
};

struct crew_head {
	struct turn work[JOBS_MAX], done[JOBS_MAX]; /* by worker */
	_Alignas(SHARE_LINE) bool failed;
	bool learnt;
	enum round_task task;
	uint32_t words_learnt;
	uint32_t word[WORDS_LEARNT_MAX];    /* that turned out to change */
	_Alignas(SHARE_LINE) uint32_t next; /* batch that nobody has taken */
};

/* Tells the others which words have changed here for the first time. */
static void learnt_tell(struct crew *c)
{
	struct crew_head *h = c->head;
	const struct subject *s = c->e->answers.s;

	for (uint32_t i = c->e->answers.cells.words; i < s->words; i++) {
		uint32_t at = __atomic_fetch_add(&h->words_learnt, 1,
						 __ATOMIC_RELAXED);

		if (at < WORDS_LEARNT_MAX)
			h->word[at] = subject_word_at(s, i);
	}
	h->learnt = true;
}

/* All give them the same numbers. */
static bool learnt_take(struct crew *c, bool memo)
{
	struct crew_head *h = c->head;
	struct subject *s = c->e->answers.s;

	if (h->words_learnt > WORDS_LEARNT_MAX)
		return false;
	subject_words_cut(s, c->e->answers.cells.words);
	for (; c->words_taken < h->words_learnt; c->words_taken++)
		subject_word_add(s, h->word[c->words_taken]);
	c->e->answers.learnt = false;
	return answers_widen(&c->e->answers, memo);
}

bool crew_learn(struct crew *c)
{
	c->head->learnt = false;
	return learnt_take(c, true);
}

/* Takes batches as long as there are any. */
static void batches_do(struct crew *c, uint32_t worker)
{
	struct crew_head *h = c->head;
	uint32_t parts = round_parts(c->round, h->task);

	if (h->task == ROUND_LOOK)
		round_forget(c->round, worker);
	while (!h->failed && !h->learnt) {
		uint32_t n = __atomic_fetch_add(&h->next, 1, __ATOMIC_RELAXED);

		if (n >= parts)
			return;
		round_do(c->round, h->task, worker, n);
		if (c->e->answers.learnt)
			learnt_tell(c);
		if (c->e->answers.failed)
			h->failed = true;
	}
}

static bool turn_came(const struct turn *t, uint32_t seen)
{
	return __atomic_load_n(&t->given, __ATOMIC_SEQ_CST) != seen;
}

/* If the other sleeps, a byte wakes him. False: he is no more. */
static bool turn_give(struct turn *t, int line)
{
	char byte = 0;

	__atomic_fetch_add(&t->given, 1, __ATOMIC_SEQ_CST);
	return !__atomic_load_n(&t->sleeps, __ATOMIC_SEQ_CST) ||
	       send(line, &byte, 1, MSG_NOSIGNAL) == 1;
}

/*
 * Most turns come soon. A byte that was sent to one who had just seen his turn
 * wakes him once too early, later. False: the other is no more.
 */
static bool turn_wait(struct turn *t, uint32_t *seen, int line)
{
	ssize_t n = 1;
	char byte;

	for (uint32_t i = 0; i < SPINS && !turn_came(t, *seen); i++)
		share_pause();
	while (n == 1 && !turn_came(t, *seen)) {
		__atomic_store_n(&t->sleeps, 1, __ATOMIC_SEQ_CST);
		while (!turn_came(t, *seen)) {
			n = recv(line, &byte, 1, 0);
			if (n == 0 || (n < 0 && errno != EINTR))
				break;
			n = 1;
		}
		__atomic_store_n(&t->sleeps, 0, __ATOMIC_SEQ_CST);
	}
	*seen += n == 1;
	return n == 1;
}

static void __attribute__((noreturn))
work(struct crew *c, uint32_t worker, int line)
{
	uint32_t seen = 0;

	signal(SIGINT, SIG_IGN);
	for (uint32_t i = 1; i < worker; i++)
		close(c->line[i]);
	while (turn_wait(&c->head->work[worker], &seen, line)) {
		if (!learnt_take(c, false))
			c->head->failed = true;
		batches_do(c, worker);
		turn_give(&c->head->done[worker], line);
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

bool crew_open(struct crew *c, struct round *r)
{
	uint32_t jobs = r->workers;

	assert(jobs > 0 && jobs <= JOBS_MAX);
	*c = (struct crew){.e = r->e, .round = r, .jobs = jobs};
	c->head = share_map(sizeof *c->head, jobs > 1);
	if (!c->head)
		return false;
	for (uint32_t i = 1; i < jobs; i++)
		if (!worker_begin(c, i))
			return false;
	return true;
}

void crew_dismiss(struct crew *c)
{
	for (uint32_t i = 1; i < c->jobs; i++)
		if (c->pid[i] > 0)
			close(c->line[i]); /* the end, as it is read there */
}

void crew_close(struct crew *c)
{
	for (uint32_t i = 1; i < c->jobs; i++)
		if (c->pid[i] > 0)
			waitpid(c->pid[i], NULL, 0);
	share_unmap(c->head, sizeof *c->head);
	*c = (struct crew){0};
}

bool crew_do(struct crew *c, enum round_task task)
{
	struct crew_head *h = c->head;
	/* A batch or two are done before anybody else has woken up. */
	bool alone = c->jobs == 1 || round_parts(c->round, task) <= 2;

	h->task = task;
	h->next = 0;
	for (uint32_t i = 1; i < c->jobs && !alone; i++)
		h->failed |= !turn_give(&h->work[i], c->line[i]);
	batches_do(c, 0);
	for (uint32_t i = 1; i < c->jobs && !alone; i++)
		h->failed |= !turn_wait(&h->done[i], &c->seen[i], c->line[i]);
	c->e->answers.failed |= h->failed;
	c->e->answers.learnt |= h->learnt;
	return !c->e->answers.failed && !c->e->answers.learnt;
}
