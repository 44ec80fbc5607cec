/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/line/profile.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/system/outfile.h"
#include "sim/text/guess.h"
#include "sim/text/visible.h"
#include "tools/line/exit_code.h"

enum { FILE_LIMIT = 1 << 20 };

static bool is_file(const char *name)
{
	size_t length = strlen(name);

	return strchr(name, '/') ||
	       (length > 5 && strcmp(name + length - 5, ".yaml") == 0);
}

static int parse(struct cost_model *out, const char *file, const char *text,
		 size_t size, FILE *talk)
{
	return cost_model_parse(out, file, text, size, talk) ? EXIT_PASSED
							     : EXIT_USAGE;
}

static int load_file(const char *file, struct cost_model *out, FILE *talk)
{
	char *text = malloc(FILE_LIMIT);
	FILE *in = text ? fopen(file, "rb") : NULL;
	int code = EXIT_INPUT;
	size_t size = 0;

	if (in)
		size = fread(text, 1, FILE_LIMIT, in);
	if (!text)
		code = EXIT_FAILED;
	if (!in || ferror(in))
		fprintf(talk, "%s: error: %s\n", VISIBLE(file),
			strerror(errno));
	else if (size == FILE_LIMIT)
		fprintf(talk, "%s: error: too long for a profile\n",
			VISIBLE(file));
	else if (outfile_reads(file))
		code = parse(out, file, text, size, talk);
	else
		code = EXIT_FAILED;
	if (in)
		fclose(in);
	free(text);
	return code;
}

int profile_load(const char *name, struct cost_model *out, FILE *talk)
{
	const struct embedded_text *p;
	struct guess g = guess_of(name);
	char near[80];

	assert(out && talk);
	if (is_file(name))
		return load_file(name, out, talk);
	for (p = profile_texts; p->name && strcmp(p->name, name) != 0; p++)
		guess_try(&g, p->name);
	if (p->name)
		return parse(out, p->name, p->text, p->size, talk);
	fprintf(talk, "twinring: no profile is called '%s'%s\n", name,
		guess_words(&g, near, sizeof near));
	fprintf(talk, "'twinring list profiles' names them; a file has a slash "
		      "in its name or .yaml at its end.\n");
	return EXIT_USAGE;
}

const char *profile_words(const struct embedded_text *p, char *out, size_t size)
{
	const char *line = p->text + strspn(p->text, "# ");

	assert(p->name && size > 0);
	snprintf(out, size, "%.*s", (int)strcspn(line, "\n"), line);
	return out;
}
