/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/report/chart.h"

#include <inttypes.h>
#include <string.h>

#include "tools/format/svg.h"
#include "tools/report/lanes.h"

/* Pixels. */
enum {
	MARGIN = 16,
	NUMBER = 28, /* where moves are counted */
	LANE = 160,
	SLOT = 60,
	HEAD = 64, /* title and names of lanes */
	LETTER = 7,
	LINE = 16,
	VERB = 20, /* of a move: what is done */
	GAP = 8
};

enum { TEXT = 512 };

static const char style[] =
	"text { font: 12px monospace; fill: #222 }\n"
	".title { font-size: 14px; font-weight: bold }\n"
	".name { font-weight: bold }\n"
	".number, .own { fill: #666 }\n"
	".own { font-size: 11px }\n"
	".sent, .own { stroke: #fff; stroke-width: 3px; paint-order: stroke }\n"
	".sent { font-size: 11px }\n"
	".broken { fill: #b00020 }\n"
	".paper { fill: #fff }\n"
	".round { fill: #b00020 }\n"
	".stripe { fill: #f6f6f6 }\n"
	".life { stroke: #aaa; stroke-dasharray: 3 3 }\n"
	".arrow { stroke: #222 }\n"
	".verb { fill: #fff; stroke: #222 }\n"
	".slot { stroke: #888 }\n"
	".nobody { fill: #fff; stroke-dasharray: 2 2 }\n"
	".both { fill: #f08a80 }\n"
	".vm0 { fill: #cfe3f7 }\n"
	".vm1 { fill: #fbdfb4 }\n"
	".vm2 { fill: #d3ecd0 }\n"
	".vm3 { fill: #e6d6f0 }\n";

struct chart {
	FILE *out;
	const struct scenario *sc;
	const struct search_violation *v;
	struct lanes lanes;
	int slots; /* columns */
	int width;
	int height;
	int y; /* where the next line goes */
};

static int lane_x(uint32_t lane)
{
	return MARGIN + NUMBER + LANE / 2 + (int)lane * LANE;
}

static int slots_x(const struct chart *c)
{
	return MARGIN + NUMBER + (int)c->lanes.count * LANE;
}

static int step_height(const struct trace_step *s)
{
	return VERB + (int)s->marks * LINE + GAP +
	       (s->broken != CLAUSE_NONE) * LINE;
}

/* As much of @text as fits into a line; what is left of it. */
static const char *line_of(const struct chart *c, const char *text, char *line)
{
	size_t room = (size_t)(c->width - 2 * MARGIN) / LETTER;
	size_t n = strlen(text);

	if (room >= TEXT)
		room = TEXT - 1;
	if (n > room) {
		n = room;
		while (n && text[n] != ' ')
			n--;
		if (!n)
			n = room;
	}
	snprintf(line, TEXT, "%.*s", (int)n, text);
	return text + n + strspn(text + n, " ");
}

static int lines_of(const struct chart *c, const char *text)
{
	char line[TEXT];
	int n = 0;

	for (; *text; n++)
		text = line_of(c, text, line);
	return n;
}

static void put_lines(struct chart *c, const char *class, const char *text)
{
	char line[TEXT];

	while (*text) {
		text = line_of(c, text, line);
		svg_text(c->out, class, SVG_START, MARGIN, c->y, line);
		c->y += LINE;
	}
}

static void put_head(struct chart *c)
{
	char name[TEXT];

	svg_text(c->out, "title", SVG_START, MARGIN, MARGIN + LINE - 4,
		 c->sc->name);
	for (uint32_t i = 0; i < c->lanes.count; i++) {
		svg_text(c->out, "name", SVG_MIDDLE, lane_x(i), HEAD - GAP,
			 c->lanes.name[i]);
		svg_line(c->out, "life", lane_x(i), HEAD, lane_x(i), c->y);
	}
	for (int s = 0; s < c->slots; s++) {
		snprintf(name, sizeof name, "slot %d", s);
		svg_text(c->out, "name", SVG_MIDDLE,
			 slots_x(c) + s * SLOT + SLOT / 2, HEAD - GAP, name);
	}
}

/* Who acts, and how; what nobody here does goes over all lanes. */
static void put_verb(const struct chart *c, const struct trace_step *s)
{
	char verb[SCRIPT_LINE];
	int x = (lane_x(0) + lane_x(c->lanes.count - 1)) / 2, width;

	lanes_verb(&c->lanes, s, verb, sizeof verb);
	if (s->actor < c->lanes.count)
		x = lane_x(s->actor);
	width = (int)strlen(verb) * LETTER + 2 * GAP;
	svg_rect(c->out, "verb", x - width / 2, c->y + 2, width, VERB - 2);
	svg_text(c->out, "verb-text", SVG_MIDDLE, x, c->y + VERB - 4, verb);
}

/* What one had with himself stands beside his lane. */
static void put_mark(const struct chart *c, const struct trace_message *m,
		     int y)
{
	bool last = m->from + 1 == c->lanes.count;

	if (m->from >= c->lanes.count || m->to >= c->lanes.count)
		return;
	if (m->from == m->to) {
		svg_text(c->out, "own", last ? SVG_END : SVG_START,
			 lane_x(m->from) + (last ? -GAP : GAP), y - 3, m->text);
		return;
	}
	svg_arrow(c->out, "arrow", lane_x(m->from), y, lane_x(m->to), y);
	svg_text(c->out, "sent", SVG_MIDDLE,
		 (lane_x(m->from) + lane_x(m->to)) / 2, y - 3, m->text);
}

