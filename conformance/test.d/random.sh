# SPDX-License-Identifier: BSD-3-Clause
# Whoever steps next, a scenario breaks no other rule than it says, and what
# was sent arrives: twenty throws of the dice, each twice.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

grep -q '^script:' "$2" && scripted=1 || scripted=0
for seed in $(seq 20); do
	run 0 "$2" --schedule random --seed "$seed" --json "$work/json"
	digest=$(value .digest)
	run 0 "$2" --schedule random --seed "$seed" --json "$work/json"
	[ "$(value .digest)" = "$digest" ] || fail "seed $seed: two digests"
	[ "$(value .settled)" = true ] || fail "seed $seed: not at rest"
	[ $scripted = 1 ] || [ "$(value '.lost.packets + .unsent')" = 0 ] ||
		grep -q 'lost:' "$2" || fail "seed $seed: packets are missing"
done
finish
