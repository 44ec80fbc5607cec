/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/bfs/worker_pool.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "sim/system/child.h"

enum {
	WORDS_LEARNT_MAX = 4096,
	SPINS = 1 << 12, /* looks that are cheaper than to sleep and be woken */
	PATIENCE_US = 500000, /* between two looks whether all are alive */
	DEATH_LOOKS = 2000    /* at one that has closed its line */
};

/* One who waits for his turn, and who gives it to him. */
struct turn {
	_Alignas(SHARED_LINE) uint32_t given; /* how often */
	uint32_t sleeps;                      /* somebody must be woken */
};

struct worker_pool_head {
	struct turn work[JOBS_MAX], done[JOBS_MAX]; /* by worker */
	_Alignas(SHARED_LINE) bool failed;
	bool learnt;
	bool stopped; /* somebody asked to end */
	enum round_task task;
	uint32_t words_learnt;
	uint32_t word[WORDS_LEARNT_MAX];     /* that turned out to change */
	_Alignas(SHARED_LINE) uint32_t next; /* batch that nobody has taken */
};

/* Tells the others which words have changed here for the first time. */
static void learnt_tell(struct worker_pool *c)
{
	struct worker_pool_head *h = c->head;
	const struct sut *s = c->e->cache.s;

	for (uint32_t i = c->e->cache.variables.words; i < s->words; i++) {
		uint32_t at = __atomic_fetch_add(&h->words_learnt, 1,
						 __ATOMIC_RELAXED);

		if (at < WORDS_LEARNT_MAX)
			h->word[at] = sut_word_at(s, i);
	}
	h->learnt = true;
}

/* All give them the same numbers. */
static bool learnt_take(struct worker_pool *c, bool trie)
{
	struct worker_pool_head *h = c->head;
	struct sut *s = c->e->cache.s;

	if (h->words_learnt > WORDS_LEARNT_MAX)
		return false;
	sut_words_cut(s, c->e->cache.variables.words);
	for (; c->words_taken < h->words_learnt; c->words_taken++)
		sut_word_add(s, h->word[c->words_taken]);
	c->e->cache.learnt = false;
	return cache_widen(&c->e->cache, trie);
}

bool worker_pool_learn(struct worker_pool *c)
{
	c->head->learnt = false;
	return learnt_take(c, true);
}

/* Whether no batch is to be begun any more; looking at states is what takes. */
static bool ends_early(const struct worker_pool *c)
{
	struct worker_pool_head *h = c->head;

	if (c->stop && *c->stop && h->task == ROUND_LOOK)
		h->stopped = true;
	return h->failed || h->learnt || h->stopped;
}

/* Takes batches as long as there are any. */
static void batches_do(struct worker_pool *c, uint32_t worker)
{
	struct worker_pool_head *h = c->head;
	uint32_t parts = round_parts(c->round, h->task);

	if (h->task == ROUND_LOOK)
		round_forget(c->round, worker);
	while (!ends_early(c)) {
		uint32_t n = __atomic_fetch_add(&h->next, 1, __ATOMIC_RELAXED);

		if (n >= parts)
			return;
		round_do(c->round, h->task, worker, n);
		if (c->e->cache.learnt)
			learnt_tell(c);
		if (c->e->cache.failed)
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

/* Whether a worker has ended that nobody has dismissed. */
static bool any_dead(const struct worker_pool *c)
{
	bool dead = false;

	for (uint32_t i = 1; i < c->jobs; i++)
		dead |= child_is_dead(c->pid[i]);
	return dead;
}

/* Sleeps until a byte comes. False: it never will. */
static bool byte_wait(const struct worker_pool *c, int line)
{
	for (;;) {
		char byte;
		ssize_t n = recv(line, &byte, 1, 0);

		if (n == 1)
			return true;
		if (n == 0 || (errno != EINTR && errno != EAGAIN))
			return false;
		if (errno == EAGAIN && any_dead(c))
			return false; /* whom the other may wait for */
	}
}

/*
 * Spins first, since most turns come soon. A byte that arrives when its turn
 * has been seen already costs one spurious wake-up later. False: the other
 * process has ended.
 */
static bool turn_wait(const struct worker_pool *c, struct turn *t,
		      uint32_t *seen, int line)
{
	bool good = true;

	for (uint32_t i = 0; i < SPINS && !turn_came(t, *seen); i++)
		shared_arena_pause();
	while (good && !turn_came(t, *seen)) {
		__atomic_store_n(&t->sleeps, 1, __ATOMIC_SEQ_CST);
		while (good && !turn_came(t, *seen))
			good = byte_wait(c, line);
		__atomic_store_n(&t->sleeps, 0, __ATOMIC_SEQ_CST);
	}
	*seen += good;
	return good;
}

static void __attribute__((noreturn))
work(struct worker_pool *c, uint32_t worker, int line)
{
	uint32_t seen = 0;

	for (uint32_t i = 1; i < worker; i++)
		close(c->line[i]);
	memset(c->pid, 0, sizeof c->pid); /* no children of this one */
	c->e->visited->lost = NULL;
	c->stop = NULL;
	while (turn_wait(c, &c->head->work[worker], &seen, line)) {
		if (!learnt_take(c, false))
			c->head->failed = true;
		batches_do(c, worker);
		turn_give(&c->head->done[worker], line);
	}
	_exit(0);
}

/* One end of a line, at which it is looked now and then who is alive. */
static void line_look(int line)
{
	const struct timeval look = {.tv_usec = PATIENCE_US};

	setsockopt(line, SOL_SOCKET, SO_RCVTIMEO, &look, sizeof look);
}

static bool worker_begin(struct worker_pool *c, uint32_t worker)
{
	int line[2], problem;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, line) != 0)
		return false;
	c->pid[worker] = child_begin();
	if (c->pid[worker] == 0) {
		close(line[0]);
		work(c, worker, line[1]);
	}
	problem = errno;
	close(line[1]);
	if (c->pid[worker] < 0) {
		close(line[0]);
		errno = problem;
		return false;
	}
	line_look(line[0]);
	c->line[worker] = line[0];
	return true;
}

