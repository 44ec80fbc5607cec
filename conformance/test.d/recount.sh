# SPDX-License-Identifier: BSD-3-Clause
# Usage: recount.sh TWINRING RECOUNT
# Every figure of a run is made again from its trace by another program, and is
# the same to the last digit: on every path, with loss, resets, pairs that part,
# drops and late starts. A figure that neither it nor the list below knows is a
# failure, and so is a row of the report that stands for no figure.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq
recount=$(realpath "$2")
profile=tools/profiles/host-2023.yaml

# What is said of a run and no figure of what happened, as jq names its place.
other='^(schema|version|build|config|seed|profile|digest|held|interrupted'
other+='|settled|checked|scenario\.(file|name)) ' # what was run, how it ended
other+='|^(violation_count|violations|unmet)[ .]' # what referees say
other+='|^wall\.'                                 # this host's clock
# names and words
other+='|^links\.[0-9]+\.(path|ends\.[01]|reject_reason|(held|unsent)\.[01]\.(vm|because)) '
other+='|^(placement|replayed)[ .]' # what came before the run
other+='|^links\.[0-9]+\.exposure\.' # by the mappings, not by events

# Rows of the report, the figure of each, and what is shown of it.
rows='packets sent|.sent.packets|1
packets sent, bytes|.sent.bytes|1
packets delivered|.delivered.packets|1
packets delivered, bytes|.delivered.bytes|1
packets lost|.lost.packets|1
packets lost, dropped by host|.dropped|1
packets lost, given back|.returned|1
packets too large|.too_large.packets|1
host bytes copied|.host_bytes_copied|1
guest bytes copied|.guest_bytes_copied|1
exits|.exits|1
exits, heavy|.counts["exit-heavy"]|1
exits, suppressed|.kicks_suppressed|1
interrupts|.counts.interrupt|1
interrupts, suppressed|.calls_suppressed|1
wakes|.counts.wake|1
gifts|.counts.gift|1
Mpps|.modelled.packets_per_second|1
Gbit/s|.modelled.bits_per_second|1000
latency us, min|.modelled.latency_ps.min|1000
latency us, mean|.modelled.latency_ps.mean|1000
latency us, p50|.modelled.latency_ps.p50|1000
latency us, p90|.modelled.latency_ps.p90|1000
latency us, p99|.modelled.latency_ps.p99|1000
latency us, p99.9|.modelled.latency_ps.p999|1000
latency us, max|.modelled.latency_ps.max|1000
gifts a packet|.modelled.gifts_per_packet_milli|1'

# Who pays for each cost, and first all who can.
payers() {
	printf "%s\n" guest-app guest-driver guest-irq host-kernel host-user emulator
	"$twinring" list costs --json |
		jq -r '.costs[] | .name + " " + .payer'
}
payers >"$work/payers"

# All figures of $work/json: place and value, a line each.
figures() {
	jq -r 'paths(scalars, nulls, (booleans | true), select(. == []) | true)
		as $p | ($p | map(tostring) | join(".")) + " " +
		(getpath($p) | tojson)' "$work/json" |
		grep -vE "$other" | LC_ALL=C sort -u
}

# The rows of the report in $work/out: name, and the first column's value.
report() {
	awk '/^cpu time/ { exit }
	/^(counted|modelled)/ { on = 1 }
	/^(measured|$)/ && !/^modelled/ { on = 0 }
	/^counted/ || /^  *link 0|^  *all / { on = 1; next }
	on && /^  / && NF >= 2 {
		name = substr($0, 3, 20); value = substr($0, 23)
		sub(/ +$/, "", name); sub(/^ +/, "", value)
		sub(/ .*/, "", value)
		if (name ~ /^  /) { sub(/^ +/, "", name); name = head ", " name }
		else { head = name; sub(/, min$/, "", head) }
		print name "|" value
	}' "$work/out"
}

# What the rows should show of the part $1 of $work/json: name and value.
shown() {
	local filter='' name figure unit
	while IFS='|' read -r name figure unit; do
		filter+="(\"$name|\" + ($1$figure?
			| if . == null then \"-\"
			  else . / $unit | floor | tostring end)),"
	done <<<"$rows"
	jq -r "${filter%,}" "$work/json"
}

