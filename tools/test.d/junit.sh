# SPDX-License-Identifier: BSD-3-Clause
# JUnit XML: a case for the run, one for each clause that was broken.
. "$(dirname "$0")/lib.sh"

scenario "$work/a.yaml" 100
well_formed() {
	command -v xmllint >/dev/null || return 0
	xmllint --noout "$1" || fail "not well-formed"
}

ends 0 "$twinring" run "$work/a.yaml" --junit -
silent err
says out '<testsuite name="two machines" tests="1" failures="0"'
says out 'name="run"'
well_formed "$work/out"

ends 1 "$twinring" run "$work/a.yaml" --set rules=2015 --quiet \
	--set 'vms[0].guess=halves' --junit "$work/bad.xml"
cp "$work/bad.xml" "$work/out"
says out 'name="EXT-GEOMETRY"'
says out '<failure type="EXT-GEOMETRY" message="'
says out '<failure type="expectation" message="'
says out '--set rules=2015'
well_formed "$work/out"

# The same clauses, now expected: cases that pass.
clauses=$(sed -n 's/.*name="\([A-Z]*-[-A-Z0-9]*\)".*/\1/p' "$work/bad.xml" |
	paste -sd,)
ends 0 "$twinring" run "$work/a.yaml" --set rules=2015 \
	--set 'vms[0].guess=halves' --junit - \
	--set "expect={violations: [$clauses]}"
says out 'failures="0"'
says out 'name="EXT-GEOMETRY"/>'

sed 's/^name:.*/name: "<a> \& \\"b\\""/' "$work/a.yaml" >"$work/b.yaml"
ends 0 "$twinring" run "$work/b.yaml" --junit -
says out 'name="&lt;a&gt; &amp; &quot;b&quot;"'
well_formed "$work/out"
finish
