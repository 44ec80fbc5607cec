/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * twinring list: the tables of the house, as people and as programs read them.
 * Knows where each table is; adding to a table changes nothing here.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/races.h"
#include "model/barriers.h"
#include "model/clauses.h"
#include "model/cost.h"
#include "model/path/path.h"
#include "model/probe.h"
#include "model/rules.h"
#include "sim/scenario/schema/config.h"
#include "sim/scenario/schema/schema.h"
#include "sim/text/guess.h"
#include "tools/cmd/command.h"
#include "tools/format/json.h"
#include "tools/line/args.h"
#include "tools/line/options.h"
#include "tools/line/profile.h"

enum { CELLS = 13, ROOMS = 6, TRIAL_SIZE = 128, WIDTH = 78, INDENT = 4 };

/* One row; text of its own goes into rooms. NULL: there is nothing to say. */
struct variables {
	const char *text[CELLS];
	char room[ROOMS][TRIAL_SIZE];
};

struct topic {
	const char *name;
	/* Fills in row @i; false behind the last one. */
	bool (*row)(uint32_t i, struct variables *out);
	const char *key[CELLS]; /* of the cells, up to a NULL */
	/*
	 * A letter a cell: t text, n number, y yes or no, w words, which stand
	 * below the others. T, N, Y are not in the table for people.
	 */
	const char *kind;
};

static bool rule_row(uint32_t i, struct variables *c)
{
	const struct rule_info *r;

	if (i >= RULE_COUNT)
		return false;
	r = rule_info((enum rule)i);
	snprintf(c->room[0], sizeof c->room[0],
		 "conformance/scenarios/rule-%s.yaml", r->name);
	c->text[0] = r->name;
	c->text[1] = r->fixes;
	c->text[2] = clause_info(r->clause)->id;
	c->text[3] = c->room[0];
	c->text[4] = r->words;
	return true;
}

static bool barrier_row(uint32_t i, struct variables *c)
{
	static const char *const orders[] = {
		[BARRIER_STORES] = "stores", [BARRIER_FULL] = "full"};
	const struct barrier_info *b;

	if (i >= BARRIER_COUNT)
		return false;
	b = barrier_info((enum barrier)i);
	c->text[0] = b->name;
	c->text[1] = orders[b->orders];
	c->text[2] = b->words;
	return true;
}

static const char *yes_no(bool value)
{
	return value ? "yes" : "no";
}

static bool path_row(uint32_t i, struct variables *c)
{
	const struct path_ops *p = path_at(i);

	if (!p)
		return false;
	c->text[0] = p->name;
	snprintf(c->room[0], sizeof c->room[0], "%u", p->members_min);
	snprintf(c->room[1], sizeof c->room[1], "%u", p->members_max);
	c->text[1] = c->room[0];
	c->text[2] = c->room[1];
	c->text[3] = yes_no(p->region);
	c->text[4] = yes_no(p->maps_peer);
	c->text[5] = p->words;
	return true;
}

static bool policy_row(uint32_t i, struct variables *c)
{
	bool is_gift = i < GIFT_POLICIES;
	const struct policy_info *p;

	if (i >= (uint32_t)GIFT_POLICIES + ALLOC_POLICIES)
		return false;
	p = is_gift ? gift_policy_info((enum gift_policy)i)
		    : alloc_policy_info((enum alloc_policy)(i - GIFT_POLICIES));
	c->text[0] = is_gift ? "gifts.policy" : "alloc";
	c->text[1] = p->name;
	c->text[2] = p->words;
	return true;
}

static bool clause_row(uint32_t i, struct variables *c)
{
	static const char *const who[] = {"driver", "device", "both"};
	static const char *const level[] = {"MUST", "MUST NOT", "SHOULD NOT"};
	const struct clause_info *info;

	if (i + 1 >= CLAUSE_COUNT)
		return false;
	info = clause_info((enum clause)(i + 1));
	c->text[0] = info->id;
	c->text[1] = who[info->who];
	c->text[2] = level[info->level];
	c->text[3] = info->label;
	c->text[4] = info->words;
	return true;
}

static bool cost_row(uint32_t i, struct variables *c)
{
	enum party payer;

	if (i >= COST_KINDS)
		return false;
	payer = cost_info((enum cost)i)->payer;
	c->text[0] = cost_info((enum cost)i)->name;
	c->text[1] =
		payer == PARTY_SELF ? "whoever steps" : party_info(payer)->name;
	c->text[2] = cost_info((enum cost)i)->words;
	return true;
}

static bool profile_row(uint32_t i, struct variables *c)
{
	const struct embedded_text *p = &profile_texts[i];

	if (!p->name)
		return false;
	c->text[0] = p->name;
	c->text[1] = profile_words(p, c->room[0], sizeof c->room[0]);
	return true;
}

static bool event_row(uint32_t i, struct variables *c)
{
	static const char *const words[] = {
#define EVENT(id, name, text) text,
#include "model/events.def"
#undef EVENT
	};

	if (i >= EVENT_KINDS)
		return false;
	c->text[0] = event_name((enum event_kind)i);
	c->text[1] = words[i];
	return true;
}

