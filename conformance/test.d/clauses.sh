# SPDX-License-Identifier: BSD-3-Clause
# Usage: clauses.sh TWINRING TABLE SUITE...
# No dead rule: each clause of model/clauses.def is broken by one test and kept
# by another. What shows it is counted:
#
#   a case of a unit test in which a referee, or a device, named the clause that
#   was expected; it is kept by a case of that suite in which the same one was
#   told as much and named nothing. The SUITEs are run, and say so themselves;
#   a rule that its scenario needs (CTest rule.NAME, and holds.rule-NAME);
#   a planted error that a search finds by it, in a world that is clean without
#   (TABLE, CTests mutant.NAME and mutant.all);
#   a race that is found, and closed by rules (CTests race.NAME, closed.NAME).
#
# A clause that nothing shows needs a waiver beside its row, with a day and a
# reason: WAIVER(text id, YYYY-MM-DD, reason). One that is no longer needed fails.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq
table=$2
shift 2
rows=model/clauses.def
seen=conformance/races_seen.def

# Lines of "broken|kept CLAUSE by", for all that is shown.
judged() {
	sort -u "$work/judged" | awk -F'\t' '
		$1 == "broken" { print "broken", $3, $4; by[$2, $4] = by[$2, $4] " " $3 }
		$1 == "kept" && $3 != "all" { print "kept", $3, $4 }
		$1 == "kept" && $3 == "all" { silent[$2, $4] = 1 }
		END {
			for (judge in silent) {
				split(judge, part, SUBSEP)
				n = split(by[judge], id, " ")
				for (i = 1; i <= n; i++)
					print "kept", id[i], part[2]
			}
		}'
	"$twinring" list rules --json | jq -r '.rules[] |
		"broken \(.clause) rule.\(.name)", "kept \(.clause) rule.\(.name)"'
	grep -v '^#' "$table" |
		awk '{ print "broken", $2, "mutant." $1; print "kept", $2, "mutant.all" }'
	sed -n 's/^SEEN("\([^"]*\)", "\([^"]\+\)".*/broken \2 race.\1/p' "$seen"
	while read -r race; do
		sed -n "s/^SEEN(\"$race\", \"\([^\"]\+\)\".*/kept \1 closed.$race/p" \
			"$seen"
	done < <(sed -n 's/^CLOSED("\([^"]*\)".*/\1/p' "$seen")
}

# dead FILE: of the clauses in it, those that are not both broken and kept.
dead() {
	local id how
	while read -r id; do
		for how in broken kept; do
			grep -q "^$how $id " "$work/shown" || echo "$id is never $how"
		done
	done <"$1"
}

for suite in "$@"; do
	"$suite" >"$work/out" 2>&1 || fail "$suite fails"
	sed -n "s/^judged\t//p" "$work/out" >>"$work/judged"
done
"$twinring" list clauses --json | jq -r '.clauses[].id' | sort >"$work/all"
judged | sort -u >"$work/shown"
sed -n 's/.*WAIVER(\([^,]*\), *\([0-9-]*\), *\([^)]*\)).*/\1 \2 \3/p' "$rows" \
	>"$work/waived"

[ "$(wc -l <"$work/all")" = "$(grep -c '^CLAUSE(' "$rows")" ] ||
	fail "the program knows other clauses than $rows"
cut -d' ' -f2 "$work/shown" | sort -u | comm -13 "$work/all" - >"$work/unknown"
[ -s "$work/unknown" ] && fail "nobody knows $(tr '\n' ' ' <"$work/unknown")"
dead "$work/all" >"$work/dead"
while read -r id day reason; do
	grep -qx "$id" "$work/all" || fail "a waiver for $id, which is no clause"
	[[ $day =~ ^20[0-9]{2}-[01][0-9]-[0-3][0-9]$ && ${#reason} -gt 10 ]] ||
		fail "the waiver for $id needs a day and a reason"
	grep -q "^$id " "$work/dead" || fail "$id needs no waiver any more"
	sed -i "/^$id /d" "$work/dead"
done <"$work/waived"
while read -r line; do
	fail "$line"
done <"$work/dead"

# What this test is for: a row that nothing shows is found.
echo EXT-NOBODY | cat "$work/all" - >"$work/more"
[ "$(dead "$work/more" | grep -c '^EXT-NOBODY is never')" = 2 ] ||
	fail "a clause that nobody names is overlooked"
echo "$(wc -l <"$work/all") clauses: $(grep -c '^broken' "$work/shown") times" \
	"broken, $(grep -c '^kept' "$work/shown") times kept," \
	"$(wc -l <"$work/waived") waivers"
finish
