/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/races.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#define NO_TOKENS "no path here shares memory by token"

static const struct race races[] = {
#define RACE(id, hole, scenario, rules, words) \
	{id, hole, scenario, rules, words},
#include "conformance/races.def"
#undef RACE
};

static const struct race_seen seen[] = {
#define SEEN(...) {__VA_ARGS__},
#define CLOSED(scenario, states, complete)
#include "conformance/races_seen.def"
#undef SEEN
#undef CLOSED
	{.scenario = NULL},
};

static const struct race_closed closed[] = {
#define SEEN(...)
#define CLOSED(scenario, states, complete) {scenario, states, complete},
#include "conformance/races_seen.def"
#undef SEEN
#undef CLOSED
	{.scenario = NULL},
};

const struct race *race_at(uint32_t i)
{
	return i < sizeof races / sizeof races[0] ? &races[i] : NULL;
}

const struct race_seen *race_seen(const char *scenario)
{
	for (const struct race_seen *s = seen; s->scenario; s++)
		if (strcmp(s->scenario, scenario) == 0)
			return s;
	return NULL;
}

const struct race_closed *race_closed(const char *scenario)
{
	for (const struct race_closed *c = closed; c->scenario; c++)
		if (strcmp(c->scenario, scenario) == 0)
			return c;
	return NULL;
}

const char *race_verdict(const struct race *r)
{
	const struct race_seen *s = race_seen(r->scenario);

	if (!*r->scenario)
		return "not-expressible";
	if (!s)
		return "not-searched";
	if (*s->clause)
		return "found";
	return s->complete && s->tso_complete ? "impossible" : "clean";
}
