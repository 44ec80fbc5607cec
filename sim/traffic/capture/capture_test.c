/* SPDX-License-Identifier: BSD-3-Clause */
#include <sys/wait.h>

#include "model/unit.h"
#include "sim/traffic/capture/capture.h"
#include "sim/traffic/capture/capture_fixture.h"
#include "sim/traffic/capture/made_packets.h"
#include "sim/traffic/direction/capture_info.h"

#define US     UINT64_C(1000000)
#define SECOND UINT64_C(1000000000000)

static const struct made_frame a_to_b = {1, 2, 1, 2, 1000, 80, 0, 0};
static struct capture c;
static struct capture_packet *packet;
static char error[300];

static void let_go(void)
{
	made_forget(packet);
	packet = NULL;
	capture_close(&c);
}

static bool read_as(const char *file, bool pad, uint64_t gap)
{
	struct capture_options options = {pad, gap};

	error[0] = 0;
	if (!capture_open(file, &options, &c, error, sizeof error))
		return false;
	packet = made_packets(&c);
	return true;
}

static void read_good(const char *file, uint64_t count)
{
	CU_ASSERT_TRUE_FATAL(read_as(file, true, 0));
	CU_ASSERT_EQUAL_FATAL(c.count, count);
	CU_ASSERT_FALSE(c.damaged);
}

static void expect_error(const char *file, const char *words)
{
	CU_ASSERT_FALSE(read_as(file, true, 0));
	CU_ASSERT_PTR_NOT_NULL(strstr(error, words));
	CU_ASSERT_EQUAL(strncmp(error, file, strlen(file)), 0);
	CU_ASSERT_PTR_NULL(c.stream);
}

static void expect_damage(const char *file, uint64_t good, const char *words)
{
	CU_ASSERT_TRUE_FATAL(read_as(file, true, 0));
	CU_ASSERT_TRUE(c.damaged);
	CU_ASSERT_EQUAL(c.count, good);
	CU_ASSERT_PTR_NOT_NULL(strstr(c.problem, words));
	let_go();
}

/* Two frames, 60 and 100 bytes, 7 us apart. */
static struct made two_frames(void)
{
	struct made m = made_plain();

	made_packet(&m, 1000000, &a_to_b, 60);
	made_packet(&m, 1000007, &a_to_b, 100);
	return m;
}

static void plain(void)
{
	struct made m = two_frames();

	read_good(made_save(&m, "a"), 2);
	CU_ASSERT_EQUAL(c.bytes, 160);
	CU_ASSERT_EQUAL(packet[0].time_ps, 0);
	CU_ASSERT_EQUAL(packet[1].time_ps, 7 * US);
	CU_ASSERT_EQUAL(packet[1].bytes[35], 1000 & 0xff);
	CU_ASSERT_EQUAL(c.frame_min, 60);
	CU_ASSERT_EQUAL(c.frame_max, 100);
	CU_ASSERT_STRING_EQUAL(c.format, "pcap");
	CU_ASSERT_FALSE(c.packing || c.nanoseconds || c.converted);
	let_go();
}

static void big_endian_nanoseconds(void)
{
	struct made m = made_pcap(0xa1b23c4d, true, 1);
	uint8_t frame[64] = {0};

	made_record(&m, 5, 999999999, frame, 64, 64);
	made_record(&m, 6, 2, frame, 64, 64);
	read_good(made_save(&m, "a"), 2);
	CU_ASSERT_TRUE(c.nanoseconds);
	CU_ASSERT_EQUAL(packet[1].time_ps, 3000);
	CU_ASSERT_TRUE(c.big_endian);
	let_go();
}

static void pcapng(void)
{
	for (int big = 0; big < 2; big++) {
		struct made m = made_pcapng(big, 1, 9);
		uint8_t frame[61] = {[60] = 7};

		made_block(&m, 1000000001, frame, 61, 61);
		made_block(&m, 1000000004, frame, 61, 61);
		/* The name lies; the content counts. */
		read_good(made_save(&m, "a.pcap"), 2);
		CU_ASSERT_STRING_EQUAL(c.format, "pcapng");
		CU_ASSERT_TRUE(c.nanoseconds);
		CU_ASSERT_EQUAL(packet[1].time_ps, 3000);
		CU_ASSERT_EQUAL(packet[1].bytes[60], 7);
		let_go();
	}
}