/* Which rule a move breaks, below all that it did. */
static void put_broken(const struct chart *c, const struct trace_step *s)
{
	char text[TEXT];
	int x = lane_x(s->actor < c->lanes.count ? s->actor : 0);
	bool last = s->actor + 1 == c->lanes.count;

	if (s->broken == CLAUSE_NONE)
		return;
	snprintf(text, sizeof text, "breaks %s", clause_info(s->broken)->id);
	svg_text(c->out, "broken", last ? SVG_END : SVG_START,
		 x + (last ? -GAP : GAP), c->y + step_height(s) - GAP - 3,
		 text);
}

static void put_slot(const struct chart *c, uint8_t holder, int x)
{
	static const char *const class[] = {"slot vm0", "slot vm1", "slot vm2",
					    "slot vm3"};
	char name[SLOT / LETTER];

	/* As much of it as a slot is wide. */
	snprintf(name, sizeof name, "%.*s", (int)sizeof name - 1,
		 holder == HELD_BY_BOTH     ? "both"
		 : holder == HELD_BY_NOBODY ? "-"
					    : c->lanes.name[holder]);
	svg_rect(c->out,
		 holder == HELD_BY_BOTH     ? "slot both"
		 : holder == HELD_BY_NOBODY ? "slot nobody"
					    : class[holder % 4],
		 x + 2, c->y + 2, SLOT - 4, VERB - 2);
	svg_text(c->out, "holder", SVG_MIDDLE, x + SLOT / 2, c->y + VERB - 4,
		 name);
}

static void put_step(struct chart *c, uint32_t number,
		     const struct trace_step *s)
{
	char text[16];

	snprintf(text, sizeof text, "%" PRIu32, number);
	svg_text(c->out, "number", SVG_END, MARGIN + NUMBER - GAP,
		 c->y + VERB - 4, text);
	put_verb(c, s);
	for (uint32_t i = 0; i < s->marks; i++)
		put_mark(c, &s->mark[i], c->y + VERB + ((int)i + 1) * LINE);
	put_broken(c, s);
	for (uint32_t i = 0; i < s->holders; i++)
		put_slot(c, s->holder[i], slots_x(c) + (int)i * SLOT);
	c->y += step_height(s);
}

static void broken_words(const struct chart *c, char *what, char *where)
{
	const struct finding *f = &c->v->finding;
	char slot[24] = "", when[48] = "";

	snprintf(what, TEXT, "%s: %s", clause_info(f->clause)->id,
		 clause_info(f->clause)->words);
	if (f->slot != NO_SLOT)
		snprintf(slot, sizeof slot, ", slot %" PRIu32, f->slot);
	if (c->v->cycle)
		snprintf(when, sizeof when, ", the last %" PRIu32 " for ever",
			 c->v->cycle);
	else if (c->v->at_rest)
		snprintf(when, sizeof when, ", quiescent");
	snprintf(where, TEXT, "%s, link %" PRIu32 "%s%s: %s", c->v->actor,
		 f->link, slot, when, f->detail);
}

static void chart_size(struct chart *c, const char *what, const char *where)
{
	for (uint32_t i = 0; i < c->v->steps; i++)
		if ((int)c->v->step[i].holders > c->slots)
			c->slots = (int)c->v->step[i].holders;
	c->width = slots_x(c) + c->slots * SLOT + MARGIN;
	c->height = HEAD + GAP + 2 * LINE + MARGIN;
	for (uint32_t i = 0; i < c->v->steps; i++)
		c->height += step_height(&c->v->step[i]);
	c->height += (lines_of(c, what) + lines_of(c, where)) * LINE;
}

/* Stripes and lanes lie under what is written. */
static void put_ground(struct chart *c)
{
	svg_rect(c->out, "paper", 0, 0, c->width, c->height);
	c->y = HEAD + GAP;
	for (uint32_t i = 0; i < c->v->steps; i++) {
		int height = step_height(&c->v->step[i]);

		if (i % 2 == 0)
			svg_rect(c->out, "stripe", MARGIN, c->y,
				 c->width - 2 * MARGIN, height);
		if (i >= c->v->steps - c->v->cycle)
			svg_rect(c->out, "round", MARGIN, c->y, GAP / 2,
				 height);
		c->y += height;
	}
}

void chart_write(FILE *out, const void *what)
{
	const struct chart_counterexample *story = what;
	struct chart c = {.out = out, .sc = story->sc, .v = story->v};
	char broken[TEXT], where[TEXT];

	c.lanes = lanes_of(&c.sc->world);
	broken_words(&c, broken, where);
	chart_size(&c, broken, where);
	svg_begin(out, c.width, c.height, c.sc->name, style);
	put_ground(&c);
	put_head(&c);
	c.y = HEAD + GAP;
	for (uint32_t i = 0; i < c.v->steps; i++)
		put_step(&c, i + 1, &c.v->step[i]);
	c.y += 2 * LINE;
	put_lines(&c, "broken", broken);
	put_lines(&c, "broken", where);
	svg_end(out);
}
