/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/unit.h"
#include "sim/traffic/capture/capture_fixture.h"
#include "sim/traffic/capture/stream.h"

static char error[200];

/* Reads all of @path; the number of bytes, and whether they are 0, 1, 2... */
static size_t read_all(const char *path, struct stream *s, bool *counted)
{
	uint8_t part[1000];
	size_t count = 0;
	int64_t got;

	CU_ASSERT_TRUE_FATAL(stream_open(s, path, error, sizeof error));
	*counted = true;
	while ((got = stream_read(s, count, part, sizeof part)) > 0)
		for (int64_t i = 0; i < got; i++)
			*counted &= part[i] == (int)(count++ % 251);
	CU_ASSERT_EQUAL(got, 0);
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

	for (enum packing p = PACKING_NONE; p < PACKING_KINDS; p++)
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
			struct made m = counting(sizes[i]);
			struct stream s;
			bool counted;

			if (p != PACKING_NONE)
				m = made_packed(&m, p);
			CU_ASSERT_EQUAL(
				read_all(made_save(&m, "a"), &s, &counted),
				sizes[i]);
			CU_ASSERT_TRUE(counted);
			CU_ASSERT_EQUAL(s.packing, p);
			CU_ASSERT_EQUAL(s.problem[0], 0);
			stream_close(&s);
		}
}

/* Cut anywhere, what is before the cut is there, and the rest is named. */
static void what_is_cut_is_a_problem(void)
{
	for (enum packing p = PACKING_NONE + 1; p < PACKING_KINDS; p++) {
		struct made m = counting(1000);
		struct made packed = made_packed(&m, p);
		char words[80];

		snprintf(words, sizeof words, "%s: unexpected end",
			 packing_name(p));
		for (size_t len = 10; len < packed.len; len++) {
			const char *path = made_save_part(&packed, "a", len);
			struct stream s;
			bool counted;

			if (!stream_open(&s, path, error, sizeof error)) {
				CU_ASSERT_PTR_NOT_NULL(strstr(error, words));
				continue;
			}
			stream_close(&s);
			CU_ASSERT(read_all(path, &s, &counted) <= 1000);
			CU_ASSERT_TRUE(counted);
			CU_ASSERT_PTR_NOT_NULL(strstr(s.problem, words));
			stream_close(&s);
		}
		free(packed.bytes);
	}
}

/* Several parts one behind the other are one file, and zeros may follow. */
static void parts_are_one(void)
{
	for (enum packing p = PACKING_NONE + 1; p < PACKING_KINDS; p++) {
		struct made m = counting(251), one = made_packed(&m, p);
		struct made all = {.len = 0};
		struct stream s;
		bool counted;

		made_put(&all, one.bytes, one.len);
		made_put(&all, one.bytes, one.len);
		made_zeros(&all, 512);
		CU_ASSERT_EQUAL(read_all(made_save_part(&all, "a", all.len), &s,
					 &counted),
				502);
		CU_ASSERT_TRUE(counted && !s.problem[0]);
		stream_close(&s);
		made_put(&all, "x", 1);
		CU_ASSERT_EQUAL(read_all(made_save(&all, "a"), &s, &counted),
				502);
		CU_ASSERT_PTR_NOT_NULL(
			strstr(s.problem, "something else follows"));
		stream_close(&s);
		free(one.bytes);
	}
}

/* Any byte of a packed file takes other values: no crash, no byte too much. */
static void packed_bytes_lie(void)
{
	for (enum packing p = PACKING_NONE + 1; p < PACKING_KINDS; p++) {
		struct made m = counting(300), packed = made_packed(&m, p);

		for (size_t at = 0; at < packed.len; at++) {
			struct stream s;

			packed.bytes[at] ^= 0x55;
			if (stream_open(
				    &s,
				    made_save_part(&packed, "a", packed.len),
				    error, sizeof error))
				stream_close(&s);
			packed.bytes[at] ^= 0x55;
		}
		free(packed.bytes);
	}
}

static void other_packers_are_named(void)
{
	static const char *const head[] = {"\x04\x22\x4d\x18", "PK\3\4",
					   "LZIP"};
	static const char *const name[] = {"packed by lz4", "packed by zip",
					   "lzip -dc FILE"};

	for (int i = 0; i < 3; i++) {
		struct made m = {.len = 0};
		struct stream s;

		made_put(&m, head[i], 4);
		made_zeros(&m, 50);
		CU_ASSERT_FALSE(stream_open(&s, made_save(&m, "a"), error,
					    sizeof error));
		CU_ASSERT_PTR_NOT_NULL(strstr(error, name[i]));
	}
}

/* A pipe is read to its end, and then anywhere and again. */
static void a_pipe_can_be_read_again(void)
{
	int end[2], old = dup(STDIN_FILENO);
	uint8_t byte;
	struct stream s;

	CU_ASSERT_EQUAL_FATAL(pipe(end), 0);
	CU_ASSERT_EQUAL(write(end[1], "abcdef", 6), 6);
	close(end[1]);
	dup2(end[0], STDIN_FILENO);
	CU_ASSERT_TRUE_FATAL(stream_open(&s, "-", error, sizeof error));
	for (int i = 5; i >= 0; i--) {
		CU_ASSERT_EQUAL(stream_read(&s, (uint64_t)i, &byte, 1), 1);
		CU_ASSERT_EQUAL(byte, 'a' + i);
	}
	CU_ASSERT_EQUAL(stream_read(&s, 6, &byte, 1), 0);
	stream_close(&s);
	dup2(old, STDIN_FILENO);
	close(old);
	close(end[0]);
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
	{"what is cut is a problem", what_is_cut_is_a_problem},
	{"parts are one", parts_are_one},
	{"packed bytes lie", packed_bytes_lie},
	{"other packers are named", other_packers_are_named},
	{"a pipe can be read again", a_pipe_can_be_read_again},
	{"what cannot be read is named", what_cannot_be_read_is_named},
};

UNIT_MAIN("stream", cases)
