# SPDX-License-Identifier: BSD-3-Clause
# The JSON of a run: its shape, its sums, and that only wall ever differs.
. "$(dirname "$0")/lib.sh"
needs jq

scenario "$work/a.yaml" 1000
# holds FILE FILTER: the filter is true of the file.
holds() { jq -e "$2" "$1" >/dev/null || fail "not so: $2"; }

ends 0 "$twinring" run "$work/a.yaml" --json -
silent err
cp "$work/out" "$work/one.json"
ends 0 "$twinring" run "$work/a.yaml" --json "$work/two.json"
says out 'two machines: passed'
for f in one two; do
	sed '/^  "wall": {$/,$d' "$work/$f.json" >"$work/$f"
	[ -s "$work/$f" ] || fail "$f has nothing before wall"
done
cmp "$work/one" "$work/two" || fail "two runs, two results"

f=$work/one.json
holds "$f" '.schema == "twinring-run-1" and (keys_unsorted[-1] == "wall")'
holds "$f" '.held and .settled and .checked and (.interrupted | not)'
holds "$f" '.digest | test("^[0-9a-f]{16}$")'
holds "$f" '.seed == 1 and .profile == "host-2023" and .unsent == 0'
holds "$f" '.scenario == {file: "'"$work"'/a.yaml", name: "two machines"}'
holds "$f" '.violation_count == 0 and .violations == [] and .unmet == []'
holds "$f" '.sent == {packets: 2000, bytes: 128000} and .sent == .delivered'
holds "$f" '.lost.packets == 0 and .too_large.packets == 0'
holds "$f" '.host_bytes_copied == .counts["host-byte"]'
holds "$f" '.modelled.latency_ps | .min <= .p50 and .p50 <= .p90 and
	.p90 <= .p99 and .p99 <= .p999 and .p999 <= .max'
holds "$f" '.modelled.packets_per_second > 0 and .wall.seconds >= 0'
holds "$f" '(.links | length) == 1 and .links[0].ends == ["a", "b"]'
holds "$f" '.links[0] | .path == "shared-buffers" and .paired and
	.reject_reason == null and .slots_used > 0'
holds "$f" '.links[0].exposure | map(.who + .whose) == ["ab", "ba"]'
holds "$f" '.links[0].held[] | .min <= .max and (.points | length) > 0'
holds "$f" '[.. | numbers] | map(. == floor) |
	(map(select(not)) | length) <= 1'

# Every cost has a count, and the config is the scenario.
"$twinring" list costs --json | jq '[.costs[].name]' >"$work/costs"
jq '.counts | keys_unsorted' "$f" | cmp - "$work/costs" || fail "other costs"
jq -j .config "$f" | "$twinring" run - --json - | jq .digest >"$work/again"
jq .digest "$f" | cmp - "$work/again" || fail "config has another digest"

ends 1 "$twinring" run "$work/a.yaml" --set rules=2015 \
	--set 'vms[0].guess=halves' --json -
f=$work/out
holds "$f" '.held == false and (.unmet | length) > 0'
holds "$f" '.violation_count >= (.violations | length)'
holds "$f" '.violations | length > 0 and length <= 64 + (map(.clause) | unique | length)'
holds "$f" '.violations[0] | .clause == "EXT-GEOMETRY" and .link == 0 and
	(.slot | type) == "number" and (.story | length) > 0 and
	(.words + .detail + .actor | length) > 0 and .time_ps > 0'
holds "$f" '.violations[0].reproduce | startswith("twinring run ")'

# Nothing delivered: no rate, no latency, no division by anything.
ends 0 "$twinring" run "$work/a.yaml" --json - --set 'vms[1].start=1s' \
	--set 'traffic=[]' --set 'script=["run"]' --set 'expect={delivered: 0}'
holds "$work/out" '.modelled | .latency_ps == null and
	.packets_per_second == null'

# What was changed of a capture is in JSON and report, not only said aside.
sed "s|^traffic:.*|traffic: [{pcap: \"$PWD/traces/udp-oneway.pcap\"}]|; /^  - generate/,/^    both/d" \
	"$work/a.yaml" >"$work/c.yaml"
ends 0 "$twinring" run "$work/c.yaml" --json "$work/c.json"
says out 'replayed'
says out 'only one side sends: 1000 frames'
holds "$work/c.json" '.replayed[0] | .packets == 1000 and .one_way and
	.empty == 0 and .direction == null and .notices == [
	"only one side sends: 1000 frames taken as a\u0027s"]'
holds "$work/one.json" '.replayed == []'

# A name that JSON has to escape.
printf 'name: "say \\"hi\\" \\\\ \xc3\xbc"\n' >"$work/b.yaml"
sed 1d "$work/a.yaml" >>"$work/b.yaml"
ends 0 "$twinring" run "$work/b.yaml" --json -
holds "$work/out" '.scenario.name == "say \"hi\" \\ ü"'

for topic in rules barriers paths policies clauses costs profiles events \
	races; do
	ends 0 "$twinring" list $topic --json
	holds "$work/out" '.schema == "twinring-list-1"'
	holds "$work/out" ".$topic | length > 0 and all(.words | length > 0)"
	rows=$(jq ".$topic | length" "$work/out")
	ends 0 "$twinring" list $topic
	lines=$(grep -c '^[^ ]' "$work/out")
	[ "$lines" = $((rows + 1)) ] || fail "$topic: $lines lines, $rows rows"
done
ends 0 "$twinring" list rules --json
holds "$work/out" '.rules | map(.scenario) | all(test(
	"^conformance/scenarios/rule-[a-z0-9-]+\\.yaml$"))'
holds "$work/out" '.rules | map(.fixes) | length == (unique | length)'
finish