# What the report says of processor time, against JSON.
check_cpu() {
	awk '/^cpu time/ { on = 1; next } /^$/ { on = 0 }
	on { gsub(/,/, ""); print (NF == 4 ? "cores busy " $3 : $0) }' "$work/out" |
		awk '{ print $1, $2, $3 }' >"$work/is"
	value '.delivered.packets as $n | .cpu |
		def ps: if $n == 0 then "-" else . end;
		(.parties + {all: (. + {share_milli: 1000})}
		| to_entries[] | "\(.key) \(.value.ps_per_packet | ps) \(.value.share_milli)"),
		"cores busy \(.cores_busy_milli)"' >"$work/should"
	sed -i 's/[.]//g; s/ 0*\([0-9]\)/ \1/g' "$work/is"
	diff "$work/should" "$work/is" >"$work/diff" ||
		fail "$case: processor time should be, and is: $(cat "$work/diff")"
}

check_report() {
	local scope=''
	[ "$(value '.links | length')" = 1 ] && scope='.links[0]'
	report | grep -v '^never sent' |
		sed 's/[,.]\([0-9]\)/\1/g; s/|0*\([0-9]\)/|\1/' >"$work/is"
	shown "$scope" | sed 's/[,.]\([0-9]\)/\1/' >"$work/should"
	[ "$(value .delivered.packets)" != 0 ] || # of nothing there are no shares
		sed -i 's/^gifts a packet|0$/gifts a packet|-/' "$work/should"
	diff "$work/should" "$work/is" >"$work/diff" ||
		fail "$case: the report should say, and says: $(cat "$work/diff")"
	check_cpu
}

# recounted CASE OFFERED...: of the scenario on standard input; OFFERED is, for
# each link, how many packets the traffic has one way and the other, as N,N.
recounted() {
	case=$1
	shift
	local links=() got=0
	cat >"$work/s.yaml"
	"$twinring" run "$work/s.yaml" --trace "$work/trace" \
		--json "$work/json" >"$work/out" 2>"$work/err" || got=$?
	if [ $got -gt 1 ]; then
		fail "$case: exit status $got: $(cat "$work/err")"
		return
	fi
	mapfile -t links < <(value '.links[].ends | join(",")')
	for n in "${!links[@]}"; do
		links[n]+=,$1
		shift
	done
	"$recount" $profile "$work/payers" "${links[@]}" <"$work/trace" \
		>"$work/recount" || fail "$case: the trace cannot be counted"
	LC_ALL=C sort "$work/recount" >"$work/should"
	figures >"$work/is"
	# A trace is written step by step; without it all is heard of later.
	"$twinring" run "$work/s.yaml" --json "$work/json" \
		>"$work/out" 2>"$work/err"
	figures | cmp -s - "$work/is" || fail "$case: other figures with a trace"
	diff "$work/should" "$work/is" >"$work/diff" ||
		fail "$case: recounted, and said: $(head -20 "$work/diff")"
	check_report
}

# at_least FIGURE NUMBER: so that a case shows what it is for.
at_least() {
	[ "$(value "$1")" -ge "$2" ] || fail "$case: $1 is $(value "$1")"
}

for path in shared-buffers copy vhost-pci virtio-tap vhost-net e1000; do
	world="name: t