static const char *number_in(char *room, uint64_t value)
{
	snprintf(room, TRIAL_SIZE, "%llu", (unsigned long long)value);
	return room;
}

static const char *or_null(const char *text)
{
	return *text ? text : NULL;
}

/* What a search found, and what one found where the rules hold. */
static void race_found(struct variables *c, const struct race *r)
{
	const struct race_seen *s = race_seen(r->scenario);
	const struct race_closed *closed = race_closed(r->scenario);

	if (*r->scenario) {
		snprintf(c->room[0], sizeof c->room[0],
			 "conformance/scenarios/races/%s.yaml", r->scenario);
		c->text[6] = c->room[0];
	}
	if (s) {
		c->text[2] = or_null(s->clause);
		c->text[3] = s->steps ? number_in(c->room[1], s->steps) : NULL;
		c->text[4] = number_in(c->room[2], s->states);
	}
	if (s && s->tso)
		c->text[5] = number_in(c->room[4], s->tso);
	if (closed) {
		c->text[8] = number_in(c->room[3], closed->states);
		c->text[9] = yes_no(closed->complete);
	}
}

/* A search that was cut off: how far it is clean. */
static void race_cut(struct variables *c, const struct race_seen *s)
{
	if (!s || *s->clause || (s->complete && s->tso_complete))
		return;
	snprintf(c->room[5], sizeof c->room[5], "clean to %" PRIu64 " states",
		 s->complete ? s->tso : s->states);
	c->text[1] = c->room[5];
}

static bool race_row(uint32_t i, struct variables *c)
{
	const struct race *r = race_at(i);

	if (!r)
		return false;
	*c = (struct variables){0};
	c->text[0] = r->id;
	c->text[1] = race_verdict(r);
	race_found(c, r);
	race_cut(c, race_seen(r->scenario));
	c->text[7] = or_null(r->rules);
	c->text[10] = r->hole;
	c->text[11] = r->words;
	return true;
}

static const struct topic topics[] = {
	{"rules",
	 rule_row,
	 {"name", "fixes", "clause", "scenario", "words"},
	 "ttttw"},
	{"barriers", barrier_row, {"name", "orders", "words"}, "ttw"},
	{"paths",
	 path_row,
	 {"name", "members_min", "members_max", "shared_bar", "mirrored",
	  "words"},
	 "tnnyyw"},
	{"policies", policy_row, {"key", "name", "words"}, "ttw"},
	{"clauses",
	 clause_row,
	 {"id", "who", "level", "label", "words"},
	 "ttttw"},
	{"costs", cost_row, {"name", "payer", "words"}, "ttw"},
	{"profiles", profile_row, {"name", "words"}, "tw"},
	{"events", event_row, {"name", "words"}, "tw"},
	{"races",
	 race_row,
	 {"id", "verdict", "clause", "steps", "states", "states_tso",
	  "scenario", "rules", "closed_states", "closed_complete", "hole",
	  "words"},
	 "ttTnNNtTNYww"},
};

enum { TOPICS = sizeof topics / sizeof topics[0] };

enum option { JSON, MARKDOWN };

struct request {
	bool json, markdown;
};

static const struct args_option options[] = {
	[JSON] = OPTION_ON("json", request, json, "as JSON (docs/JSON.md)"),
	[MARKDOWN] = OPTION_ON("markdown", request, markdown,
			       "as a table of Markdown"),
	{.name = NULL},
};

static int perform(void *to, const struct args *a);

static const struct args_verb verb = {
	.name = "list",
	.perform = perform,
	.operands = "TOPIC",
	.words = "Prints a table of what there is. TOPIC is one of\n"
		 "\n"
		 "  rules     repairs of the proposal of 2015, each a switch "
		 "of a link\n"
		 "  barriers  orders that the code of rings keeps, each a "
		 "switch\n"
		 "  paths     designs that move packets\n"
		 "  policies  what a scenario may choose for gifts and free "
		 "slots\n"
		 "  clauses   every rule that a referee may find broken\n"
		 "  costs     what is counted and has a price\n"
		 "  profiles  lists of prices that are built in\n"
		 "  events    what --trace and referees see\n"
		 "  races     holes of the proposals, and what explore found "
		 "of each\n"
		 "  schema    all keys of a scenario, in Markdown "
		 "(docs/SCENARIO.md)\n",
	.option = options,
	.examples = "  twinring list rules\n"
		    "  twinring list clauses --json | jq -r '.clauses[].id'\n",
	.least = 1,
	.most = 1,
};

static uint32_t cell_count(const struct topic *t)
{
	uint32_t n = 0;

	while (n < CELLS && t->key[n])
		n++;
	return n;
}

