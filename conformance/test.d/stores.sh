# SPDX-License-Identifier: BSD-3-Clause
# Usage: stores.sh TWINRING
# Ordinary runs hold where stores wait, by time and at random: on every path,
# with every suppression, across resets, crashes and partings.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"

for name in flags-copy flags-shared-buffers flags-vhost-pci wrap-copy \
	wrap-shared-buffers wrap-vhost-pci indirect-shared-buffers one-action \
	reset-vm1-shared-buffers reset-vm2-vhost-pci crash-vm2-copy \
	unpair-in-flight mesh-of-three park-while-polling poll-copy; do
	for memory in tso pso; do
		for schedule in time random; do
			run 0 "conformance/scenarios/$name.yaml" --quiet \
				--set "memory=$memory" --schedule "$schedule"
		done
	done
done

# A search puts back what waits before it knows all that changes.
"$twinring" explore conformance/scenarios/races/clean-2-crash.yaml \
	--memory tso --no-progress --max-states 40000 \
	--allow-incomplete >"$work/out" ||
	fail "a crash among stores that wait: $(cat "$work/out")"
finish
