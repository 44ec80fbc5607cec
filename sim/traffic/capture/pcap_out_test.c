/* SPDX-License-Identifier: BSD-3-Clause */
#include <dirent.h>

#include "model/unit.h"
#include "sim/traffic/capture/capture.h"
#include "sim/traffic/capture/capture_fixture.h"
#include "sim/traffic/capture/made_packets.h"
#include "sim/traffic/capture/pcap_out.h"

static char error[300];
static struct capture_packet *packet; /* of what was last read back */
static uint8_t bytes[300000];

static struct world_config two_vms(void)
{
	struct world_config w = {.vms = 2};

	strcpy(w.vm[0].name, "vm1");
	strcpy(w.vm[1].name, "vm2");
	return w;
}

static struct pcap_out *open_out(void)
{
	struct world_config w = two_vms();
	struct pcap_out *o =
		pcap_out_open(made_folder(), &w, error, sizeof error);

	CU_ASSERT_PTR_NOT_NULL_FATAL(o);
	return o;
}

static void write_one(struct pcap_out *o, uint32_t vm, uint64_t ps,
		      uint32_t len)
{
	struct app_segment piece = {bytes, len};

	pcap_out_packet(o, vm, ps, &piece, 1);
}

static void read_back(const char *name, struct capture *c)
{
	struct capture_options options = {.pad = false};

	CU_ASSERT_TRUE_FATAL(capture_open(made_path(name), &options, c, error,
					  sizeof error));
	CU_ASSERT_FALSE(c->damaged);
	made_forget(packet);
	packet = made_packets(c);
}

/* Whether a file is there that has no name yet. */
static bool is_anything_left(void)
{
	DIR *folder = opendir(made_folder());
	bool left = false;

	CU_ASSERT_PTR_NOT_NULL_FATAL(folder);
	for (struct dirent *e; (e = readdir(folder));)
		left |= strstr(e->d_name, ".pcap.") != NULL;
	closedir(folder);
	return left;
}

static void what_is_written_is_read(void)
{
	struct app_segment pieces[3] = {{bytes, 10}, {NULL, 0}, {bytes, 50}};
	struct pcap_out *o = open_out();
	struct capture c;

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)i;
	write_one(o, 1, 1000000000000, 64);
	pcap_out_packet(o, 1, 1000000005999, pieces, 3);
	CU_ASSERT_NOT_EQUAL(access(made_path("vm2.pcap"), F_OK), 0);
	CU_ASSERT_TRUE(pcap_out_close(o, error, sizeof error));
	read_back("vm2.pcap", &c);
	CU_ASSERT_EQUAL_FATAL(c.count, 2);
	CU_ASSERT_TRUE(c.nanoseconds);
	CU_ASSERT_EQUAL(packet[0].len, 64);
	CU_ASSERT_EQUAL(packet[1].len, 60);
	CU_ASSERT_EQUAL(packet[1].time_ps, 5000);
	CU_ASSERT_EQUAL(memcmp(packet[1].bytes + 10, bytes, 50), 0);
	capture_close(&c);
	read_back("vm1.pcap", &c);
	CU_ASSERT_EQUAL(c.count, 0);
	capture_close(&c);
	CU_ASSERT_FALSE(is_anything_left());
}

/* The same bytes on every machine. */
static void bytes_are_little_endian(void)
{
	static const uint8_t want[] = {
		0x4d, 0x3c, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0,
		0,    0,    0,    0,    4, 0, 1, 0, 0, 0, 3, 0, 0, 0,
		0x39, 0x30, 0,    0,    2, 0, 0, 0, 2, 0, 0, 0, 0, 1};
	struct pcap_out *o = open_out();
	uint8_t got[sizeof want + 1];
	FILE *file;

	write_one(o, 0, UINT64_C(3000012345000), 2);
	CU_ASSERT_TRUE(pcap_out_close(o, error, sizeof error));
	file = fopen(made_path("vm1.pcap"), "rb");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_EQUAL(fread(got, 1, sizeof got, file), sizeof want);
	CU_ASSERT_EQUAL(memcmp(got, want, sizeof want), 0);
	fclose(file);
}

static void long_frames_are_cut(void)
{
	struct app_segment pieces[2] = {{bytes, 250000}, {bytes, 250000}};
	struct pcap_out *o = open_out();
	struct capture c;

	pcap_out_packet(o, 0, 0, pieces, 2);
	write_one(o, 0, 0, 300000);
	CU_ASSERT_TRUE(pcap_out_close(o, error, sizeof error));
	read_back("vm1.pcap", &c);
	CU_ASSERT_EQUAL_FATAL(c.count, 2);
	CU_ASSERT_EQUAL(packet[0].wire_len, 500000);
	CU_ASSERT_EQUAL(packet[1].len, 262144);
	capture_close(&c);
}

static void discarded_leaves_nothing(void)
{
	struct pcap_out *o = open_out();

	unlink(made_path("vm1.pcap"));
	write_one(o, 0, 0, 64);
	CU_ASSERT_TRUE(is_anything_left());
	pcap_out_discard(o);
	CU_ASSERT_FALSE(is_anything_left());
	CU_ASSERT_NOT_EQUAL(access(made_path("vm1.pcap"), F_OK), 0);
}

/* A full disk: each write fails, and the end says so once. */
static void full_disk(void)
{
	struct pcap_out *o;

	if (access("/dev/full", W_OK) != 0) {
		puts("skipped: no /dev/full here");
		return;
	}
	CU_ASSERT_EQUAL_FATAL(symlink("/dev/full", made_path("vm1.pcap")), 0);
	o = open_out();
	for (int i = 0; i < 1000; i++)
		write_one(o, 0, 0, 1514);
	CU_ASSERT_FALSE(pcap_out_close(o, error, sizeof error));
	CU_ASSERT_PTR_NOT_NULL(strstr(error, "vm1.pcap': No space left"));
	CU_ASSERT_FALSE(is_anything_left());
	unlink(made_path("vm1.pcap"));
}

static void bad_places_are_named(void)
{
	struct world_config w = two_vms();

	CU_ASSERT_PTR_NULL(
		pcap_out_open("/nonexistent/dir", &w, error, sizeof error));
	CU_ASSERT_STRING_EQUAL(error, "cannot write into '/nonexistent/dir': "
				      "No such file or directory");
	strcpy(w.vm[1].name, "../vm2");
	CU_ASSERT_PTR_NULL(
		pcap_out_open(made_folder(), &w, error, sizeof error));
	CU_ASSERT_PTR_NOT_NULL(strstr(error, "Invalid argument"));
	CU_ASSERT_FALSE(is_anything_left());
}

static void cleans_up(void)
{
	static const char *const names[] = {"vm1.pcap", "vm2.pcap", NULL};

	made_forget(packet);
	made_clean(names);
	CU_ASSERT_NOT_EQUAL(access(made_folder(), F_OK), 0);
}

static const struct unit_case cases[] = {
	{"what is written is read", what_is_written_is_read},
	{"bytes are little-endian", bytes_are_little_endian},
	{"long frames are cut", long_frames_are_cut},
	{"discarded leaves nothing", discarded_leaves_nothing},
	{"full disk", full_disk},
	{"bad places are named", bad_places_are_named},
	{"cleans up", cleans_up},
};

UNIT_MAIN("pcap_out", cases)
