# SPDX-License-Identifier: BSD-3-Clause
# Usage: race.sh TWINRING SCENARIO [seen|closed] [print]
# Every order of events of SCENARIO does what it expects; if that is to break
# a rule, the shortest story breaks it again in a run. With "closed", the rules
# that are said to close the race do so. Both must be as races_seen.def says,
# or are printed as it should say.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

scenario=${2#"$PWD/"}
print=${4:-}
stem=$(basename "$scenario" .yaml)
known=conformance/races_seen.def
most=400000 # states, where rules close a race: enough is enough

# Rows of the catalogue that lean on this scenario; there may be none.
rows() {
	"$twinring" list races --json | jq -r --arg s "$scenario" \
		".races[] | select(.scenario == \$s) | $1 // \"\""
}

# row TEXT: what was found, to be printed or to be there already.
row() {
	[ -n "$(rows .id)" ] || return
	if [ "$print" = print ]; then
		echo "$1"
	elif ! grep -qxF "$1" "$known"; then
		fail "$known does not say $1: run tools/races"
	fi
}

seen() {
	"$twinring" explore "$scenario" --first --no-progress \
		--save "$work/story.yaml" --json "$work/json" >"$work/out" || {
		cat "$work/out"
		fail "explore does not hold"
		return
	}
	if grep -q '^expect:.*\[' "$scenario"; then
		run 0 "$work/story.yaml"
	elif [ "$(value .complete)" != true ]; then
		fail "not all of it was seen"
	fi
	row "SEEN(\"$stem\", \"$(value '.violations[0].clause // ""')\",\
 $(value '.violations[0].steps // 0'), $(value .states))"
}

closed() {
	local rule
	rule=$(rows .rules | head -1)
	if [ -z "$rule" ] || ! grep -q '^expect:.*\[' "$scenario"; then
		return
	fi
	[ "$rule" = all ] && rule=rules=all || rule=rules.$rule=on
	"$twinring" explore "$scenario" --max-states $most --no-progress \
		--allow-incomplete \
		--set "$rule" --set expect.violations=none \
		--json "$work/json" >"$work/out" || {
		cat "$work/out"
		fail "not closed by $rule"
		return
	}
	row "CLOSED(\"$stem\", $(value .states), $(value .complete))"
}

"${3:-seen}"
finish