static void gzipped(void)
{
	struct made m = two_frames();
	struct made packed = made_gzip(&m);

	expect_damage(made_save_part(&packed, "a", packed.len - 9), 2, "gzip");
	packed.bytes[packed.len - 6] ^= 1; /* its checksum */
	expect_damage(made_save_part(&packed, "a", packed.len), 2,
		      "gzip: incorrect data check");
	packed.bytes[packed.len - 6] ^= 1;
	read_good(made_save(&packed, "a"), 2);
	CU_ASSERT_TRUE(c.packing == PACKING_GZIP);
	let_go();
}

/* Standard input is read in a child, so that this program keeps its own. */
static void standard_input(void)
{
	struct made m = two_frames();
	struct made packed = made_gzip(&m);
	const char *path = made_save(&packed, "a");
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		bool ok = freopen(path, "rb", stdin) && read_as("-", true, 0) &&
			  c.count == 2 && c.packing == PACKING_GZIP;

		let_go();
		_exit(ok ? 0 : 1);
	}
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	CU_ASSERT_EQUAL(status, 0);
}

static void no_capture_at_all(void)
{
	struct made m = {.len = 0};

	expect_error(made_path("missing"), "No such file");
	expect_error(made_folder(), "directory");
	expect_error(made_save(&m, "a"), "truncated");
	made_32(&m, 1);
	expect_error(made_save_part(&m, "a", 2), "truncated");
	made_zeros(&m, 60);
	expect_error(made_save(&m, "a"), "unknown file format");
	m = made_pcap(0xa1b2c3d4, false, 105);
	expect_error(made_save(&m, "a"), "IEEE802_11");
}

static void zero_packets(void)
{
	struct made m = made_plain();

	read_good(made_save(&m, "a"), 0);
	CU_ASSERT_EQUAL(c.frame_max, 0);
	let_go();
}

/* Cut anywhere, a file keeps the packets before the cut. */
static void every_cut(void)
{
	struct made m = two_frames();

	for (size_t len = 0; len <= m.len; len++) {
		const char *path = made_save_part(&m, "a", len);
		bool ok = read_as(path, true, 0);

		CU_ASSERT_EQUAL(ok, len >= 24);
		if (!ok)
			continue;
		CU_ASSERT_EQUAL(c.count, (len >= 100) + (len >= 216));
		CU_ASSERT_EQUAL(c.damaged,
				len != 24 && len != 100 && len != 216);
		let_go();
	}
	free(m.bytes);
}

static void corrupt_length(void)
{
	struct made m = two_frames();

	made_32(&m, 2);
	made_32(&m, 0);
	made_32(&m, 3925868813);
	made_32(&m, 60);
	expect_damage(made_save(&m, "a"), 2, "3925868813");
}

static void empty_record(void)
{
	struct made m = made_plain();

	made_record(&m, 1, 0, NULL, 0, 0);
	read_good(made_save(&m, "a"), 1);
	CU_ASSERT_EQUAL(packet[0].len, 0);
	CU_ASSERT_PTR_NOT_NULL(packet[0].bytes);
	let_go();
}

static void snapped_frames(void)
{
	struct made m = made_plain();
	uint8_t frame[60];
	const char *path;

	memset(frame, 0xee, sizeof frame);
	made_record(&m, 1, 0, frame, 60, 1514);
	made_record(&m, 1, 0, frame, 60, 60);
	path = made_save(&m, "a");
	read_good(path, 2);
	CU_ASSERT_EQUAL(c.snapped, 1);
	CU_ASSERT_EQUAL(c.zeros, 1454);
	CU_ASSERT_EQUAL(packet[0].len, 1514);
	CU_ASSERT_EQUAL(packet[0].bytes[59], 0xee);
	CU_ASSERT_EQUAL(packet[0].bytes[60] | packet[0].bytes[1513], 0);
	CU_ASSERT_EQUAL(packet[1].bytes[0], 0xee);
	let_go();
	CU_ASSERT_TRUE(read_as(path, false, 0));
	CU_ASSERT_EQUAL(packet[0].len, 60);
	CU_ASSERT_EQUAL(packet[0].wire_len, 1514);
	let_go();
}

