/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/system/interrupt.h"

#include <stddef.h>
#include <unistd.h>

#include "sim/system/outfile.h"
#include "tools/line/exit_code.h"

volatile sig_atomic_t interrupt_stop;
volatile sig_atomic_t interrupt_signal;
static volatile sig_atomic_t asks;

static void on_signal(int number)
{
	if (interrupt_signal || !asks) {
		outfile_drop_all();
		_exit(EXIT_SIGNAL + number);
	}
	interrupt_signal = number;
	interrupt_stop = 1;
}

/* A signal that is ignored stays ignored, as whoever started us asked for. */
static void watch(int number)
{
	struct sigaction now, ours = {.sa_handler = on_signal};

	sigemptyset(&ours.sa_mask);
	ours.sa_flags = SA_RESTART;
	if (sigaction(number, NULL, &now) == 0 && now.sa_handler != SIG_IGN)
		sigaction(number, &ours, NULL);
}

void interrupt_watch(void)
{
	watch(SIGINT);
	watch(SIGTERM);
	watch(SIGHUP);
	watch(SIGQUIT);
	signal(SIGPIPE, SIG_IGN); /* a closed pipe is a failed write */
	signal(SIGXFSZ, SIG_IGN); /* so is a file that may grow no more */
}

void interrupt_ask(void)
{
	asks = 1;
}
