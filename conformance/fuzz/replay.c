/* SPDX-License-Identifier: BSD-3-Clause */
/* A target without a fuzzer: tries the files that are named. */
#include "conformance/fuzz/fuzz.h"

enum { FILE_MOST = 1 << 20 };

static int try_file(const char *name, uint8_t *bytes)
{
	FILE *f = fopen(name, "rb");
	size_t size;

	if (!f) {
		perror(name);
		return 3;
	}
	size = fread(bytes, 1, FILE_MOST, f);
	fclose(f);
	LLVMFuzzerTestOneInput(bytes, size);
	return 0;
}

int main(int argc, char **argv)
{
	uint8_t *bytes = malloc(FILE_MOST);
	int worst = bytes ? 0 : 4;

	for (int i = 1; i < argc && !worst; i++)
		worst = try_file(argv[i], bytes);
	free(bytes);
	return worst;
}
