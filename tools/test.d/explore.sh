# SPDX-License-Identifier: BSD-3-Clause
# explore: exit codes, limits, stories that repeat, and its JSON.
. "$(dirname "$0")/lib.sh"

races=conformance/scenarios/races
clean=$races/clean-3.yaml
broken=$races/starvation-2015.yaml

# Exit codes: passed, violated, a scenario or an option that is wrong.
ends 5 "$twinring" explore "$clean" --max-states 5000
ends 0 "$twinring" explore "$clean" --max-states 5000 --allow-incomplete
ends 5 "$twinring" explore "$clean" --max-depth 3 --seed 5
ends 1 "$twinring" explore "$broken" --set 'expect.violations=none' \
	--max-states 20000 --allow-incomplete
ends 0 "$twinring" explore "$broken" --first
ends 1 "$twinring" explore "$broken" --first --set 'expect.violations=none'
ends 1 "$twinring" explore "$clean" --max-depth 3 \
	--set 'expect.violations=[EXT-PARK]'
ends 2 "$twinring" explore "$clean" --max-states 0
ends 2 "$twinring" explore "$clean" --memory weak
ends 2 "$twinring" explore $races/abstract.yaml --memory tso
ends 2 "$twinring" explore "$clean" --set ring.size=128
ends 2 "$twinring" explore "$clean" --set explore.lies=1 --set bar.slots=33

# A limit is a limit, and said so.
"$twinring" explore "$clean" --max-depth 4 --no-progress >"$work/out"
grep -q 'not complete, there are longer ways' "$work/out" ||
	fail "--max-depth is not told of"
"$twinring" explore "$clean" --max-depth 4 --unfolded \
	--allow-incomplete >"$work/out" ||
	fail "--unfolded does not hold"

# Eight links are as many as there may be, each with its own moves.
{
	printf 'name: many links\nstep: action\n'
	printf 'vms: [{name: vm1}, {name: vm2}, {name: vm3}]\nlinks:\n'
	for vm in vm1 vm2 vm1 vm2 vm1 vm2 vm1 vm2; do
		printf '  - {ends: [%s, vm3], ring: {size: 64}, bar: {slots: 64}}\n' \
			$vm
	done
	printf 'explore: {endless: on}\n'
} >"$work/many.yaml"
"$twinring" explore "$work/many.yaml" --max-states 1000 --audit --allow-incomplete \
	--no-progress >"$work/out" || fail "many links do not hold"
grep -q 'not complete, there are more states' "$work/out" ||
	fail "many links have few states"

# The story is a scenario that runs to the same clause.
"$twinring" explore "$broken" --first --quiet --save "$work/story.yaml" |
	grep -q '^EXT-GIFT-OWED' || fail "no story is told"
ends 0 "$twinring" run "$work/story.yaml"
ends 1 "$twinring" run "$work/story.yaml" --set 'expect.violations=none'

# The picture: an arrow, who holds slots, and no word that breaks out of it.
picture() {
	"$twinring" explore "$broken" --first --quiet --chart "$1" \
		--set 'name=<two> & "more"' >/dev/null
}
picture "$work/1.svg"
picture "$work/2.svg"
cmp "$work/1.svg" "$work/2.svg" || fail "two pictures differ"
for words in 'marker-end' '>tx kick<' '>host0.vm1<' '>slot 1<' \
	'class="slot vm1"' '&lt;two&gt; &amp;' '>EXT-GIFT-OWED: '; do
	grep -qF -- "$words" "$work/1.svg" || fail "the picture lacks $words"
done
if command -v xmllint >/dev/null; then
	xmllint --noout "$work/1.svg" || fail "the picture is not well-formed"
fi
# A run of the story draws it, too, and a run in which nothing breaks draws none.
"$twinring" explore "$broken" --first --quiet --save "$work/story.yaml" \
	>/dev/null
ends 0 "$twinring" run "$work/story.yaml" --chart "$work/3.svg"
for words in '>run<' '>tx kick<' '>breaks EXT-GIFT-OWED<'; do
	grep -qF -- "$words" "$work/3.svg" || fail "that picture lacks $words"
