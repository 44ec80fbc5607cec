# SPDX-License-Identifier: BSD-3-Clause
# What the documents say is what the program does.
. "$(dirname "$0")/lib.sh"

# docs/SCENARIO.md holds the schema, word for word.
"$twinring" list schema >"$work/schema"
sed -n '/^<!-- begin: twinring list schema -->$/,/^<!-- end/p' \
	docs/SCENARIO.md | sed '1,2d;$d' | sed '$d' >"$work/there"
diff "$work/there" "$work/schema" ||
	fail "docs/SCENARIO.md: put in what 'twinring list schema' prints"

# docs/RACES.md holds the catalogue of races, likewise.
"$twinring" list races --markdown >"$work/races"
sed -n '/^<!-- begin: twinring list races --markdown -->$/,/^<!-- end/p' \
	docs/RACES.md | sed '1,2d;$d' | sed '$d' >"$work/there"
diff "$work/there" "$work/races" ||
	fail "docs/RACES.md: put in what 'twinring list races --markdown' prints"

"$twinring" explore conformance/scenarios/races/leak-on-drop-2015.yaml \
	--first --quiet --chart "$work/chart.svg" >/dev/null
cmp "$work/chart.svg" docs/leak-on-drop.svg ||
	fail "docs/leak-on-drop.svg is another picture: run tools/races"

# Examples of docs/SCENARIO.md run.
awk -v to="$work/block" '/^```/ { n += /yaml/; on = /yaml/; next }
	on { print >to n }' docs/SCENARIO.md
cp "$work/block1" "$work/a.yaml"
ends 0 "$twinring" run "$work/a.yaml"
sed '/^traffic:/,$d' "$work/block1" | cat - "$work/block2" >"$work/b.yaml"
ends 0 "$twinring" run "$work/b.yaml"

# The man page has the options of --help, and no others.
sed 's/\\-/-/g; s/\\f[BIRP]//g' docs/twinring.1 >"$work/man"
for verb in '' $(verbs); do
	# shellcheck disable=SC2086 # no word for the program itself
	"$twinring" $verb --help | sed '/^Examples:/,$d' |
		grep -oE -- '--[a-z][a-z-]*'
done | sort -u >"$work/options"
[ "$(wc -l <"$work/options")" -gt 10 ] || fail "where are the options?"
while read -r option; do
	grep -qE -- "^\.B.*$option( |\$)" "$work/man" ||
		fail "docs/twinring.1 lacks $option"
done <"$work/options"
grep -oE -- '--[a-z][a-z-]*' "$work/man" | sort -u | while read -r option; do
	grep -qx -- "$option" "$work/options" || echo "$option"
done >"$work/extra"
[ ! -s "$work/extra" ] || fail "docs/twinring.1 makes up $(cat "$work/extra")"
if command -v groff >/dev/null; then
	groff -man -Tutf8 -ww docs/twinring.1 2>&1 >/dev/null | grep . &&
		fail "groff minds docs/twinring.1"
fi

# The tour names files that exist, and functions that are there.
for path in $(grep -oE '`[[:alnum:]_./-]+/[[:alnum:]_.-]+`' docs/TOUR.md |
	tr -d '`'); do
	[ -e "$path" ] || fail "docs/TOUR.md: there is no $path"
done
for name in $(grep -oE '`[a-z_]+\(\)`' docs/TOUR.md | tr -d '`()'); do
	grep -rqE --include="*.[ch]" "(^|[ *])$name\(" model sim conformance ||
		fail "docs/TOUR.md: there is no $name()"
done

# docs/JSON.md names every key that there is.
if command -v jq >/dev/null; then
	{
		"$twinring" run "$work/a.yaml" --json -
		"$twinring" run "$work/a.yaml" --json - --set rules=2015 \
			--set 'vms[0].guess=halves'
		for topic in rules barriers paths policies clauses costs \
			profiles events races; do
			"$twinring" list $topic --json
		done
	} | jq -r 'del(.counts, .links[]?.counts) | paths | .[-1] | strings' |
		sort -u >"$work/keys"
	[ "$(wc -l <"$work/keys")" -gt 30 ] || fail "where are the keys?"
	while read -r key; do
		grep -qF "\`$key\`" docs/JSON.md || fail "JSON.md lacks $key"
	done <"$work/keys"
fi
finish
