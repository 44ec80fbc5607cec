# SPDX-License-Identifier: BSD-3-Clause
# Usage: barrier.sh TWINRING SCENARIO EVENT-IDX clean MEMORY
#    or: barrier.sh TWINRING SCENARIO EVENT-IDX BARRIER
# Every order of events and of stores that MEMORY lets wait: with all barriers
# no rule is broken. Without BARRIER one is, and its story repeats in a run, in
# each kind of memory where it has something to do, and in no other.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
scenario=$2 barrier=$4
with=(--no-progress --set "ring.event-idx=$3")

# explore ARGUMENT...: exit status 0, that all held, or 1.
explore() {
	"$twinring" explore "$scenario" "${with[@]}" "$@" >"$work/out"
}

clean() {
	explore --memory "$1" || fail "$1 needs more"
	grep -q ': complete$' "$work/out" || fail "not every state was seen"
}

# States with all barriers, by EVENT-IDX and MEMORY: neither more nor fewer
# stores can leave than the memory lets.
states() {
	sed -n "s/^  \([0-9]*\) states, .*/$1 $2 \1/p" "$work/out" >"$work/is"
	grep -qxFf "$work/is" <<-END || fail "not so many: $(cat "$work/is")"
		off tso 209307
		off pso 594963
		on tso 113418
		on pso 226584
	END
}

# The shortest way is told, and runs to the same clauses.
missed() {
	rm -f "$work/story.yaml"
	explore --memory "$1" --first --save "$work/story.yaml" &&
		fail "$1 does not need $barrier"
	grep -q "^memory: $1$" "$work/story.yaml" || fail "no story is told"
	run 0 "$work/story.yaml" || fail "the story does not repeat"
}

if [ "$barrier" = clean ]; then
	clean "$5"
	states "$3" "$5"
	finish
fi
with+=(--set "barriers.$barrier=off")
clean sc
if "$twinring" list barriers | grep -q "^$barrier *full"; then
	missed tso
else
	clean tso
fi
missed pso
finish
