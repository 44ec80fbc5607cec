# SPDX-License-Identifier: BSD-3-Clause
# Usage: hostile.sh TWINRING SEEDS
# A VM writes any word that it reaches, on every path: nobody touches what the
# path does not expose, no step does more than the rings can hold, and what
# others have to say to each other arrives.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

"$twinring" swarm conformance/scenarios/hostile/*.yaml --seeds "1..$2" \
	--jobs 1 --json "$work/json" || fail "exit status $?"
[ "$(value .hostile_writes)" -gt $((1000 * $2)) ] ||
	fail "only $(value .hostile_writes) writes"

# The same writes do break the links that are the hostile VM's own.
broken=0
for seed in 1 2 3 4 5; do
	sed 's/^script:.*//; s/^faults:/traffic: [{generate: fixed, bytes: 64,'\
' packets: 50, from: victim, to: hostile, both: on}]\nfaults:/' \
		conformance/scenarios/hostile/shared-buffers.yaml \
		>"$work/s.yaml"
	"$twinring" run "$work/s.yaml" --seed $seed >"$work/out" 2>&1 ||
		broken=$((broken + 1))
done
[ $broken -gt 0 ] || fail "nobody notices a hostile VM"
finish
