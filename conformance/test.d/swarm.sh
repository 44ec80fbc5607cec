# SPDX-License-Identifier: BSD-3-Clause
# Usage: swarm.sh TWINRING SEEDS
# Tiny randomised worlds: none of them breaks a rule while all rules hold, and
# how many processes try them makes no difference. Without any one of the
# rules, one of the first thousand does, and its story repeats.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

# swarm CODE ARGUMENT...: twinring swarm, which must end so.
swarm() {
	local want=$1 got=0
	shift
	"$twinring" swarm "$@" --no-progress >"$work/out" 2>"$work/err" ||
		got=$?
	[ "$got" = "$want" ] && return
	fail "exit status $got, not $want: twinring swarm $*"
	head -20 "$work/err" "$work/out" >&2
}

swarm 0 --seeds "1..$2" --jobs 1
for jobs in 1 3; do
	swarm 0 --seeds 100..400 --jobs $jobs --json "$work/json"
	jq 'del(.seconds, .worlds_per_second, .jobs)' "$work/json" \
		>"$work/$jobs"
done
cmp "$work/1" "$work/3" || fail "the number of processes shows"

"$twinring" list rules --json >"$work/json" || fail "no list of rules"
for rule in $(value '.rules[].name'); do
	swarm 1 --seeds 1..1000 --first --jobs 1 --set "rules.$rule=off" \
		--save "$work/story.yaml"
	run 0 "$work/story.yaml" ||
		fail "without $rule the story does not repeat"
done
finish
