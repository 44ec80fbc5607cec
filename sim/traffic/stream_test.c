/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/unit.h"
#include "sim/traffic/made.h"
#include "sim/traffic/stream.h"

static char error[200];

/* Reads all of @path; the number of bytes, and whether they are 0, 1, 2... */
static size_t read_all(const char *path, struct stream *s, bool *counted)
{
	size_t count = 0;
	int byte;

	CU_ASSERT_TRUE_FATAL(stream_open(s, path, error, sizeof error));
	*counted = true;
	while ((byte = getc(s->file)) != EOF)
		*counted &= byte == (int)(count++ % 251);
	return count;
}

static struct made counting(size_t len)
{
	struct made m = {.len = 0};

	for (size_t i = 0; i < len; i++)
		made_number(&m, i % 251, 1);
	return m;
}

static void reads_plain_and_packed(void)
{
	static const size_t sizes[] = {0, 1, 3, 4, 5, 300000};

	for (int packed = 0; packed < 2; packed++)
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
			struct made m = counting(sizes[i]);
			struct stream s;
			bool counted;

			if (packed)
				m = made_gzip(&m);
			CU_ASSERT_EQUAL(
				read_all(made_save(&m, "a"), &s, &counted),
				sizes[i]);
			CU_ASSERT_TRUE(counted);
			CU_ASSERT_EQUAL(s.gzip, packed);
			CU_ASSERT_EQUAL(s.problem[0], 0);
			fclose(s.file);
		}
}

static void cut_gzip_is_a_problem(void)
{
	struct made m = counting(1000);
	struct made packed = made_gzip(&m);
	struct stream s;
	bool counted;

	CU_ASSERT_EQUAL(read_all(made_save_part(&packed, "a", packed.len - 1),
				 &s, &counted),
			1000);
	CU_ASSERT_TRUE(ferror(s.file));
	CU_ASSERT_PTR_NOT_NULL(strstr(s.problem, "gzip: unexpected end"));
	fclose(s.file);
	free(packed.bytes);
}

static void what_cannot_be_read_is_named(void)
{
	static const char *const names[] = {"a", NULL};
	struct stream s;

	CU_ASSERT_FALSE(
		stream_open(&s, "/nonexistent/file", error, sizeof error));
	CU_ASSERT_STRING_EQUAL(error,
			       "/nonexistent/file: No such file or directory");
	CU_ASSERT_FALSE(stream_open(&s, made_folder(), error, sizeof error));
	CU_ASSERT_PTR_NOT_NULL(strstr(error, ": Is a directory"));
	made_clean(names);
}

static const struct unit_case cases[] = {
	{"reads plain and packed", reads_plain_and_packed},
	{"cut gzip is a problem", cut_gzip_is_a_problem},
	{"what cannot be read is named", what_cannot_be_read_is_named},
};

UNIT_MAIN("stream", cases)
