# SPDX-License-Identifier: BSD-3-Clause
# Usage: race.sh TWINRING SCENARIO
# Every order of events of SCENARIO does what it expects; if that is to break
# a rule, the shortest story breaks it again in a run.
. "$(dirname "$0")/lib.sh"

"$twinring" explore "$2" --first --save "$work/story.yaml" ||
	fail "explore does not hold"
if grep -q '^expect:.*\[' "$2"; then
	"$twinring" run "$work/story.yaml" || fail "the story does not repeat"
fi
finish
