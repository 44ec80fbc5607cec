/* SPDX-License-Identifier: BSD-3-Clause */
/* From a file and overrides to a scenario, or to a list of what is wrong. */
#include "sim/scenario/scenario.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/override.h"
#include "sim/scenario/scenario_check.h"
#include "sim/scenario/schema/schema_fill.h"
#include "sim/text/visible.h"

enum { FILE_LIMIT = 1 << 20 };

static const char *shown_name(const char *file)
{
	return strcmp(file, "-") == 0 ? "<stdin>" : file;
}

static struct scenario *new_scenario(const char *file)
{
	struct scenario *sc = calloc(1, sizeof *sc);

	if (!sc)
		return NULL;
	sc->file = strdup(file);
	if (!sc->file) {
		free(sc);
		return NULL;
	}
	return sc;
}

static void fill(struct scenario *sc, const char *text, size_t size,
		 const struct scenario_override *set, uint32_t count,
		 struct diag *diag)
{
	yaml_document_t doc;

	if (!document_load(&doc, text, size, 0, diag))
		return;
	override_apply(&doc, set, count, diag);
	schema_fill(sc, &doc, diag);
	world_number(&sc->world);
	if (diag->found == 0)
		scenario_check(sc, &doc, diag);
	yaml_document_delete(&doc);
}

struct scenario *scenario_parse(const char *file, const char *text, size_t size,
				const struct scenario_override *set,
				uint32_t count, FILE *talk)
{
	struct scenario *sc = new_scenario(file);
	bool too_long = size > FILE_LIMIT;
	struct diag diag;

	assert(file && text && talk);
	if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3; /* a byte order mark */
		size -= 3;
	}
	diag_init(&diag, shown_name(file), set);
	diag_source(&diag, text, size);
	if (!sc)
		diag_error(&diag, (struct diag_place){0}, "out of memory");
	else if (too_long)
		diag_error(&diag, (struct diag_place){0},
			   "longer than %u bytes", FILE_LIMIT);
	else
		fill(sc, text, size, set, count, &diag);
	if (diag.found == 0)
		return sc;
	diag_print(&diag, talk);
	scenario_free(sc);
	return NULL;
}

/* Up to one byte more than is allowed, so that too much can be seen. */
static bool read_all(FILE *in, char *text, size_t *size)
{
	*size = fread(text, 1, FILE_LIMIT + 1, in);
	return !ferror(in);
}

struct scenario *scenario_load(const char *file,
			       const struct scenario_override *set,
			       uint32_t count, FILE *talk)
{
	bool is_stdin = strcmp(file, "-") == 0;
	char *text = malloc(FILE_LIMIT + 1);
	struct scenario *sc = NULL;
	FILE *in = NULL;
	size_t size;

	assert(talk);
	if (text)
		in = is_stdin ? stdin : fopen(file, "rb");
	if (in && read_all(in, text, &size))
		sc = scenario_parse(file, text, size, set, count, talk);
	else
		fprintf(talk, "%s: error: %s\n", VISIBLE(shown_name(file)),
			strerror(errno));
	if (in && !is_stdin)
		fclose(in);
	free(text);
	return sc;
}

void scenario_free(struct scenario *sc)
{
	if (!sc)
		return;
	for (uint32_t i = 0; i < TRAFFIC_MAX; i++)
		free(sc->traffic[i].pcap);
	free(sc->script);
	free(sc->profile);
	free(sc->name);
	free(sc->file);
	free(sc);
}
