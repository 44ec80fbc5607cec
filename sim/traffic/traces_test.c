/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Every capture that MANIFEST.tsv names: the project's own, and those of the
 * folder in TWINRING_TRACES. What can be read has the packets that the
 * manifest says; what cannot fails with words.
 */
#include "model/unit.h"
#include "sim/traffic/capture/capture.h"
#include "sim/traffic/capture/capture_fixture.h"
#include "sim/traffic/tape.h"

enum { COLUMNS = 64, LINE = 8192 };

/* The manifest's columns that matter here. */
struct row {
	const char *file;
	uint64_t packets;
};

static char error[400];

/* Cuts @line at its tabs. */
static int split(char *line, char *field[COLUMNS])
{
	int count = 0;

	line[strcspn(line, "\r\n")] = 0;
	while (line && count < COLUMNS)
		field[count++] = strsep(&line, "\t");
	return count;
}

static int column_of(char *const *field, int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (strcmp(field[i], name) == 0)
			return i;
	return -1;
}

static void check_capture(const char *path, const struct row *row)
{
	struct capture_options options = {.pad = true};
	struct capture c;

	if (!capture_open(path, &options, &c, error, sizeof error)) {
		CU_ASSERT(error[0] != 0);
		printf("\n    %s", error);
		return;
	}
	if (c.damaged) {
		CU_ASSERT(c.count <= row->packets);
		CU_ASSERT(c.problem[0] != 0);
		printf("\n    %s: %s", row->file, c.problem);
	} else {
		CU_ASSERT_EQUAL(c.count, row->packets);
	}
	capture_close(&c);
}

/* Plays all of it between two VMs; the number of packets. */
static uint64_t play(const struct tape *t)
{
	struct tape_cursor *cursors =
		calloc(tape_cursors(t) + 1, sizeof *cursors);
	struct app_packet p;
	uint64_t count = 0;
	uint64_t due;

	CU_ASSERT_PTR_NOT_NULL_FATAL(cursors);
	for (uint32_t from = 0; from < 2; from++) {
		uint64_t last = 0;

		while (tape_peek(t, cursors, from, 1 - from, &p, &due) ==
		       APP_PACKET) {
			CU_ASSERT(p.len && due >= last);
			last = due;
			tape_take(t, cursors, from, 1 - from);
			count++;
		}
	}
	free(cursors);
	return count;
}

static void check_tape(char *path, const struct row *row)
{
	struct scenario sc = {
		.world = {.vms = 2,
			  .links = 1,
			  .link = {{.end = {0, 1}, .members = 2}}},
		.traffics = 1,
		.traffic = {{.kind = TRAFFIC_PCAP,
			     .pcap = path,
			     .damaged = DAMAGED_USE}}};
	int exit_code = 0;
	struct tape *t = tape_open(&sc, NULL, error, sizeof error, &exit_code);

	if (!t) {
		CU_ASSERT_EQUAL(exit_code, 3);
		return;
	}
	CU_ASSERT(tape_packets(t) <= row->packets);
	CU_ASSERT_EQUAL(play(t), tape_packets(t));
	tape_close(t);
}

static void check_row(const char *folder, const struct row *row)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/%s", folder, row->file);
	check_capture(path, row);
	check_tape(path, row);
}

static void check_rows(FILE *manifest, const char *folder)
{
	static char line[LINE];
	char *field[COLUMNS];
	int file, packets, count;
	int rows = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(fgets(line, sizeof line, manifest));
	count = split(line, field);
	file = column_of(field, count, "file");
	packets = column_of(field, count, "packets");
	CU_ASSERT_FATAL(file >= 0 && packets >= 0);
	while (fgets(line, sizeof line, manifest)) {
		struct row row;

		count = split(line, field);
		CU_ASSERT_FATAL(count > file && count > packets);
		row.file = field[file];
		row.packets = strtoull(field[packets], NULL, 10);
		check_row(folder, &row);
		rows++;
	}
	printf("\n    %d captures ", rows);
	CU_ASSERT(rows > 0);
}

static void check_folder(const char *folder)
{
	char path[4096];
	FILE *manifest;

	snprintf(path, sizeof path, "%s/MANIFEST.tsv", folder);
	manifest = fopen(path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(manifest);
	check_rows(manifest, folder);
	fclose(manifest);
}

static void our_own(void)
{
	check_folder("traces");
}

static void those_of_the_user(void)
{
	const char *folder = getenv("TWINRING_TRACES");

	if (folder && folder[0])
		check_folder(folder);
	else
		printf("skipped: TWINRING_TRACES is not set ");
}

static const struct unit_case cases[] = {
	{"our own", our_own},
	{"those of the user", those_of_the_user},
};

UNIT_MAIN("traces", cases)
