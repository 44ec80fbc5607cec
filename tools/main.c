/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * twinring: one program, one verb a file. Knows the verbs' names and the
 * standard streams; what a verb does it must not know.
 */
#include <bzlib.h>
#include <errno.h>
#include <fcntl.h>
#include <lzma.h>
#include <pcap/pcap.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>
#include <yaml.h>
#include <zlib.h>
#include <zstd.h>

#include "sim/system/outfile.h"
#include "sim/text/guess.h"
#include "sim/text/visible.h"
#include "sim/traffic/capture/spool.h"
#include "tools/cmd/command.h"
#include "tools/line/version.h"
#include "tools/system/interrupt.h"

/* A new verb is a row here, a line in command.h and a file. */
static const struct command commands[] = {
	{"run", cmd_run, "run a scenario and judge it"},
	{"compare", cmd_compare,
	 "run a scenario over several paths, side by side"},
	{"bench", cmd_bench, "measure the real ring code on this host"},
	{"calibrate", cmd_calibrate,
	 "measure prices on this host, as a profile"},
	{"explore", cmd_explore, "try every order of events of a small world"},
	{"swarm", cmd_swarm, "try many tiny randomised worlds, with faults"},
	{"check", cmd_check, "say what is wrong with scenarios, run nothing"},
	{"pcap", cmd_pcap, "look at captures as scenarios would see them"},
	{"list", cmd_list, "list rules, paths, clauses, costs and the like"},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static const char usage[] =
	"Usage: twinring VERB [OPTION]... [WORD]...\n"
	"\n"
	"Simulates virtual machines that hand packets to each other without "
	"copying them,\n"
	"and judges every step by the rules of virtio and of the Shared "
	"Buffers BAR.\n"
	"\n"
	"Verbs:\n";

static const char more[] =
	"\n"
	"  -h, --help      show this and end; 'twinring VERB --help' says "
	"more\n"
	"  -V, --version   show versions and end\n"
	"\n"
	"Examples:\n"
	"  twinring run my.yaml --seed 7\n"
	"  twinring run my.yaml --set ring.size=64 --json result.json\n"
	"  twinring list rules\n"
	"\n"
	"Exit status:\n"
	"  0  every rule and expectation held\n"
	"  1  a rule was broken or an expectation not met\n"
	"  2  the command line or the scenario is wrong\n"
	"  3  an input cannot be read\n"
	"  4  an output cannot be written, memory is out, or a bug of ours\n"
	"  5  an exploration was cut off by a limit; what was seen held\n"
	"  129, 130, 131, 143  ended by SIGHUP, Ctrl-C, SIGQUIT or SIGTERM\n";

static int show_usage(FILE *out, int code)
{
	fputs(usage, out);
	for (int i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-14s  %s\n", commands[i].name,
			commands[i].words);
	fputs(more, out);
	return code;
}

static int show_version(void)
{
	printf("twinring %s (%s)\n", TWINRING_VERSION, version_git_id());
	printf("%s\n", pcap_lib_version());
	printf("libyaml %s\n", yaml_get_version_string());
	printf("zlib %s\n", zlibVersion());
	printf("bzip2 %s\n", BZ2_bzlibVersion());
	printf("liblzma %s\n", lzma_version_string());
	printf("zstd %s\n", ZSTD_versionString());
	printf("xxHash %d.%d.%d\n", XXH_VERSION_MAJOR, XXH_VERSION_MINOR,
	       XXH_VERSION_RELEASE);
	return EXIT_PASSED;
}

static int refuse_verb(const char *word)
{
	struct guess g = guess_of(word);
	char near[80];

	for (int i = 0; i < COMMANDS; i++)
		guess_try(&g, commands[i].name);
	fprintf(stderr, "twinring: unknown %s '%s'%s\n",
		word[0] == '-' ? "option" : "verb", VISIBLE(word),
		guess_words(&g, near, sizeof near));
	fprintf(stderr, "Try 'twinring --help'.\n");
	return EXIT_USAGE;
}

static int run_verb(int argc, char **argv)
{
	for (int i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, argv[0]) == 0)
			return commands[i].run(argc, argv);
	return refuse_verb(argv[0]);
}

static bool is_any(const char *word, const char *a, const char *b)
{
	return strcmp(word, a) == 0 || strcmp(word, b) == 0;
}

/* "help run" is "run --help". */
static int show_help(int argc, char **argv)
{
	char option[] = "--help";
	char *words[] = {argc > 1 ? argv[1] : NULL, option, NULL};

	if (argc > 2) {
		fprintf(stderr, "twinring help: '%s' is one word too many\n",
			VISIBLE(argv[2]));
		return EXIT_USAGE;
	}
	return argc > 1 ? run_verb(2, words) : show_usage(stdout, EXIT_PASSED);
}

static int dispatch(int argc, char **argv)
{
	if (argc == 0)
		return show_usage(stderr, EXIT_USAGE);
	if (is_any(argv[0], "--help", "-h"))
		return show_usage(stdout, EXIT_PASSED);
	if (is_any(argv[0], "--version", "-V"))
		return show_version();
	if (strcmp(argv[0], "help") == 0)
		return show_help(argc, argv);
	return run_verb(argc, argv);
}

/*
 * A standard stream that was closed gets a file that fails when it is used;
 * otherwise the next file that is opened would take its place.
 */
static bool poisoner_streams(void)
{
	for (int fd = 0; fd < 3; fd++) {
		int mode = fd == 0 ? O_WRONLY : O_RDONLY;

		if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", mode) != fd)
			return false;
	}
	return true;
}

/* An assertion failed: the exit code says whose fault it is. */
static void on_abort(int number)
{
	static const char words[] = "twinring: this is a bug of twinring; "
				    "please report the lines above\n";

	(void)number;
	outfile_drop_all();
	if (write(STDERR_FILENO, words, sizeof words - 1))
		_exit(EXIT_FAILED);
	_exit(EXIT_FAILED);
}

/* What was printed has to have arrived, or nothing was said. */
static int finish_output(int code)
{
	bool failed = ferror(stdout);

	errno = 0;
	if (fflush(stdout) == 0 && !failed)
		return code;
	fprintf(stderr, "twinring: cannot write standard output: %s\n",
		errno ? strerror(errno) : "a write failed");
	return EXIT_FAILED;
}

/* Where files go that are too large for memory. */
static void choose_folder(void)
{
	const char *said = getenv("TMPDIR");

	if (said && said[0])
		spool_set_folder(said);
}

int main(int argc, char **argv)
{
	if (!poisoner_streams())
		return EXIT_FAILED;
	signal(SIGABRT, on_abort);
	interrupt_watch();
	choose_folder();
	return finish_output(dispatch(argc - 1, argv + 1));
}
