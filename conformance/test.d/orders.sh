# SPDX-License-Identifier: BSD-3-Clause
# Usage: orders.sh TWINRING SCENARIO
# What explore finds in SCENARIO up to some depth does not depend on whether
# orders are left out that make no difference, nor on whether slots have
# numbers, nor on how many processes look, nor on whether the code is asked
# again for what is known.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

depth=18

# found NAME [OPTION...]: the result without what differs from run to run.
found() {
	local name=$1
	shift
	"$twinring" explore "$scenario" --no-progress --quiet \
		--max-depth $depth --json "$work/json" "$@" >/dev/null
	[ -s "$work/json" ] || fail "no result of $name"
	jq 'del(.seconds, .states_per_second, .bytes_per_state,
		.resident_bytes_max)' "$work/json" >"$work/$name"
	rm -f "$work/json"
}

# same NAME NAME FILTER WORDS
same() {
	[ "$(jq -S "$3" "$work/$1")" = "$(jq -S "$3" "$work/$2")" ] ||
		fail "$4"
}

scenario=$2
found reduced
found full --no-reduction
found numbered --no-symmetry
found two --jobs 2
found audited --audit
found seeded --seed 7
found='[.violations[] | [.clause, .steps]] | sort'
what='[.states, .depth, .states_at_rest,
	([.violations[] | [.clause, .steps]] | sort)]'
same reduced full "$what" "it makes a difference what is left out"
same reduced numbered "$found" "it makes a difference which slot is which"
[ "$(jq .states "$work/reduced")" -le "$(jq .states "$work/numbered")" ] ||
	fail "states are told apart by more than their numbers"
same reduced seeded 'del(.seed)' "another seed finds something else"
same reduced two . "two processes find something else"
same reduced audited . "an audit finds something else"
[ "$(jq .reduction "$work/full")" = '"none"' ] ||
	fail "--no-reduction leaves something out"
[ "$(jq .symmetry "$work/numbered")" = '"none"' ] ||
	fail "--no-symmetry takes different states for one"
finish
