# SPDX-License-Identifier: BSD-3-Clause
# Usage: e1000.sh TWINRING
# What one packet costs that is sent alone through emulated devices: what a run
# of some counts beyond a run of one less, that many times over.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

# sent PACKETS: so many, each when all is quiet.
sent() {
	local n
	cat <<-END
		name: $1 packets, one by one
		vms: [{name: a}, {name: b}]
		links: [{ends: [a, b], path: e1000, interrupts: emulated}]
		expect: {violations: none, lost: 0, delivered: $1}
		script:
		  - run
	END
	for ((n = 0; n < $1; n++)); do
		printf '  - a send 1500\n  - run\n'
	done
}

for n in 3 4; do
	sent $n >"$work/s.yaml"
	run 0 "$work/s.yaml" --json "$work/json"
	value '.counts' >"$work/$n"
done

# each COUNT NUMBER: so many are of one packet.
each() {
	local is
	is=$(jq -n --arg k "$1" --slurpfile few "$work/3" \
		--slurpfile more "$work/4" '$more[0][$k] - $few[0][$k]')
	[ "$is" = "$2" ] || fail "a packet has $is of $1, not $2"
}
each bounce-copy 2 # out of the guest, and into the other one
each bounce-byte 3000
each tap-copy 2 # into the host's kernel, and out of it
each tap-byte 3000
each host-copy 0
each guest-copy 0
each exit-heavy 8 # TDT, RDT, and twice ICR, IMC, IMS
each register 8
each exit-light 0
each exit-eoi 2
each interrupt 2
each handler 2
each wake 5 # both processes and both processors, and one process more for RDT
each syscall 9 # write, read, the line up and down twice, polls
finish
