/* SPDX-License-Identifier: BSD-3-Clause */
/* Which twinring this is; TWINRING_VERSION comes from the build. */
#ifndef TWINRING_TOOLS_LINE_VERSION_H
#define TWINRING_TOOLS_LINE_VERSION_H

/* The commit that was built, or "unknown". */
const char *version_git_id(void);

#endif