done
sed -e '/^script:/,${/^  - [^r]/d}' \
	-e 's/^  violations:.*/  violations: none\n  delivered: 0/' \
	"$work/story.yaml" >"$work/quiet.yaml"
ends 0 "$twinring" run "$work/quiet.yaml" --chart "$work/no.svg"
[ ! -e "$work/no.svg" ] || fail "a picture of a run that passed"
ends 2 "$twinring" run conformance/scenarios/http.yaml --chart "$work/no.svg"
ends 5 "$twinring" explore "$clean" --max-states 5000 --chart "$work/no.svg"
[ ! -e "$work/no.svg" ] || fail "a picture of nothing"
ends 4 "$twinring" explore "$broken" --first --chart /nowhere/x.svg
ends 2 "$twinring" explore "$broken" --first --chart - --json -

# What can last for ever is found and repeats, as often as one likes; where a
# line of it is missing, or somebody is put off, it is no way round.
stuck=$races/busy-and-stuck.yaml
"$twinring" explore "$stuck" --save "$work/round.yaml" >"$work/out" ||
	fail "nothing goes on for ever"
grep -q 'the last 5 for ever: vm1' "$work/out" || fail "no cycle is told of"
grep -q '  - repeat 5$' "$work/round.yaml" || fail "no cycle is saved"
ends 0 "$twinring" run "$work/round.yaml"
sed 's/^\( *- repeat \).*/&\n&\n&/' "$work/round.yaml" >"$work/thrice.yaml"
ends 2 "$twinring" run "$work/thrice.yaml" # repeat is no line to repeat
says err 'this cannot be done now'
sed 's/repeat 5/repeat 4/' "$work/round.yaml" >"$work/short.yaml"
ends 2 "$twinring" run "$work/short.yaml"
says err "'repeat 4': "
sed 's/repeat 5/repeat 99/' "$work/round.yaml" >"$work/long.yaml"
ends 2 "$twinring" run "$work/long.yaml"
says err 'lines before it'
for odd in "$races/endless-2.yaml" "$clean --set explore.liveness=on"; do
	# shellcheck disable=SC2086 # options
	"$twinring" explore $odd --no-progress >"$work/out" ||
		fail "$odd: something lasts for ever"
	grep -q 'was looked for among [0-9]* states: 0 found' "$work/out" ||
		fail "$odd: nobody looked for what lasts"
done
"$twinring" explore "$stuck" --max-states 50 --no-progress \
	--set expect.violations=none >"$work/out"
grep -q 'for ever was not looked for' "$work/out" ||
	fail "cycles are looked for in a part"
ends 2 "$twinring" explore "$races/abstract.yaml" --set explore.liveness=on

# The same search twice is the same, but for what is measured.
if command -v jq >/dev/null; then
	for i in 1 2; do
		"$twinring" explore "$broken" --max-states 20000 --json - |
			jq 'del(.seconds, .states_per_second,
				.resident_bytes_max)' >"$work/$i"
	done
	cmp "$work/1" "$work/2" || fail "two searches differ"
	[ "$(jq -r '.violations[0].clause' "$work/1")" = EXT-GIFT-OWED ] ||
		fail "the JSON lacks the clause"
	# A benchmark has each number of processes once, and its result is one.
	"$twinring" explore "$broken" --max-states 2000 --bench --jobs 2 \
		--json - >"$work/bench"
	[ "$(jq -c '[.bench[] | .jobs, .rounds]' "$work/bench")" = \
		'[1,5,2,5]' ] || fail "the cases of a benchmark"
	jq -e '.gain > 0 and
		(.shared_pages == "large" or .shared_pages == "small") and
		([.bench[].states_per_second |
		.min > 0 and .min <= .median and .median <= .max] | all)' \
		"$work/bench" >/dev/null || fail "speeds out of order"
	"$twinring" explore "$broken" --max-states 2000 --bench --jobs 1 \
		--json - | jq -e '.gain == null and (.bench | length) == 1' \
		>/dev/null || fail "one process is two cases"
	jq -r 'paths | .[-1] | strings' "$work/1" "$work/bench" |
		sort -u >"$work/keys"
	while read -r key; do
		grep -qF "\`$key\`" docs/JSON.md || fail "JSON.md lacks $key"
	done <"$work/keys"
fi
finish
