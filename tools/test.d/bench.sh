# SPDX-License-Identifier: BSD-3-Clause
# bench moves packets over every path that there is, and tells of each.
# shellcheck source=tools/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

paths=$("$twinring" list paths --json | jq -r '[.paths[].name] | join(",")')
ends 0 timeout 200 "$twinring" bench --paths "$paths" --bytes 64 --pool L1 \
	--payload untouched --referees on --rounds 1 --no-progress \
	--json "$work/json"
[ "$(jq -r '[.rows[].path] | join(",")' "$work/json")" = "$paths" ] ||
	fail "not all of $paths are measured"
finish
