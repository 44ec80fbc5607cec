# SPDX-License-Identifier: BSD-3-Clause
# Usage: plain.sh TWINRING TWINRING_PLAIN
# Over a second implementation of rings everything is as over the first: each
# run has the same events in the same order and ends alike, small worlds have
# as many states and the same verdicts, and so have worlds from seeds.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
plain=$(realpath "$2")
states=30000 # of explorations that are compared, at most

# both FILE ARGUMENT...: what each says and how it ends, in FILE.first, .plain.
both() {
	local out=$1 which code
	shift
	for which in first plain; do
		code=0
		if [ $which = first ]; then
			"$twinring" "$@" >"$out.$which" 2>&1 || code=$?
		else
			"$plain" "$@" >"$out.$which" 2>&1 || code=$?
		fi
		echo "exit status $code" >>"$out.$which"
	done
}

# What a run tells but for its digest, which also tells how events were batched.
runs() {
	local scenario schedule less
	for scenario in conformance/scenarios/*.yaml; do
		less=()
		[[ $scenario = */speed.yaml ]] &&
			less=(--set traffic.packets=2000)
		for schedule in time random; do
			both "$work/run" run "$scenario" "${less[@]}" \
				--schedule $schedule --trace /dev/stdout
			sed -i 's/, digest [0-9a-f]*//' "$work"/run.*
			cmp -s "$work/run.first" "$work/run.plain" && continue
			fail "$scenario differs, schedule $schedule:"
			diff "$work/run.first" "$work/run.plain" | head -20
		done
	done
}

# alike WHAT ARGUMENT...: an exploration; how many orders are shown to be equal
# is not compared, nor memory.
alike() {
	local what=$1
	shift
	both "$work/explore" "$@"
	sed -i 's/, [0-9]* transitions.*//
		/measured\|bytes a state\|resident\|omission/d' "$work"/explore.*
	cmp -s "$work/explore.first" "$work/explore.plain" && return
	fail "$what differs:"
	diff "$work/explore.first" "$work/explore.plain" | head -20
}

explorations() {
	local stem count compared=0
	while IFS=, read -r stem count; do
		((count > 0 && count <= states)) || continue
		alike "$stem" explore --no-progress --jobs 1 --first \
			"conformance/scenarios/races/$stem.yaml"
		compared=$((compared + 1))
	done < <(sed -n 's/^SEEN("\([^"]*\)", "[^"]*", [0-9]*, \([0-9]*\),.*/\1,\2/p' \
		conformance/races_seen.def)
	[ "$compared" -gt 20 ] || fail "only $compared explorations compared"
}

# Where stores wait, with every barrier and without one.
stores() {
	local world=conformance/scenarios/memory/barriers.yaml less
	for less in tso "tso --set barriers.device-sleep=off" \
		"pso --set barriers.driver-publish=off"; do
		# shellcheck disable=SC2086 # they are several words
		alike "$world" explore --no-progress --jobs 1 --first "$world" \
			--memory $less
	done
}

seeds() {
	both "$work/swarm" swarm --seeds 1..300 --no-progress
	sed -i '/measured/d; s/, digest [0-9a-f]*//' "$work"/swarm.*
	cmp -s "$work/swarm.first" "$work/swarm.plain" && return
	fail "swarms differ:"
	diff "$work/swarm.first" "$work/swarm.plain" | head -20
}

runs
explorations
stores
seeds
finish
