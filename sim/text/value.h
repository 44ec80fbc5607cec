/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How values are spelled: numbers, times, rates, speeds, digests, switches.
 * Whole numbers only, decimal or 0x; nothing goes through a double.
 */
#ifndef TWINRING_SIM_TEXT_VALUE_H
#define TWINRING_SIM_TEXT_VALUE_H

#include <stddef.h>
#include <stdint.h>

enum value_answer {
	VALUE_OK,
	VALUE_MALFORMED, /* not spelled like this at all */
	VALUE_BEYOND,    /* negative, or more than 64 bits */
};

/* 12, 0x0c; 010 is ten */
enum value_answer value_number(const char *text, uint64_t *out);

/* on off true false yes no */
enum value_answer value_switch(const char *text, uint64_t *out);

/* a number and ps ns us ms s, in picoseconds; 0 needs no unit */
enum value_answer value_time(const char *text, uint64_t *out);

/* a number, or one with k or M behind it */
enum value_answer value_rate(const char *text, uint64_t *out);

/* 2x 0.5x 150%, in percent */
enum value_answer value_scale(const char *text, uint64_t *out);

/* 16 hexadecimal digits, with 0x before them or not */
enum value_answer value_digest(const char *text, uint64_t *out);

/* @ps in the largest unit that keeps it whole. */
const char *value_time_text(uint64_t ps, char *out, size_t size);

#endif
