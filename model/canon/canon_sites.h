/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where forms are written, one site for each statement that writes something,
 * so that one of them can be left out at a time: to see that it is missed. In
 * programs with planted errors only; canon.h includes this behind all else.
 */
#ifndef TWINRING_MODEL_CANON_CANON_SITES_H
#define TWINRING_MODEL_CANON_CANON_SITES_H

#include <stdbool.h>
#include <stdint.h>

struct canon_site {
	const char *file;
	const char *text; /* what it writes */
	uint32_t line;
	bool reached;
	bool off; /* it is left out */
} __attribute__((aligned(64)));

/* All of them lie one behind the other. */
extern struct canon_site __start_canon_sites[], __stop_canon_sites[];

/* Is told where one begins to be written, and with NULL where it ends. */
__attribute__((weak)) void (*canon_site_told)(struct canon_site *s);

static inline void canon_site_tell(struct canon_site *s)
{
	if (canon_site_told)
		canon_site_told(s);
}

/* Whether it is to be written. */
static inline bool canon_site_on(struct canon_site *s)
{
	s->reached = true;
	if (!s->off)
		canon_site_tell(s);
	return !s->off;
}

#define CANON_SITE(words)                                                     \
	({                                                                    \
		static struct canon_site site_ __attribute__((                \
			section("canon_sites"))) = {                          \
			.file = __FILE__, .text = (words), .line = __LINE__}; \
		&site_;                                                       \
	})

#define CANON_AT_TEXT(say, words)                       \
	do {                                            \
		if (canon_site_on(CANON_SITE(words))) { \
			say;                            \
			canon_site_tell(NULL);          \
		}                                       \
	} while (0)
#define CANON_AT(say)              CANON_AT_TEXT(say, #say)

#define canon_u8(f, v)             CANON_AT(canon_u8(f, v))
#define canon_u16(f, v)            CANON_AT(canon_u16(f, v))
#define canon_u32(f, v)            CANON_AT(canon_u32(f, v))
#define canon_u64(f, v)            CANON_AT(canon_u64(f, v))
#define canon_bytes(f, from, size) CANON_AT(canon_bytes(f, from, size))
#define canon_index(f, q, index)   CANON_AT(canon_index(f, q, index))
#define canon_event(f, event, ref) CANON_AT(canon_event(f, event, ref))
#define canon_head(f, q, head)     CANON_AT(canon_head(f, q, head))
#define canon_slot(f, link, slot)  CANON_AT(canon_slot(f, link, slot))
#define canon_slot_at(f, at)       CANON_AT(canon_slot_at(f, at))
#define canon_seq(f, nic, seq)     CANON_AT(canon_seq(f, nic, seq))
#define canon_counts(f, nic, n)    CANON_AT(canon_counts(f, nic, n))
#define canon_link_number(f, link) CANON_AT(canon_link_number(f, link))

/* A byte for each flag, so that each is a site. */
static inline void canon_flag(struct canon *f, bool flag)
{
	canon_flags_put(f, &flag, 1);
}

#define CANON_FLAG(f, v)    CANON_AT_TEXT(canon_flag(f, v), "flag " #v)
#define CANON_FLAGS_1(f, v) CANON_FLAG(f, v)
#define CANON_FLAGS_2(f, v, ...) \
	CANON_FLAG(f, v);        \
	CANON_FLAGS_1(f, __VA_ARGS__)
#define CANON_FLAGS_3(f, v, ...) \
	CANON_FLAG(f, v);        \
	CANON_FLAGS_2(f, __VA_ARGS__)
#define CANON_FLAGS_4(f, v, ...) \
	CANON_FLAG(f, v);        \
	CANON_FLAGS_3(f, __VA_ARGS__)
#define CANON_FLAGS_5(f, v, ...) \
	CANON_FLAG(f, v);        \
	CANON_FLAGS_4(f, __VA_ARGS__)
#define CANON_FLAGS_6(f, v, ...) \
	CANON_FLAG(f, v);        \
	CANON_FLAGS_5(f, __VA_ARGS__)
#define CANON_FLAGS_7(f, v, ...) \
	CANON_FLAG(f, v);        \
	CANON_FLAGS_6(f, __VA_ARGS__)
#define CANON_FLAGS_8(f, v, ...) \
	CANON_FLAG(f, v);        \
	CANON_FLAGS_7(f, __VA_ARGS__)
#define CANON_FLAGS_9(f, v, ...) \
	CANON_FLAG(f, v);        \
	CANON_FLAGS_8(f, __VA_ARGS__)
#define CANON_FLAGS_10(f, v, ...) \
	CANON_FLAG(f, v);         \
	CANON_FLAGS_9(f, __VA_ARGS__)
#define CANON_FLAGS_11(f, v, ...) \
	CANON_FLAG(f, v);         \
	CANON_FLAGS_10(f, __VA_ARGS__)
#define CANON_FLAGS_12(f, v, ...) \
	CANON_FLAG(f, v);         \
	CANON_FLAGS_11(f, __VA_ARGS__)
#define CANON_FLAGS_OF(a, b, c, d, e, f, g, h, i, j, k, l, name, ...) name

#undef canon_flags
#define canon_flags(f, ...)                                                  \
	do {                                                                 \
		CANON_FLAGS_OF(__VA_ARGS__, CANON_FLAGS_12, CANON_FLAGS_11,  \
			       CANON_FLAGS_10, CANON_FLAGS_9, CANON_FLAGS_8, \
			       CANON_FLAGS_7, CANON_FLAGS_6, CANON_FLAGS_5,  \
			       CANON_FLAGS_4, CANON_FLAGS_3, CANON_FLAGS_2,  \
			       CANON_FLAGS_1, 0)                             \
		(f, __VA_ARGS__);                                            \
	} while (0)

#endif
