/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is known of a world: each question about a state is asked of the code
 * where nobody has asked it of a state like this, and remembered otherwise.
 * Questions are what each part of the canonical bytes is told as, and what each
 * move does. Knows one state at a time; not what follows from what.
 */
#ifndef TWINRING_SIM_SEARCH_ANSWERS_H
#define TWINRING_SIM_SEARCH_ANSWERS_H

#include "sim/search/code.h"
#include "sim/search/effect.h"
#include "sim/search/memo.h"
#include "sim/search/survey.h"

/*
 * A part's answer is marked where nobody has anything to do, that of a move
 * where it cannot happen.
 */
struct answers {
	struct subject *s;
	struct cells cells;
	struct blocks blocks;
	struct contents contents;
	struct memo memo;
	struct effects effects;
	struct share_pool told; /* what parts say of slots */
	struct code code;
	uint64_t *reads; /* by question: cells it ever looked at; shared */
	struct answers_head *head; /* shared */
	uint32_t cells_max, set_words, questions, parts;
	uint32_t slots;         /* that parts say something of */
	uint64_t *later;        /* cells that came when the search had begun */
	uint32_t widened;       /* how often there were more */
	struct memo_reads read; /* scratch */
	uint64_t *content, *scratch;
	uint32_t audit; /* ask the code again every so many effects */
	uint32_t audited;
	bool learnt; /* a word has changed that is in no cell yet */
	bool failed; /* no memory */
};

struct answers_head {
	uint32_t grown;       /* how often reads became more */
	uint32_t moves_since; /* older answers to moves do not hold any more */
};

/* Learns from random walks how @s is read. False: no memory. */
bool answers_open(struct answers *a, struct subject *s, bool shared);
void answers_close(struct answers *a);

/* Makes room for what one more round can bring; false: there is none. */
bool answers_grow(struct answers *a);

/*
 * The subject has cells that came since; with @memo, tells what is remembered,
 * which is once enough if that is shared. False: there is no room.
 */
bool answers_widen(struct answers *a, bool memo);

/*
 * The answer to @q where blocks hold @number; 0: a->learnt or a->failed, and
 * nothing holds.
 */
uint32_t answers_ask(struct answers *a, uint32_t q, const uint32_t *number);

/* Whether an answer is none, or holds no more. */
static inline bool answers_lack(const struct answers *a, uint32_t q,
				uint32_t number)
{
	return q >= a->parts && (number & ~MEMO_MARK) < a->head->moves_since;
}

/* The number of the effect that an answer to a move is. */
static inline uint32_t answers_effect(const struct answers *a, uint32_t number)
{
	return memo_answer(&a->memo, number)->says;
}

/* What an answer to a part says of each slot. */
static inline const uint64_t *answers_told(const struct answers *a,
					   uint32_t number)
{
	return &a->told.word[(uint64_t)memo_answer(&a->memo, number)->says *
			     a->slots];
}

/* What block @block holds once @f was done where it holds @from. */
uint32_t answers_content(struct answers *a, uint32_t block, uint32_t from,
			 const struct effect *f);

/*
 * Now and then, the code itself says the same of a state, all of whose answers
 * are @number, or something was remembered wrongly.
 */
void answers_audit(struct answers *a, const uint32_t *number, uint64_t digest,
		   bool raw);

/* Puts a state into the world, for whatever the caller does there. */
void answers_restore(struct answers *a, const uint32_t *contents);

static inline struct memo_state answers_state(const struct answers *a,
					      const uint32_t *contents)
{
	return (struct memo_state){a->contents.pool.word, contents,
				   a->blocks.place};
}

/* What a cell holds where blocks hold @contents. */
static inline uint64_t answers_cell(const struct answers *a,
				    const uint32_t *contents, uint32_t cell)
{
	uint32_t place = a->blocks.place[cell], block = place >> 16;

	return contents_get(&a->contents,
			    contents[block])[(place & UINT16_MAX) -
					     blocks_size(&a->blocks, block)];
}

/* By all that is in memory. */
uint64_t answers_raw(const struct answers *a, const uint32_t *contents);
uint64_t answers_raw_now(const struct answers *a);

/* The contents of the blocks as they are in memory. */
void answers_contents_now(struct answers *a, uint32_t *number);

#endif
