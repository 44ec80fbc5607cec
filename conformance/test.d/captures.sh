# SPDX-License-Identifier: BSD-3-Clause
# Every capture of a folder, on every path: a good one is played to its last
# packet, and what the machines received is written whole; a broken one is
# refused with the number of good packets; none brings the program down.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq
folder=$2
if [ -z "$folder" ] || [ ! -d "$folder" ]; then
	echo "no folder of captures; TWINRING_TRACES names one"
	exit 77
fi
folder=$(realpath "$folder")

# A bridge goes by addresses: what they say is behind the port that it came from,
# as where both directions have the same, it drops.
bridged() {
	[ "$1" = virtio-tap ] || [ "$1" = vhost-net ]
}

# scenario FILE PATH: two machines, joined by that path, and the capture.
scenario() {
	local lost=", lost: 0"
	bridged "$2" && lost=
	cat <<-END
		name: a capture
		vms: [{name: a}, {name: b}]
		links:
		  - {ends: [a, b], path: $2}
		traffic: [{pcap: "$1"}]
		expect: {violations: none$lost}
	END
}

# packets FILE: how many twinring finds in it.
packets() {
	"$twinring" pcap info "$1" 2>/dev/null |
		sed -n 's/^packets  *\([0-9]*\)$/\1/p'
}

# A capture that holds nothing shows nothing, unless that is expected.
empty() {
	run 1 "$work/s.yaml" || return
	grep -q "the run shows nothing" "$work/out" ||
		fail "$file: it is empty, and nothing says so"
	run 0 "$work/s.yaml" --set expect.delivered=0
}

# crosses: something does, over a bridge.
crosses() {
	"$twinring" run "$work/s.yaml" --json "$work/json" >/dev/null 2>&1
	[ "$(value .delivered.packets)" != 0 ]
}

good() {
	local total=$1 path=$2 none=()
	[ "$total" = 0 ] && { empty; return; }
	bridged "$path" && ! crosses && none=(--set expect.delivered=0)
	run 0 "$work/s.yaml" --json "$work/json" --pcap-out "$work/out.d" \
		"${none[@]}" || return
	[ "$(value '.sent.packets + .too_large.packets')" = "$total" ] ||
		fail "$file on $path: $total packets," \
			"$(value '[.sent, .too_large, .unsent]')"
	[ "$(value .lost.packets)" = "$(value .dropped)" ] ||
		fail "$file on $path: some are lost, and nobody dropped them"
	[ "$(value .unsent)" = 0 ] || fail "$file on $path: some are unsent"
	[ "$(value .delivered.packets)" = \
		$(($(packets "$work/out.d/a.pcap") + \
		$(packets "$work/out.d/b.pcap"))) ] ||
		fail "$file on $path: written is not what was delivered"
}

broken() {
	run 3 "$work/s.yaml" || return
	grep -q "; $1 good packets before it" "$work/err" ||
		fail "$file: no count of good packets in: $(cat "$work/err")"
	sed -i 's/pcap: /damaged: use, &/' "$work/s.yaml"
	[ "$1" = 0 ] && { empty; return; }
	run 0 "$work/s.yaml" \
		--json "$work/json" || return
	[ "$(value '.sent.packets + .too_large.packets')" = "$1" ] ||
		fail "$file: the good packets were not all sent"
}

count=0
for file in "$folder"/*.pcap "$folder"/*.pcapng "$folder"/*.gz; do
	[ -f "$file" ] || continue
	count=$((count + 1))
	code=0
	"$twinring" pcap info "$file" >/dev/null 2>&1 || code=$?
	for path in shared-buffers copy vhost-pci virtio-tap vhost-net e1000; do
		scenario "$file" "$path" >"$work/s.yaml"
		case $code in
		0) good "$(packets "$file")" "$path" ;;
		3) broken "$(packets "$file")" ;;
		*) fail "$file: pcap info ends with $code" ;;
		esac
	done
done
[ "$count" -gt 0 ] || fail "no capture in $folder"
echo "$count captures on each path"
finish
