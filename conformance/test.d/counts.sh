# SPDX-License-Identifier: BSD-3-Clause
# Usage: counts.sh TWINRING
# In whole moves of slots the real rings have as many states as an independent
# abstract model of the same protocol: slots that are held, posted, sent with
# or without a gift's mark, and received; 60 states for 2 of them, and so on.
. "$(dirname "$0")/lib.sh"

# SLOTS RING LOW STATES OPTION...: gifts up to an equal share, one at a time.
count() {
	local slots=$1 ring=$2 low=$3 states=$4
	shift 4
	"$twinring" explore conformance/scenarios/races/abstract.yaml \
		--no-progress --set "bar.slots=$slots" \
		--set "ring.size=$ring" --set "gifts.low=$low" "$@" \
		>"$work/out" || fail "$slots slots: explore does not hold"
	grep -q "^  $states states," "$work/out" ||
		fail "$slots slots: not $states states: $(sed -n 3p "$work/out")"
}

count 2 2 1 60
count 3 4 1 392
count 4 4 2 5104
count 5 8 2 39412

# The same model without gifts.
count 3 4 1 296 --set gifts.policy=none
count 4 4 2 2424 --set gifts.policy=none
count 5 8 2 21872 --set gifts.policy=none

# A story of such moves is a scenario as any other.
"$twinring" explore conformance/scenarios/races/abstract.yaml --quiet \
	--set rules.post-before-send=off --set "expect.violations=[EXT-POST-FIRST]" \
	--save "$work/story.yaml" >"$work/out" || fail "no post is missed"
run 0 "$work/story.yaml"
finish
