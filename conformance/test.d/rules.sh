# SPDX-License-Identifier: BSD-3-Clause
# Every rule has a scenario, and no scenario speaks of a rule that is none.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

"$twinring" list rules --json >"$work/json" || fail "no list of rules"
value '.rules[].scenario' | sort >"$work/listed"
ls conformance/scenarios/rule-*.yaml >"$work/there"
diff "$work/listed" "$work/there" || fail "rules and scenarios differ"
for scenario in conformance/scenarios/*.yaml; do
	head -1 "$scenario" | grep -q '^# ' ||
		fail "$scenario does not open with its reason"
	[ "$(wc -l <"$scenario")" -le 40 ] || fail "$scenario is over a page"
done
finish
