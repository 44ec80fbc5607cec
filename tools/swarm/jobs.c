/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/swarm/jobs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sim/system/child.h"
#include "tools/system/clock.h"
#include "tools/system/interrupt.h"

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

/* A process that is gone had an item, or was between two. */
static void child_lost(struct jobs *j, struct board *b, int status)
{
	if (!*j->lost)
		child_words(status, j->lost, sizeof j->lost);
	bound_lower(b, 0);
}

/* Of @count, those that have not ended stay in @pid; how many. */
static uint32_t reap(struct jobs *j, struct board *b, pid_t *pid,
		     uint32_t count)
{
	uint32_t left = 0;
	int status;

	for (uint32_t i = 0; i < count; i++)
		if (!child_ended(pid[i], false, &status))
			pid[left++] = pid[i];
		else if (status != 0)
			child_lost(j, b, status);
	return left;
}

/* Until all of @count children have ended. */
static void await(struct jobs *j, struct board *b, pid_t *pid, uint32_t count)
{
	const struct timespec moment = {.tv_nsec = LOOK_NS};

	while ((count = reap(j, b, pid, count))) {
		if (interrupt_stop)
			bound_lower(b, 0);
		if (j->progress)
			j->progress(j->to, begun(j, b));
		nanosleep(&moment, NULL);
	}
}

static void work_apart(struct jobs *j, struct board *b)
{
	pid_t pid[JOBS_MAX];
	uint32_t count = 0;

	fflush(NULL);
	while (count < j->jobs && count < JOBS_MAX) {
		pid[count] = child_begin();
		if (pid[count] < 0) {
			fprintf(stderr,
				"twinring: only %u of %u processes could be "
				"started: %s\n",
				count, j->jobs, strerror(errno));
			break;
		}
		if (pid[count] == 0) {
			work(j, b);
			fflush(stderr);
			_exit(0);
		}
		count++;
	}
	if (count)
		await(j, b, pid, count);
	else
		work(j, b);
}

static void count_up(struct jobs *j, uint64_t begun)
{
	j->done = 0;
	j->down = j->items;
	while (j->done < j->items && (j->state[j->done] == ITEM_DONE ||
				      j->state[j->done] == ITEM_FAILED))
		if (j->state[j->done++] == ITEM_FAILED && j->first)
			break;
	for (uint64_t i = 0; i < begun && !j->bad; i++) {
		if (j->state[i] == ITEM_BEGUN && j->down == j->items)
			j->down = i;
		j->out = j->state[i] == ITEM_OUT;
		j->bad = j->out || j->state[i] == ITEM_BAD;
	}
}

bool jobs_run(struct jobs *j)
{
	struct board *b = share(sizeof *b);

	j->lost[0] = '\0';
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
	count_up(j, begun(j, b));
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
