# SPDX-License-Identifier: BSD-3-Clause
# Usage: jobs.sh TWINRING SCENARIO...
# Two processes find in all of SCENARIO, whose layers have more states than one
# round takes, what one finds: states, depth, rests, and each clause.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

# found JOBS: the result without what is measured.
found() {
	"$twinring" explore "$scenario" --no-progress --quiet --jobs "$1" \
		--json "$work/json" >"$work/out" || fail "$scenario: --jobs $1"
	[ "$(value .complete)" = true ] || fail "$scenario: not all was seen"
	jq 'del(.seconds, .states_per_second, .bytes_per_state,
		.resident_bytes_max)' "$work/json" >"$work/$1"
}

shift
for scenario; do
	found 1
	found 2
	cmp "$work/1" "$work/2" || fail "$scenario: two find something else"
	[ "$(value '.states > 50 * .depth')" = true ] ||
		fail "$scenario: its layers are small"
done
finish