/* Prints @text in lines of WIDTH, all @indent to the right. */
static void print_wrapped(const char *text, size_t indent)
{
	while (*text) {
		size_t length = strlen(text), room = WIDTH - indent;

		if (length > room) {
			length = room;
			while (length > 0 && text[length] != ' ')
				length--;
			if (length == 0)
				length = strcspn(text, " ");
		}
		printf("%*s%.*s\n", (int)indent, "", (int)length, text);
		text += length;
		text += strspn(text, " ");
	}
}

/* A table for people: a column for each cell of these kinds. */
static bool is_column(const struct topic *t, uint32_t k)
{
	return strchr("tny", t->kind[k]) != NULL;
}

static uint32_t last_column(const struct topic *t)
{
	uint32_t last = 0;

	for (uint32_t k = 0; k < cell_count(t); k++)
		if (is_column(t, k))
			last = k;
	return last;
}

static const char *shown(const char *text)
{
	return text ? text : "-";
}

static void print_columns(const struct topic *t, const char *const *text,
			  const int *width)
{
	uint32_t last = last_column(t);

	for (uint32_t k = 0; k <= last; k++)
		if (is_column(t, k))
			printf("%-*s%s", k < last ? width[k] : 0,
			       shown(text[k]), k < last ? "  " : "\n");
}

static void print_row(const struct topic *t, const struct variables *c,
		      const int *width)
{
	print_columns(t, c->text, width);
	for (uint32_t k = 0; k < cell_count(t); k++)
		if (t->kind[k] == 'w')
			print_wrapped(c->text[k], INDENT);
}

/* With a heading, so that nobody has to guess what a "yes" is about. */
static void print_table(const struct topic *t)
{
	int width[CELLS] = {0};
	struct variables c;

	for (uint32_t k = 0; k < cell_count(t); k++)
		width[k] = (int)strlen(t->key[k]);
	for (uint32_t i = 0; t->row(i, &c); i++) {
		for (uint32_t k = 0; k < cell_count(t); k++) {
			int length = (int)strlen(shown(c.text[k]));

			if (length > width[k])
				width[k] = length;
		}
	}
	print_columns(t, t->key, width);
	for (uint32_t i = 0; t->row(i, &c); i++)
		print_row(t, &c, width);
}

static void print_json_cell(struct json *j, char kind, const char *key,
			    const char *text)
{
	if (!text)
		json_null(j, key);
	else if (kind == 'y' || kind == 'Y')
		json_bool(j, key, strcmp(text, "yes") == 0);
	else if (kind == 'n' || kind == 'N')
		json_number(j, key, strtoull(text, NULL, 10));
	else
		json_text(j, key, text);
}

static void print_json(const struct topic *t)
{
	struct json j = json_to(stdout);
	struct variables c;

	json_object(&j, NULL);
	json_text(&j, "schema", "twinring-list-1");
	json_array(&j, t->name);
	for (uint32_t i = 0; t->row(i, &c); i++) {
		json_object(&j, NULL);
		for (uint32_t k = 0; k < cell_count(t); k++)
			print_json_cell(&j, t->kind[k], t->key[k], c.text[k]);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	json_end(&j);
}

static void print_markdown_row(const struct topic *t, const char *const *text)
{
	for (uint32_t k = 0; k < cell_count(t); k++) {
		printf("| ");
		for (const char *at = text[k] ? text[k] : ""; *at; at++)
			printf(*at == '|' ? "\\%c" : "%c", *at);
		printf("%s", text[k] && *text[k] ? " " : "");
	}
	printf("|\n");
}

static void print_markdown(const struct topic *t)
{
	struct variables c;

	print_markdown_row(t, t->key);
	for (uint32_t k = 0; k < cell_count(t); k++)
		printf(strchr("nN", t->kind[k]) ? "|--:" : "|---");
	printf("|\n");
	for (uint32_t i = 0; t->row(i, &c); i++)
		print_markdown_row(t, c.text);
}

static int refuse_topic(const char *name)
{
	struct guess g = guess_of(name);
	char near[80];

	for (int i = 0; i < TOPICS; i++)
		guess_try(&g, topics[i].name);
	guess_try(&g, "schema");
	return args_refuse(&verb, "unknown topic '%s'%s", name,
			   guess_words(&g, near, sizeof near));
}

static int list_topic(const char *name, bool as_json, bool as_markdown)
{
	for (int i = 0; i < TOPICS; i++) {
		if (strcmp(topics[i].name, name) != 0)
			continue;
		if (as_json)
			print_json(&topics[i]);
		else if (as_markdown)
			print_markdown(&topics[i]);
		else
			print_table(&topics[i]);
		return EXIT_PASSED;
	}
	if (strcmp(name, "schema") != 0)
		return refuse_topic(name);
	if (as_json)
		return args_refuse(&verb, "'schema' is Markdown only");
	schema_print(stdout);
	return EXIT_PASSED;
}

static int perform(void *to, const struct args *a)
{
	const struct request *q = to;

	if (q->json && q->markdown)
		return args_refuse(&verb, "JSON or Markdown, not both");
	return list_topic(a->operand[0], q->json, q->markdown);
}

int cmd_list(int argc, char **argv)
{
	return args_perform(&verb, &(struct request){0}, argc, argv);
}
