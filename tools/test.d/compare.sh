# SPDX-License-Identifier: BSD-3-Clause
# compare shows what run shows, of every path; with many paths its tables stay
# readable; where two lists of prices disagree on who is best, it says so.
. "$(dirname "$0")/lib.sh"
needs jq

scenario "$work/a.yaml" 200
paths=(shared-buffers copy vhost-pci virtio-tap vhost-net e1000)
ends 0 "$twinring" compare "$work/a.yaml" --rounds 1 --json "$work/c.json"
for path in "${paths[@]}"; do
	ends 0 "$twinring" run "$work/a.yaml" --set path=$path \
		--json "$work/r.json"
	jq -r '[.digest, .delivered.packets, .delivered.bytes, .lost.packets,
		.host_bytes_copied, .guest_bytes_copied, .exits,
		.counts["exit-light"], .counts["exit-heavy"], .counts.interrupt,
		.counts.wake, .counts.gift, .violation_count,
		.modelled.packets_per_second, .modelled.latency_ps.p50,
		.modelled.latency_ps.p99, .cpu.ps_per_packet,
		.cpu.cores_busy_milli, .cpu.parties["guest-driver"].ps_per_packet,
		.cpu.parties["host-kernel"].ps_per_packet,
		([.links[].exposure[].ram_bytes] | add),
		([.links[].exposure[0].shared_bytes] | add)] | @csv' \
		"$work/r.json" >"$work/should"
	jq -r --arg path $path '.profiles[0].paths[] | select(.path == $path)
		| [.digest, (.counted | .packets, .bytes, .lost, .host_bytes,
		.guest_bytes, .exits, .exits_light, .exits_heavy, .interrupts,
		.wakes, .gifts, .violations), (.modelled | .packets_per_second,
		.p50_ps, .p99_ps, .cpu_ps, .cores_busy_milli,
		.cpu_guest_driver_ps, .cpu_host_kernel_ps),
		(.counted | .reach_ram, .reach_slots)] | @csv' \
		"$work/c.json" >"$work/is"
	diff "$work/should" "$work/is" >"$work/diff" ||
		fail "$path: run says and compare says: $(cat "$work/diff")"
done

# Few paths are columns, many are rows; each is there, and no line is too long.
ends 0 "$twinring" compare "$work/a.yaml" --rounds 1 --paths \
	shared-buffers,copy,vhost-pci
grep -qE '^ +shared-buffers +copy +vhost-pci$' "$work/out" ||
	fail "three paths are no columns"
ends 0 "$twinring" compare "$work/a.yaml" --rounds 1 --paths \
	shared-buffers,copy,vhost-pci,copy,shared-buffers,copy,copy,copy,copy,copy
[ "$(grep -c '^    copy ' "$work/out")" -eq $((7 * 8)) ] ||
	fail "ten paths are no rows"
[ "$(wc -L <"$work/out")" -le 120 ] || fail "wider than 120 columns"

# Two lists of prices that want other paths to win.
profile=tools/profiles/host-2023.yaml
dear() { # KEY...: each of them costs a microsecond
	local keys
	keys=$(IFS='|' && echo "$*")
	awk -v keys="^($keys):" '{ if (on) sub(/[0-9]+/, 1000000); on = $0 ~ keys
		print }' $profile
}
dear host-byte guest-byte >"$work/bytes.yaml"
dear match gift header >"$work/slots.yaml"
ends 0 "$twinring" compare "$work/a.yaml" --rounds 1 --json "$work/c.json" \
	--paths shared-buffers,copy --profile "$work/bytes.yaml" \
	--profile "$work/slots.yaml"
says out 'CPU, ns a packet (profiles disagree): bytes shared-buffers; slots copy'
jq -e '.best.cpu_ps | .disagree and
	(.by | map(.paths)) == [["shared-buffers"], ["copy"]]' \
	"$work/c.json" >/dev/null || fail "JSON does not say that they disagree"
ends 0 "$twinring" compare "$work/a.yaml" --rounds 1 --paths \
	shared-buffers,copy --profile "$work/bytes.yaml" --profile "$work/bytes.yaml"
grep -q disagree "$work/out" && fail "one list disagrees with itself"

ends 0 "$twinring" compare "$work/a.yaml" --rounds 1 --json -
jq -e '.schema == "twinring-compare-1"' "$work/out" >/dev/null ||
	fail "--json - is not alone on standard output"
ends 2 "$twinring" compare "$work/a.yaml" --profile host-2031
ends 2 "$twinring" compare "$work/a.yaml" --profile a --profile b --profile c \
	--profile d --profile e
finish
