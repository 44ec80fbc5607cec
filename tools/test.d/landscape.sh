# SPDX-License-Identifier: BSD-3-Clause
# docs/LANDSCAPE.md says what the comparison of designs comes to.
# shellcheck source=tools/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

tools/landscape "$twinring" >"$work/document" || fail "tools/landscape fails"
diff docs/LANDSCAPE.md "$work/document" >"$work/differs" || {
	head -20 "$work/differs"
	fail "docs/LANDSCAPE.md is out of date: run tools/landscape"
}
finish
