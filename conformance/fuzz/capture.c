/* SPDX-License-Identifier: BSD-3-Clause */
/* The bytes are a capture file; what can be read of it is described. */
#define _GNU_SOURCE /* memfd_create() */
#include <sys/mman.h>
#include <unistd.h>

#include "conformance/fuzz/fuzz.h"
#include "sim/traffic/capture/capture.h"
#include "sim/traffic/direction/capture_info.h"

static void read_one(const char *file, bool pad)
{
	const struct capture_options options = {.pad = pad};
	struct capture c;
	char error[512];

	if (!capture_open(file, &options, &c, error, sizeof error))
		return;
	capture_describe(&c, "fuzz.pcap", fuzz_nowhere(), error, sizeof error);
	capture_close(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz.pcap", 0);
	char file[40];

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(file, sizeof file, "/proc/self/fd/%d", fd);
	read_one(file, true);
	read_one(file, false);
	close(fd);
	return 0;
}
