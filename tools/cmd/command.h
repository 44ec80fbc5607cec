/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The verbs of twinring. Knows their names; what a verb does is in its own file
 * of this folder.
 */
#ifndef TWINRING_TOOLS_CMD_COMMAND_H
#define TWINRING_TOOLS_CMD_COMMAND_H

#include "tools/line/exit_code.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv); /* argv[0] is the verb */
	const char *words;                 /* one line */
};

int cmd_run(int argc, char **argv);
int cmd_explore(int argc, char **argv);
int cmd_swarm(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_bench(int argc, char **argv);
int cmd_calibrate(int argc, char **argv);
int cmd_pcap(int argc, char **argv);

#endif
