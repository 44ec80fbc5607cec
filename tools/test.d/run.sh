# SPDX-License-Identifier: BSD-3-Clause
# twinring run: exit statuses, reports, and that runs repeat.
. "$(dirname "$0")/lib.sh"

scenario "$work/a.yaml" 1000
digest() { sed -n 's/.*digest \([0-9a-f]\{16\}\).*/\1/p' "$1"; }

ends 0 "$twinring" run "$work/a.yaml"
silent err
says out 'two machines: passed'
says out 'modelled (profile host-2023)'
says out 'measured on this host'
first=$(digest "$work/out")
[ ${#first} = 16 ] || fail "no digest"

ends 0 "$twinring" run "$work/a.yaml"
[ "$(digest "$work/out")" = "$first" ] || fail "the digest is another one"
ends 0 "$twinring" run - <"$work/a.yaml"
[ "$(digest "$work/out")" = "$first" ] || fail "stdin has another digest"

ends 0 "$twinring" run "$work/a.yaml" --print-config
cp "$work/out" "$work/config.yaml"
ends 0 "$twinring" run - <"$work/config.yaml"
[ "$(digest "$work/out")" = "$first" ] || fail "its config runs otherwise"
ends 0 "$twinring" run "$work/config.yaml" --print-config
cmp -s "$work/out" "$work/config.yaml" || fail "the config prints otherwise"

# Sugar is --set.
ends 0 "$twinring" run "$work/a.yaml" --seed 7 --schedule random \
	--profile host-2015 --print-config
cp "$work/out" "$work/sugar"
ends 0 "$twinring" run "$work/a.yaml" --set seed=7 --set schedule=random \
	--set profile=host-2015 --print-config
cmp -s "$work/out" "$work/sugar" || fail "--seed and --set differ"
ends 2 "$twinring" run "$work/a.yaml" --seed seven
says err '--set seed=seven: error:'

ends 0 "$twinring" run "$work/a.yaml" --quiet
silent out
silent err
ends 0 "$twinring" run "$work/a.yaml" --no-check
says out 'not checked'
[ "$(digest "$work/out")" = "$first" ] || fail "referees change the digest"

# What is expected and does not come.
ends 1 "$twinring" run "$work/a.yaml" --set expect.lost=3 --quiet
says out 'two machines: failed'
says out 'lost: expected 3, actual 0'
says out "  twinring run $work/a.yaml --seed 1 --set expect.lost=3"

# What moves nothing shows nothing, unless that is what was expected.
empty='\324\303\262\241\2\0\4\0\0\0\0\0\0\0\0\0\377\377\0\0\1\0\0\0'
printf %b "$empty" >"$work/empty.pcap"
printf %b "$empty\\1\\2\\3" >"$work/cut.pcap"
cat >"$work/empty.yaml" <<-END
	name: nothing to send
	vms: [{name: a}, {name: b}]
	links: [{ends: [a, b]}]
	traffic: [{pcap: empty.pcap}]
END
for set in traffic.pcap="$work/empty.pcap" traffic.max-gap=1s \
	"traffic=[{pcap: $work/cut.pcap, damaged: use}]" \
	'traffic=[]' 'script=[run]'; do
	extra=()
	[ "$set" = 'traffic=[]' ] && extra=(--set 'explore={sends: 1}')
	ends 1 "$twinring" run "$work/empty.yaml" --set "$set" "${extra[@]}"
	says out 'delivered: no packet, so the run shows nothing'
	ends 0 "$twinring" run "$work/empty.yaml" --set "$set" "${extra[@]}" \
		--set expect.delivered=0
done
ends 1 "$twinring" run "$work/a.yaml" --no-check --quiet \
	--set 'links[0].max-frame=60' --set 'expect={}'
says out 'delivered: no packet, so the run shows nothing'

# Three machines in a row, and a capture in which the outer two talk.
cat >"$work/row.yaml" <<-END
	name: a row
	vms: [{name: left}, {name: right}, {name: middle}]
	links: [{ends: [left, middle]}, {ends: [middle, right]}]
	traffic:
	  - pcap: $PWD/traces/http.pcap
	expect: {violations: none, lost: 0}
END
ends 2 "$twinring" run "$work/row.yaml"
silent out
says err "$work/row.yaml:5:5: error: $PWD/traces/http.pcap: "
says err ' is left and '
says err ' is right, which no link joins: '
says err 'there are links left - middle, middle - right'
ends 0 "$twinring" run "$work/row.yaml" --json "$work/row" \
	--set 'links[0].ends=[left, right]'
says err 'no packet crosses link 1, middle - right'
says out ' is left: '
says out ' is right: '
says row '"placement": ['

# A crash excuses what is never sent, and that is said.
ends 0 "$twinring" run "$work/a.yaml" --set 'expect={violations: none}' \
	--set 'faults=[{kind: crash, who: b, at: 20us}]' --json "$work/dead"
says out 'never sent'
says out '    a to b: '
says out ', the receiver died'
says dead '"because": "the sender died"'

# A rule that is broken; the command that is printed shows the same again.
ends 1 "$twinring" run "$work/a.yaml" --set rules=2015 --seed 5 \
	--set 'vms[0].guess=halves' --json "$work/broken.json"
says out 'EXT-GEOMETRY: '
again=$(sed -n 's/^  \(twinring run .*\)/\1/p' "$work/out")
before=$(digest "$work/out")
twinring() { command "$twinring" "$@"; }
eval "$again" >"$work/out"
[ "$(digest "$work/out")" = "$before" ] || fail "not the same again: $again"
ends 0 "$twinring" run "$work/a.yaml" --set rules=2015 --quiet \
	--set 'vms[0].guess=halves' --no-check --set 'expect={}'

# What cannot be run, read, or found.
ends 2 "$twinring" run "$work/a.yaml" --set ring.size=3
silent out
ends 2 "$twinring" run /dev/null
ends 3 "$twinring" run "$work/none.yaml"
ends 3 "$twinring" run "$work/a.yaml" --set 'traffic=[{pcap: /no/such}]'
says err '/no/such: '
ends 2 "$twinring" run "$work/a.yaml" --profile host-2032
says err "did you mean 'host-2023'?"
ends 3 "$twinring" run "$work/a.yaml" --profile ./none.yaml
finish
