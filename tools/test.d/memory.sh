# SPDX-License-Identifier: BSD-3-Clause
# Usage: memory.sh TWINRING TWINRING_FAIL
# Memory that runs out at the first place that asks for some, then at the
# second, and so on until it lasts: each time exit status 4, words that say so,
# no crash, and every output whole or not there.
. "$(dirname "$0")/lib.sh"
needs jq
program=$2
[ -x "$program" ] || exit 1

# place: who asked for memory in vain, where there is a tool that can tell.
place() {
	addr2line -fie "$program" "$(cat "$work/note")" 2>/dev/null |
		head -2 | tr '\n' ' '
}

# whole: outputs are complete if they are there.
whole() {
	[ ! -e "$work/out.json" ] || jq . "$work/out.json" >"$work/jq" 2>&1 ||
		fail "$1: half a result"
	[ ! -e "$work/out.yaml" ] ||
		"$twinring" check "$work/out.yaml" >"$work/jq" 2>&1 ||
		fail "$1: half a scenario"
	[ ! -e "$work/out.svg" ] || grep -q '</svg>' "$work/out.svg" ||
		fail "$1: half a picture"
	[ "$(find "$work" -name 'out.*.??????' | wc -l)" = 0 ] ||
		fail "$1: something is left"
}

# once AT ARGUMENT...: false when the Nth request, AT, never came.
once() {
	local at=$1 got=0
	shift
	rm -f "$work"/note "$work"/out.*
	TWINRING_FAIL=$at TWINRING_FAIL_NOTE=$work/note \
		"$program" "$@" >"$work/said" 2>"$work/err" || got=$?
	[ -e "$work/note" ] || return 1
	# What guards slots in builds for checkers is no part of the program.
	grep -q "^guard: " "$work/err" && return
	[ "$got" = 4 ] || fail "exit status $got: $at $* at $(place)"
	grep -q 'memory' "$work/err" || fail "no word of it: $at $* at $(place)"
	grep -q 'bug of twinring' "$work/err" && fail "$at $*: $(cat "$work/err")"
	whole "$at $*"
}

# walk LEAST ARGUMENT...: each request fails alone, some with all behind it;
# every $stride of them, where they are many.
stride=1
walk() {
	local least=$1 n=0
	shift
	while once $((n + stride)) "$@"; do
		n=$((n + stride))
		[ $((n % 9)) -ne 1 ] || once "$n+" "$@"
		[ $failures -lt 5 ] || finish
	done
	[ $n -ge "$least" ] || fail "only $n places ask for memory: $*"
}

scenario "$work/a.yaml" 20
sed "s|generate: fixed|pcap: $PWD/traces/dns.pcap|
	/from:/d; /to:/d; /packets:/d; /both:/d; /lost:/d" "$work/a.yaml" \
	>"$work/pcap.yaml"
races=conformance/scenarios/races

walk 5 check "$work/a.yaml"
walk 15 run "$work/a.yaml" --json "$work/out.json" --trace "$work/trace" \
	--pcap-out "$work/pcaps"
walk 30 run "$work/pcap.yaml" --json "$work/out.json"
walk 15 run conformance/scenarios/rule-epoch.yaml --set rules.epoch=off \
	--json "$work/out.json" --chart "$work/out.svg"
walk 5 compare "$work/a.yaml" --rounds 1
walk 30 pcap info traces/dns.pcap
walk 40 explore $races/fast-bounce.yaml --first --no-progress \
	--json "$work/out.json" --save "$work/out.yaml" \
	--chart "$work/out.svg"
stride=5
walk 40 explore $races/busy-and-stuck.yaml --no-progress \
	--json "$work/out.json"
stride=1
walk 15 swarm --seeds 1..3 --jobs 1 --no-progress --json "$work/out.json"
walk 20 swarm --seeds 1..9 --jobs 1 --no-progress --first \
	--set rules.epoch=off --save "$work/out.yaml"
walk 5 bench --pool L2 --bytes 64 --rounds 1 --no-progress \
	--json "$work/out.json"
finish
