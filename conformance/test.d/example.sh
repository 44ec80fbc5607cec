# SPDX-License-Identifier: BSD-3-Clause
# Usage: example.sh TWINRING-MUTANTS
# The path that docs/ADDING-A-PATH.md adds is compiled as it stands there, with
# its row alone; it runs with all referees silent, and every command that the
# guide shows is what it says.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq
guide=docs/ADDING-A-PATH.md

"$twinring" none list paths --json >"$work/json" || fail "list paths"
[ "$(value '[.paths[].name] | index("relay") != null')" = true ] ||
	fail "no path is called relay"

# Each command of the guide, which ends well.
grep '^    twinring ' "$guide" >"$work/commands"
[ "$(wc -l <"$work/commands")" = 3 ] || fail "$guide has other commands"
while read -r _ line; do
	# shellcheck disable=SC2086 # words of a command
	"$twinring" none $line --no-progress >"$work/out" 2>&1 || {
		fail "twinring $line"
		head -20 "$work/out" >&2
	}
done <"$work/commands"

# Two copies of each frame, of all its bytes, where copy has one.
for path in copy relay; do
	"$twinring" none run conformance/scenarios/flags-copy.yaml \
		--set "links[0].path=$path" --json "$work/$path" >/dev/null ||
		fail "run over $path"
done
for figure in '.delivered' '.counts.packet' '.counts["host-copy"] * TIMES' \
	'.counts["host-byte"] * TIMES'; do
	copied=$(jq "${figure/TIMES/2}" "$work/copy")
	relayed=$(jq "${figure/TIMES/1}" "$work/relay")
	[ "$copied" = "$relayed" ] ||
		fail "$figure: $relayed over relay, expected $copied"
done
finish