/* Lengths that lie: huge on the wire, or shorter than what is there. */
static void wire_lengths_lie(void)
{
	struct made m = made_plain();
	uint8_t frame[60] = {0};

	made_record(&m, 1, 0, frame, 60, UINT32_MAX);
	made_record(&m, 1, 0, frame, 60, 3);
	read_good(made_save(&m, "a"), 2);
	CU_ASSERT_EQUAL(packet[0].len, CAPTURE_FRAME_MAX);
	CU_ASSERT_EQUAL(packet[0].wire_len, UINT32_MAX);
	CU_ASSERT_EQUAL(packet[1].len, 60);
	CU_ASSERT_EQUAL(packet[1].wire_len, 60);
	let_go();
}

static void very_long_frame(void)
{
	struct made m = made_plain();

	made_packet(&m, 0, &a_to_b, 65589);
	made_packet(&m, 0, &a_to_b, 262144);
	read_good(made_save(&m, "a"), 2);
	CU_ASSERT_EQUAL(packet[0].len, 65589);
	CU_ASSERT_EQUAL(packet[1].len, 262144);
	let_go();
}

static void stamps_go_back(void)
{
	struct made m = made_plain();
	const char *path;

	made_packet(&m, 5000000, &a_to_b, 60);
	made_packet(&m, 4000000, &a_to_b, 60);
	made_packet(&m, 5000010, &a_to_b, 60);
	made_packet(&m, 5000003, &a_to_b, 60);
	made_packet(&m, 5000020, &a_to_b, 60);
	path = made_save(&m, "a");
	read_good(path, 5);
	CU_ASSERT_EQUAL(c.backwards, 2);
	CU_ASSERT_EQUAL(packet[1].time_ps, 0);
	CU_ASSERT_EQUAL(packet[2].time_ps, 10 * US);
	CU_ASSERT_EQUAL(packet[3].time_ps, 10 * US);
	CU_ASSERT_EQUAL(packet[4].time_ps, 20 * US);
	let_go();
}

static void long_gaps_are_cut(void)
{
	struct made m = made_plain();
	const char *path;

	made_packet(&m, 0, &a_to_b, 60);
	made_packet(&m, 50000000, &a_to_b, 60);
	made_packet(&m, 50000010, &a_to_b, 60);
	made_packet(&m, 1000, &a_to_b, 60); /* back by more than the limit */
	made_packet(&m, 1005, &a_to_b, 60);
	path = made_save(&m, "a");
	CU_ASSERT_TRUE_FATAL(read_as(path, true, 100 * US));
	CU_ASSERT_EQUAL(c.cut_gaps, 1);
	CU_ASSERT_EQUAL(c.backwards, 1);
	CU_ASSERT_EQUAL(packet[1].time_ps, 100 * US);
	CU_ASSERT_EQUAL(packet[2].time_ps, 110 * US);
	CU_ASSERT_EQUAL(packet[3].time_ps, 110 * US);
	CU_ASSERT_EQUAL(packet[4].time_ps, 115 * US);
	let_go();
}

/* Stamps of 64 bits: half a million years from now, then 1970 again. */
static void absurd_stamps(void)
{
	struct made m = made_pcapng(false, 1, 6);
	uint8_t frame[60] = {0};

	made_block(&m, 1000000, frame, 60, 60);
	made_block(&m, UINT64_MAX, frame, 60, 60);
	made_block(&m, UINT64_MAX - 1, frame, 60, 60);
	made_block(&m, 0, frame, 60, 60);
	made_block(&m, 3, frame, 60, 60);
	CU_ASSERT_TRUE_FATAL(read_as(made_save(&m, "a"), true, SECOND));
	CU_ASSERT_EQUAL(c.count, 5);
	CU_ASSERT_EQUAL(c.gap_limit_ps, SECOND);
	CU_ASSERT_EQUAL(c.cut_gaps, 1);
	CU_ASSERT_EQUAL(packet[1].time_ps, SECOND);
	CU_ASSERT_EQUAL(packet[4].time_ps, SECOND + 3 * US);
	let_go();
}

/* No limit keeps an absurd gap: the sum stops at the end of all time. */
static void absurd_limit(void)
{
	struct made m = made_pcapng(false, 1, 6);
	uint8_t frame[60] = {0};

	made_block(&m, 0, frame, 60, 60);
	made_block(&m, UINT64_MAX, frame, 60, 60);
	CU_ASSERT_TRUE_FATAL(read_as(made_save(&m, "a"), true, 0));
	CU_ASSERT_EQUAL(c.span_ps, UINT64_MAX);
	CU_ASSERT_EQUAL(packet[1].time_ps, UINT64_MAX);
	let_go();
}

