/* SPDX-License-Identifier: BSD-3-Clause */
/* Values from text, by digits and checked products; no library guesses. */
#include "sim/text/value.h"

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit times[] = {
	{"s", 1000000000000}, {"ms", 1000000000}, {"us", 1000000},
	{"ns", 1000},         {"ps", 1},
};

static const struct unit rates[] = {{"", 1}, {"k", 1000}, {"M", 1000000}};

static int digit_of(char c, unsigned base)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (base == 16 && c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (base == 16 && c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Reads the digits at *text and moves it behind them; false on overflow. */
static bool take_digits(const char **text, unsigned base, uint64_t *out)
{
	bool fits = true;

	*out = 0;
	for (int d; (d = digit_of(**text, base)) >= 0; (*text)++) {
		fits = fits && !__builtin_mul_overflow(*out, base, out);
		fits = fits && !__builtin_add_overflow(*out, d, out);
	}
	return fits;
}

/* A minus before a good spelling makes it one that fits nothing unsigned. */
static enum value_answer negative(enum value_answer positive)
{
	return positive == VALUE_OK ? VALUE_BEYOND : positive;
}

static bool is_negative(const char *text)
{
	return text[0] == '-' && digit_of(text[1], 10) >= 0;
}

enum value_answer value_number(const char *text, uint64_t *out)
{
	unsigned base = 10;
	bool fits;

	if (is_negative(text))
		return negative(value_number(text + 1, out));
	if (text[0] == '0' && text[1] == 'x') {
		base = 16;
		text += 2;
	}
	if (digit_of(*text, base) < 0)
		return VALUE_MALFORMED;
	fits = take_digits(&text, base, out);
	if (*text)
		return VALUE_MALFORMED;
	return fits ? VALUE_OK : VALUE_BEYOND;
}

enum value_answer value_switch(const char *text, uint64_t *out)
{
	static const char *const words[] = {"off",  "on", "false",
					    "true", "no", "yes"};

	for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (strcmp(text, words[i]) == 0) {
			*out = i % 2;
			return VALUE_OK;
		}
	}
	return VALUE_MALFORMED;
}

/* Decimal digits and one of @count unit names. */
static enum value_answer value_unit(const char *text, const struct unit *units,
				    unsigned count, uint64_t *out)
{
	bool fits;

	if (is_negative(text))
		return negative(value_unit(text + 1, units, count, out));
	if (digit_of(*text, 10) < 0)
		return VALUE_MALFORMED;
	fits = take_digits(&text, 10, out);
	for (unsigned i = 0; i < count; i++) {
		if (strcmp(text, units[i].name) != 0)
			continue;
		if (!fits || __builtin_mul_overflow(*out, units[i].factor, out))
			return VALUE_BEYOND;
		return VALUE_OK;
	}
	return VALUE_MALFORMED;
}

enum value_answer value_time(const char *text, uint64_t *out)
{
	if (strcmp(text, "0") == 0) {
		*out = 0;
		return VALUE_OK;
	}
	return value_unit(text, times, sizeof times / sizeof times[0], out);
}

enum value_answer value_rate(const char *text, uint64_t *out)
{
	return value_unit(text, rates, sizeof rates / sizeof rates[0], out);
}

enum value_answer value_scale(const char *text, uint64_t *out)
{
	uint64_t whole, part = 0;
	bool fits;

	if (digit_of(*text, 10) < 0)
		return VALUE_MALFORMED;
	fits = take_digits(&text, 10, &whole);
	if (strcmp(text, "%") == 0) {
		*out = whole;
		return fits ? VALUE_OK : VALUE_BEYOND;
	}
	if (text[0] == '.' && digit_of(text[1], 10) >= 0) {
		part = (uint64_t)digit_of(text[1], 10) * 10;
		text += 2;
		if (digit_of(*text, 10) >= 0)
			part += (uint64_t)digit_of(*text++, 10);
	}
	if (strcmp(text, "x") != 0)
		return VALUE_MALFORMED;
	if (!fits || __builtin_mul_overflow(whole, 100, out) ||
	    __builtin_add_overflow(*out, part, out))
		return VALUE_BEYOND;
	return VALUE_OK;
}

enum value_answer value_digest(const char *text, uint64_t *out)
{
	const char *end;

	if (text[0] == '0' && text[1] == 'x')
		text += 2;
	end = text;
	if (!take_digits(&end, 16, out) || end - text != 16 || *end)
		return VALUE_MALFORMED;
	return VALUE_OK;
}

const char *value_time_text(uint64_t ps, char *out, size_t size)
{
	const struct unit *u = times;

	assert(size > 0);
	if (ps == 0) {
		snprintf(out, size, "0");
		return out;
	}
	while (ps % u->factor)
		u++;
	snprintf(out, size, "%" PRIu64 "%s", ps / u->factor, u->name);
	return out;
}
