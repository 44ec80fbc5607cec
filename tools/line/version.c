/* SPDX-License-Identifier: BSD-3-Clause */
/* The one file that is compiled anew for every commit. */
#include "tools/line/version.h"

#include "git_id.h"

const char *version_git_id(void)
{
	return TWINRING_GIT_ID;
}
