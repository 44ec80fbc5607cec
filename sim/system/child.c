/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE /* PR_SET_PDEATHSIG */
#include "sim/system/child.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Whoever started us may have had its own children reaped unseen. */
static void keep_ends(void)
{
	struct sigaction now;

	if (sigaction(SIGCHLD, NULL, &now) == 0 && now.sa_handler == SIG_IGN)
		signal(SIGCHLD, SIG_DFL);
}

/* A parent that was gone before it could be asked for sends no signal. */
static void end_with(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		_exit(0);
}

pid_t child_begin(void)
{
	static const int to_all[] = {SIGINT, SIGTERM, SIGQUIT, SIGHUP};
	pid_t parent = getpid(), pid;

	keep_ends();
	pid = fork();
	if (pid != 0)
		return pid;
	end_with(parent);
	for (size_t i = 0; i < sizeof to_all / sizeof to_all[0]; i++)
		signal(to_all[i], SIG_IGN);
	return 0;
}

bool child_ended(pid_t pid, bool wait, int *status)
{
	pid_t got;

	assert(pid > 0);
	do
		got = waitpid(pid, status, wait ? 0 : WNOHANG);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		*status = 0; /* somebody else has waited for it */
	return got != 0;
}

void child_kill(pid_t pid)
{
	if (pid > 0)
		kill(pid, SIGKILL);
}

bool child_is_dead(pid_t pid)
{
	siginfo_t info = {0};

	return pid > 0 &&
	       waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) ==
		       0 &&
	       info.si_pid == pid;
}

void child_moment(void)
{
	const struct timespec moment = {.tv_nsec = 1000000};

	nanosleep(&moment, NULL);
}

const char *child_words(int status, char *out, size_t size)
{
	if (WIFSIGNALED(status))
		snprintf(out, size, "was killed by signal %d (%s)%s",
			 WTERMSIG(status), strsignal(WTERMSIG(status)),
			 WTERMSIG(status) == SIGKILL
				 ? "; perhaps the system ran out of memory"
				 : "");
	else
		snprintf(out, size, "ended with exit status %d",
			 WEXITSTATUS(status));
	return out;
}
