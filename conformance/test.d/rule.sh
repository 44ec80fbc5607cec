# SPDX-License-Identifier: BSD-3-Clause
# A rule of the repaired protocol is needed: its scenario holds as it stands,
# and with the rule off it breaks the clause that the rule's row names.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

"$twinring" list rules --json >"$work/json" || fail "no list of rules"
row=".rules[] | select(.name == \"$2\")"
clause=$(value "$row | .clause")
scenario=$(value "$row | .scenario")
[ -n "$clause" ] || fail "no rule is called $2"
[ -f "$scenario" ] || fail "no file $scenario"

run 0 "$scenario"
run 1 "$scenario" --set "rules.$2=off" --json "$work/json"
value '.violations[].clause' | grep -qx "$clause" ||
	fail "without it $clause is not broken, but:" \
		"$(value '[.violations[].clause] | unique | join(" ")')"
finish
