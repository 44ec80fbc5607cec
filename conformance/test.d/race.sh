# SPDX-License-Identifier: BSD-3-Clause
# Usage: race.sh TWINRING SCENARIO [seen|closed|burst] [print|STATES]
# Every order of events of SCENARIO does what it expects; if that is to break
# a rule, the shortest story breaks it again in a run, and else it is searched
# where stores wait, too. With "closed", the rules that are said to close the
# race do so. Both must be as races_seen.def says, or are printed as it should
# say. With "burst", what is clean or closed is so where whole turns are the
# moves. Where only STATES are to be seen, what lies beyond them is not compared.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

scenario=${2#"$PWD/"}
print=${4:-}
all=5000000 # states, where all would be too many: clean so far
most=$all
[[ $print =~ ^[0-9]+$ ]] && most=$print
stem=$(basename "$scenario" .yaml)
known=conformance/races_seen.def
closed=400000 # states, where rules close a race: enough is enough

# Rows of the catalogue that lean on this scenario; there may be none.
rows() {
	"$twinring" list races --json | jq -r --arg s "$scenario" \
		".races[] | select(.scenario == \$s) | $1 // \"\""
}

# row TEXT: what was found, to be printed or to be how a known row begins.
row() {
	[ -n "$(rows .id)" ] || return
	if [ "$print" = print ]; then
		echo "$1"
	elif ! grep -q "^$1" "$known"; then
		fail "$known does not say $1: run tools/races"
	fi
}

# cut_off: not all that the table tells of was to be seen, and there is more.
cut_off() {
	[ "$most" -lt $all ] && [ "$(value .complete)" != true ] &&
		[ "$(value '.violations | length')" = 0 ]
}

# beyond: what breaks lies further on than is to be searched.
beyond() {
	local states
	states=$(sed -n "s/^SEEN(\"$stem\", \"[^\"][^,]*, [0-9]*, \([0-9]*\),.*/\1/p" \
		$known)
	[ "${states:-0}" -gt "$most" ]
}

# explore OPTION...: does what it expects, or is clean so far.
explore() {
	beyond && set -- --set expect.violations=none "$@"
	"$twinring" explore "$scenario" --first --no-progress \
		--max-states "$most" --save "$work/story.yaml" \
		--allow-incomplete \
		--json "$work/json" "$@" >"$work/out" && return
	cat "$work/out"
	fail "explore does not hold"
	return 1
}

seen() {
	local found tso=0 tso_complete=false
	explore || return
	cut_off && return
	found="SEEN(\"$stem\", \"$(value '.violations[0].clause // ""')\",\
 $(value '.violations[0].steps // 0'), $(value .states), $(value .complete),"
	if grep -q '^expect:.*\[' "$scenario"; then
		run 0 "$work/story.yaml"
	elif ! grep -q 'grain: slot' "$scenario"; then # stores do not wait there
		explore --memory tso || return
		if cut_off; then
			row "$found"
			return
		fi
		tso=$(value .states)
		tso_complete=$(value .complete)
	fi
	row "$found $tso, $tso_complete)"
}

# rule: sets what closes the race; false: nothing has to, or does.
rule() {
	local name
	name=$(rows .rules | head -1)
	[ -n "$name" ] && grep -q '^expect:.*\[' "$scenario" || return
	[ "$name" = all ] && echo rules=all || echo "rules.$name=on"
}

# clean_with OPTION...: nothing breaks in the states that are enough.
clean_with() {
	"$twinring" explore "$scenario" --max-states $closed --no-progress \
		--allow-incomplete --set expect.violations=none \
		--json "$work/json" "$@" >"$work/out" && return
	cat "$work/out"
	fail "not clean with $*"
	return 1
}

closed() {
	local rule
	rule=$(rule) || return 0
	clean_with --set "$rule" || return
	row "CLOSED(\"$stem\", $(value .states), $(value .complete))"
}

# Turns of one packet are the moves: as in a run.
burst() {
	local rule
	grep -q 'grain: slot' "$scenario" && return
	set -- --set step=burst --set burst=1
	if grep -q '^expect:.*\[' "$scenario"; then
		rule=$(rule) || return 0
		set -- "$@" --set "$rule"
	fi
	clean_with "$@"
}

"${3:-seen}"
finish
