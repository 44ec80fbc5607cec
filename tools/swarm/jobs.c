/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/swarm/jobs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/clock.h"
#include "tools/interrupt.h"

enum { LOOK_NS = 2000000 };

/* What all processes see: which item is next, and where to end. */
struct board {
	uint64_t next;
	uint64_t bound;
};

static void *share(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* No item from @at on is begun any more. */
static void bound_lower(struct board *b, uint64_t at)
{
	uint64_t old = __atomic_load_n(&b->bound, __ATOMIC_RELAXED);

	while (at < old &&
	       !__atomic_compare_exchange_n(&b->bound, &old, at, false,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

static void item_do(struct jobs *j, struct board *b, uint64_t i)
{
	enum item_state end;

	__atomic_store_n(&j->state[i], ITEM_BEGUN, __ATOMIC_RELAXED);
	end = j->work(j->to, i, j->result + i * j->size);
	__atomic_store_n(&j->state[i], (uint8_t)end, __ATOMIC_RELAXED);
	if (end == ITEM_BAD || end == ITEM_OUT)
		bound_lower(b, 0);
	if (end == ITEM_FAILED && j->first)
		bound_lower(b, i + 1);
}

static bool next_item(const struct jobs *j, struct board *b, uint64_t *i)
{
	if (interrupt_stop || (j->until_ns && clock_ns() > j->until_ns))
		return false;
	*i = __atomic_fetch_add(&b->next, 1, __ATOMIC_RELAXED);
	return *i < __atomic_load_n(&b->bound, __ATOMIC_RELAXED);
}

static void work(struct jobs *j, struct board *b)
{
	uint64_t i;

	while (next_item(j, b, &i))
		item_do(j, b, i);
}

static uint64_t begun(const struct jobs *j, const struct board *b)
{
	uint64_t n = __atomic_load_n(&b->next, __ATOMIC_RELAXED);

	return n < j->items ? n : j->items;
}

/* Until all of @count children have ended. */
static void await(struct jobs *j, struct board *b, uint32_t count)
{
	const struct timespec moment = {.tv_nsec = LOOK_NS};

	while (count) {
		pid_t pid = waitpid(-1, NULL, WNOHANG);

		if (pid > 0) {
			count--;
			continue;
		}
		if (pid < 0 && errno != EINTR)
			return;
		if (interrupt_stop)
			bound_lower(b, 0);
		if (j->progress)
			j->progress(j->to, begun(j, b));
		nanosleep(&moment, NULL);
	}
}

static void work_apart(struct jobs *j, struct board *b)
{
	uint32_t count = 0;

	fflush(NULL);
	while (count < j->jobs && count < JOBS_MAX) {
		pid_t pid = fork();

		if (pid < 0)
			break;
		if (pid == 0) {
			work(j, b);
			fflush(stderr);
			_exit(0);
		}
		count++;
	}
	if (count)
		await(j, b, count);
	else
		work(j, b);
}

static void count_up(struct jobs *j)
{
	j->done = 0;
	j->down = j->items;
	while (j->done < j->items && (j->state[j->done] == ITEM_DONE ||
				      j->state[j->done] == ITEM_FAILED))
		if (j->state[j->done++] == ITEM_FAILED && j->first)
			break;
	if (j->done < j->items && j->state[j->done] == ITEM_BEGUN)
		j->down = j->done;
	for (uint64_t i = 0; i < j->items && !j->bad; i++) {
		if (j->state[i] == ITEM_NEW)
			break;
		j->out = j->state[i] == ITEM_OUT;
		j->bad = j->out || j->state[i] == ITEM_BAD;
	}
}

bool jobs_run(struct jobs *j)
{
	struct board *b = share(sizeof *b);

	j->state = share(j->items);
	j->result = share(j->items * j->size);
	if (!b || !j->state || !j->result) {
		fprintf(stderr, "twinring: no memory for %llu results\n",
			(unsigned long long)j->items);
		return false;
	}
	b->bound = j->items;
	if (j->items == 1)
		work(j, b); /* here, for whoever debugs it */
	else
		work_apart(j, b);
	count_up(j);
	munmap(b, sizeof *b);
	return true;
}

void jobs_free(struct jobs *j)
{
	if (j->state)
		munmap(j->state, j->items);
	if (j->result)
		munmap(j->result, j->items * j->size);
	j->state = j->result = NULL;
}