static void raw_ip_becomes_ethernet(void)
{
	struct made m = made_pcap(0xa1b2c3d4, false, 101);
	uint8_t frame[60];

	made_fill(&a_to_b, frame, sizeof frame);
	made_record(&m, 1, 0, frame + 14, 46, 100);
	made_record(&m, 1, 0, NULL, 0, 0);
	read_good(made_save(&m, "a"), 2);
	CU_ASSERT_EQUAL(c.converted, 2);
	CU_ASSERT_EQUAL(c.linktype[0].type, 12);
	CU_ASSERT_EQUAL(packet[0].len, 114);
	CU_ASSERT_EQUAL(packet[0].wire_len, 114);
	CU_ASSERT_EQUAL(memcmp(packet[0].bytes + 12, "\x08\0\x45", 3), 0);
	CU_ASSERT_EQUAL(packet[1].len, 14);
	let_go();
}

/* A small file of nothing but claims: its zeros are counted, never stored. */
static void padding_bomb(void)
{
	struct made m = made_plain();
	struct made packed;

	for (int i = 0; i < 1000; i++)
		made_record(&m, 0, 0, NULL, 0, UINT32_MAX);
	packed = made_gzip(&m);
	CU_ASSERT_TRUE(packed.len < 1000);
	CU_ASSERT_TRUE_FATAL(capture_open(
		made_save(&packed, "a"), &(struct capture_options){.pad = true},
		&c, error, sizeof error));
	CU_ASSERT_EQUAL(c.zeros, UINT64_C(1000) * CAPTURE_FRAME_MAX);
	CU_ASSERT_EQUAL(c.stream->spool.held, 24 + 16000);
	capture_close(&c);
}

/* Any byte of a small file takes other values: no crash, no false count. */
static void every_byte_lies(void)
{
	struct made m = two_frames();

	for (size_t at = 0; at < 120 && at < m.len; at++)
		for (int bit = 0; bit < 8; bit++) {
			m.bytes[at] ^= (uint8_t)(1 << bit);
			if (read_as(made_save_part(&m, "a", m.len), true, 0))
				CU_ASSERT(c.count <= 9);
			let_go();
			m.bytes[at] ^= (uint8_t)(1 << bit);
		}
	free(m.bytes);
}

static void describes(void)
{
	struct made m = made_plain();
	static const struct made_frame b_to_a = {2, 1, 2, 1, 80, 1000, 0, 0};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	made_packet(&m, 0, &a_to_b, 60);
	made_packet(&m, 10, &a_to_b, 60);
	made_packet(&m, 20, &b_to_a, 1000);
	read_good(made_save(&m, "a"), 3);
	CU_ASSERT_TRUE(
		capture_describe(&c, "some.pcap", out, error, sizeof error));
	let_go();
	fclose(out);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "some.pcap\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "EN10MB (1)\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "60 to 1000 bytes\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "0.000020000 s\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "150000 packets/s"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "frames 2 : 1, bytes 120 : 1000"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "auto decides by mac\n"));
	free(text);
}

static void cleans_up(void)
{
	static const char *const names[] = {"a", "a.pcap", NULL};

	made_clean(names);
	CU_ASSERT_NOT_EQUAL(access(made_folder(), F_OK), 0);
}

static const struct unit_case cases[] = {
	{"plain", plain},
	{"big-endian nanoseconds", big_endian_nanoseconds},
	{"pcapng", pcapng},
	{"gzip, whole and broken", gzipped},
	{"standard input", standard_input},
	{"no capture at all", no_capture_at_all},
	{"zero packets", zero_packets},
	{"every cut", every_cut},
	{"corrupt length", corrupt_length},
	{"empty record", empty_record},
	{"snapped frames", snapped_frames},
	{"wire lengths lie", wire_lengths_lie},
	{"very long frame", very_long_frame},
	{"stamps go back", stamps_go_back},
	{"long gaps are cut", long_gaps_are_cut},
	{"absurd stamps", absurd_stamps},
	{"absurd limit", absurd_limit},
	{"raw IP becomes Ethernet", raw_ip_becomes_ethernet},
	{"padding bomb", padding_bomb},
	{"every byte lies", every_byte_lies},
	{"describes", describes},
	{"cleans up", cleans_up},
};

UNIT_MAIN("capture", cases)
