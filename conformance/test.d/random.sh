# SPDX-License-Identifier: BSD-3-Clause
# Usage: random.sh TWINRING SCENARIO SEEDS
# Whoever steps next, a scenario breaks no other rule than it says, and what
# was sent arrives: with SEEDS seeds, each twice.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

less=()
[ "$(basename "$2")" = speed.yaml ] && less=(--set traffic.packets=2000)
for seed in $(seq "$3"); do
	for turn in first second; do
		run 0 "$2" --schedule random --seed "$seed" "${less[@]}" \
			--json "$work/$turn.$seed"
	done
done

# told TURN: a line for each seed.
told() {
	jq -r '"seed \(.seed): digest \(.digest), settled \(.settled)" +
		", missing \(.lost.packets + .unsent)"' "$work/$1".*
}

told first >"$work/first"
told second >"$work/second"
diff "$work/first" "$work/second" || fail "two runs of a seed differ"
grep 'settled false' "$work/first" && fail "not at rest"
# A script may lose packets, and so may a scenario that says how many.
grep -qE '^script:|lost: [1-9]' "$2" ||
	! grep -v 'missing 0$' "$work/first" || fail "packets are missing"
finish
