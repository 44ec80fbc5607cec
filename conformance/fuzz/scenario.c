/* SPDX-License-Identifier: BSD-3-Clause */
/* The bytes are a scenario. What loads can be printed, and loads again. */
#include <string.h>

#include "conformance/fuzz/fuzz.h"
#include "sim/scenario/scenario.h"

static char *printed(const struct scenario *sc, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	if (!out)
		abort();
	scenario_print(sc, out);
	if (fclose(out) != 0)
		abort();
	return text;
}

static struct scenario *parsed(const char *text, size_t size)
{
	return scenario_parse("fuzz.yaml", text, size, NULL, 0, fuzz_nowhere());
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct scenario *sc = parsed((const char *)data, size), *again;
	char *once, *twice;

	if (!sc)
		return 0;
	once = printed(sc, &size);
	again = parsed(once, size);
	if (!again)
		abort();
	twice = printed(again, &size);
	if (strcmp(once, twice) != 0)
		abort();
	scenario_free(again);
	scenario_free(sc);
	free(twice);
	free(once);
	return 0;
}