vms: [{name: a}, {name: b}]
links: [{ends: [a, b], path: $path}]"
	rate="traffic: [{generate: fixed, from: a, to: b, both: on,
  packets: 1400, pace: rate, rate: 100k}]"

	recounted "$path, as fast as it can" 1200,1200 <<-END
		$world
		traffic: [{generate: imix, from: a, to: b, both: on, packets: 1200}]
	END
	recounted "$path, one at a time" 1000,0 <<-END
		$world
		traffic: [{generate: fixed, from: a, to: b, packets: 1000,
		  pace: rate, rate: 1000}]
	END
	recounted "$path, sizes drawn" 500,0 <<-END
		$world
		traffic: [{generate: one-way, from: a, to: b, packets: 500,
		  pace: rate, rate: 300k}]
	END
	recounted "$path, at random" 1400,1400 <<-END
		$world
		$rate
		schedule: random
	END
	for who in a b; do
		recounted "$path, $who is reset" 1400,1400 <<-END
			$world
			$rate
			faults: [{kind: reset, who: $who, every: 400}]
		END
		at_least .lost.packets 1
		recounted "$path, $who starts late" 1400,1400 <<-END
			${world/name: $who/name: $who, start: 5ms}
			$rate
		END
		at_least .modelled.latency_ps.max 4000000000
		recounted "$path, $who dies" 1400,1400 <<-END
			$world
			$rate
			faults: [{kind: crash, who: $who, at: 3ms}]
		END
	done
	recounted "$path, unpaired and paired" 1400,1400 <<-END
		$world
		$rate
		faults: [{kind: unpair, at: 3ms, delay: 100us},
		  {kind: unpair, at: 8ms, delay: 1ms}]
	END
	recounted "$path, notifications lost" 1400,1400 <<-END
		$world
		$rate
		faults: [{kind: lost-kick, one-in: 50}, {kind: lost-call, one-in: 50}]
	END
	recounted "$path, too large" 150,150 <<-END
		${world%\}]}, max-frame: 9000}]
		traffic: [{generate: fixed, bytes: 9001, from: a, to: b, both: on,
		    packets: 50},
		  {generate: fixed, from: a, to: b, both: on, packets: 100}]
	END
	at_least .too_large.packets 100
	recounted "$path, large frames" 300,300 <<-END
		$world
		traffic: [{generate: fixed, bytes: 20000, from: a, to: b, both: on,
		    packets: 300}]
	END
	recounted "$path, questions and answers" 500,500 <<-END
		$world
		traffic: [{generate: request-response, from: a, to: b, packets: 500,
		  window: 4}]
	END
	recounted "$path, all poll" 1200,1200 <<-END
		name: t
		vms: [{name: a, poll: on, start: 1ms}, {name: b, poll: on}]
		links: [{ends: [a, b], path: $path, host-poll: on}]
		traffic: [{generate: imix, from: a, to: b, both: on, packets: 1200}]
	END
	recounted "$path, one of those who poll dies" 1400,1400 <<-END
		name: t
		vms: [{name: a, poll: on}, {name: b}]
		links: [{ends: [a, b], path: $path}]
		$rate
		faults: [{kind: crash, who: a, at: 3ms}]
	END
	recounted "$path, bursts" 640,0 <<-END
		$world
		traffic: [{generate: bursts, from: a, to: b, packets: 640, burst: 64,
		  gap: 50us}]
	END
done

for how in emulated pv-eoi posted; do
	recounted "interrupts $how" 1400,1400 <<-END
		name: t
		vms: [{name: a}, {name: b}]
		links: [{ends: [a, b], interrupts: $how, kick: mmio, exits: heavy,
		    vectors: shared}]
		$rate
	END
	at_least .counts.handler 1
	at_least '.cpu.parties["guest-irq"].ps' 1
done
recounted "two links" 500,500 0,800 <<-END
	name: t
	vms: [{name: a}, {name: b}, {name: c}]
	links: [{ends: [a, b]}, {ends: [c, b], path: copy}]
	traffic: [{generate: fixed, from: a, to: b, both: on, packets: 500},
	  {generate: imix, from: b, to: c, packets: 800, pace: rate, rate: 200k}]
END
recounted "nothing is sent" 0,0 <<-END
	name: t
	vms: [{name: a}, {name: b}]
	links: [{ends: [a, b]}]
	script: [run]
END
recounted "few slots, parked" 4000,0 <<-END
	name: t
	vms: [{name: a}, {name: b}]
	links: [{ends: [a, b], bar: {slots: 16}, ring: {size: 16}}]
	traffic: [{generate: fixed, from: a, to: b, packets: 4000}]
END
at_least .counts.gift 1
recounted "few buffers" 2000,0 <<-END
	name: t
	vms: [{name: a}, {name: b}]
	links: [{ends: [a, b], path: copy, ring: {size: 8}, private-rx: 2}]
	traffic: [{generate: fixed, from: a, to: b, packets: 2000}]
END
recounted "a capture" 1000,0 <<-END
	name: t
	vms: [{name: a}, {name: b, start: 2ms}]
	links: [{ends: [a, b]}]
	traffic: [{pcap: "$PWD/traces/udp-oneway.pcap"}]
END
finish
