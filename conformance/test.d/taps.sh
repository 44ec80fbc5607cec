# SPDX-License-Identifier: BSD-3-Clause
# Usage: taps.sh TWINRING
# What a packet costs where packets lie in buffers of the host's kernel between
# its guests, one at a time and all at once, counted as the design has it.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

# world PATH TRAFFIC
world() {
	cat >"$work/s.yaml" <<-END
		name: t
		vms: [{name: a}, {name: b}]
		links: [{ends: [a, b], path: $1, tap-queue: 4096}]
		traffic: [{$2, from: a, to: b, pace: asap}]
		expect: {violations: none, lost: 0}
	END
	run 0 "$work/s.yaml" --json "$work/json"
	packets=$(value .delivered.packets)
}

# each COST NUMBER...: so many of it for each packet, but for a few at either end.
each() {
	local is
	while [ $# -gt 0 ]; do
		is=$(value ".counts[\"$1\"] - $((packets * $2))")
		[ "${is#-}" -le $(($2 ? 8 : 0)) ] ||
			fail "$path: $1 is $(value ".counts[\"$1\"]")," \
				"with $packets packets"
		shift 2
	done
}

# few COST NUMBER...: no more of it than that for a hundred packets.
few() {
	while [ $# -gt 0 ]; do
		[ "$(value ".counts[\"$1\"] * 100")" -le $((packets * $2)) ] ||
			fail "$path: $1 is $(value ".counts[\"$1\"]")," \
				"with $packets packets at once"
		shift 2
	done
}

# One at a time; then as many as come.
one='generate: request-response, bytes: 200, reply-bytes: 200, window: 1,
  packets: 300'
many='generate: fixed, bytes: 200, packets: 20000'

# A kick to the monitor, which passes it on to the thread that is woken by it;
# that writes. Another one reads, interrupts its guest, and both sleep again.
path=virtio-tap
world $path "$one"
each tap-copy 2 tap-byte 400 host-copy 0 exit-heavy 1 exit-light 0 register 1 \
	eventfd 2 wake 2 interrupt 1 syscall 5
world $path "$many"
each tap-copy 2 tap-byte 400
few exit-heavy 10 eventfd 20 wake 15 interrupt 15 syscall 250
[ "$(value .counts.syscall)" -ge $((2 * packets)) ] ||
	fail "frames are written or read without a call"

# The same by eventfds, and nobody calls the kernel but to set it up.
path=vhost-net
world $path "$one"
each tap-copy 2 tap-byte 400 host-copy 0 exit-heavy 0 exit-light 1 register 0 \
	eventfd 2 wake 2 interrupt 1
set_up=30 # for each end: owner, features, memory, five a ring, two back ends
[ "$(value .counts.message)" = $set_up ] ||
	fail "$(value .counts.message) calls to set it up"
[ "$(value .counts.syscall)" = $set_up ] || fail "calls from time to time"
world $path "$many"
each tap-copy 2 tap-byte 400
few exit-light 10 eventfd 20 wake 15 interrupt 15
[ "$(value .counts.syscall)" = $set_up ] || fail "calls where there are many"
finish