/* What happened first is said; the rest comes of it. */
static void trouble_tell(struct worker_pool *c, uint32_t worker,
			 const char *what)
{
	if (!*c->trouble)
		snprintf(c->trouble, POOL_TROUBLE, "process %u of %u %s",
			 worker + 1, c->jobs, what);
}

/*
 * One is no more, or about to be, and others may wait for it for ever. Always
 * false.
 */
static bool all_lost(struct worker_pool *c)
{
	char words[CHILD_WORDS];
	int status;

	c->head->failed = true;
	for (uint32_t n = 0; n < DEATH_LOOKS && !any_dead(c); n++)
		child_moment();
	for (uint32_t i = 1; i < c->jobs; i++)
		if (child_is_dead(c->pid[i]) &&
		    child_ended(c->pid[i], true, &status)) {
			trouble_tell(c, i,
				     child_words(status, words, sizeof words));
			close(c->line[i]);
			c->pid[i] = 0;
		}
	for (uint32_t i = 1; i < c->jobs; i++)
		child_kill(c->pid[i]);
	return false;
}

static bool on_lost(void *pool)
{
	return any_dead(pool) && !all_lost(pool);
}

bool worker_pool_open(struct worker_pool *c, struct round *r,
		      const volatile sig_atomic_t *stop, char *trouble)
{
	uint32_t jobs = r->workers;
	char words[CHILD_WORDS];

	assert(jobs > 0 && jobs <= JOBS_MAX);
	*c = (struct worker_pool){.e = r->e,
				  .round = r,
				  .jobs = jobs,
				  .stop = stop,
				  .trouble = trouble};
	c->head = shared_arena_map(sizeof *c->head, jobs > 1);
	if (!c->head)
		return false;
	c->e->visited->lost = on_lost;
	c->e->visited->lost_to = c;
	for (uint32_t i = 1; i < jobs; i++)
		if (!worker_begin(c, i)) {
			snprintf(words, sizeof words, "cannot be started: %s",
				 strerror(errno));
			trouble_tell(c, i, words);
			return false;
		}
	return true;
}

void worker_pool_dismiss(struct worker_pool *c)
{
	for (uint32_t i = 1; i < c->jobs; i++)
		if (c->pid[i] > 0)
			close(c->line[i]); /* the end, as it is read there */
}

void worker_pool_close(struct worker_pool *c)
{
	int status;

	for (uint32_t i = 1; i < c->jobs; i++)
		if (c->pid[i] > 0)
			child_ended(c->pid[i], true, &status);
	shared_arena_unmap(c->head, sizeof *c->head);
	*c = (struct worker_pool){0};
}

bool worker_pool_stopped(const struct worker_pool *c)
{
	return c->head->stopped;
}

bool worker_pool_do(struct worker_pool *c, enum round_task task)
{
	struct worker_pool_head *h = c->head;
	/* A batch or two are done before anybody else has woken up. */
	bool alone = c->jobs == 1 || round_parts(c->round, task) <= 2;
	bool good = !h->failed;

	h->task = task;
	h->next = 0;
	for (uint32_t i = 1; i < c->jobs && !alone && good; i++)
		good = turn_give(&h->work[i], c->line[i]) || all_lost(c);
	if (good)
		batches_do(c, 0);
	for (uint32_t i = 1; i < c->jobs && !alone && good; i++)
		good = turn_wait(c, &h->done[i], &c->seen[i], c->line[i]) ||
		       all_lost(c);
	c->e->cache.failed |= h->failed;
	c->e->cache.learnt |= h->learnt;
	return !c->e->cache.failed && !c->e->cache.learnt && !h->stopped;
}
