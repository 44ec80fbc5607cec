# SPDX-License-Identifier: BSD-3-Clause
# swarm: exit codes, options that make no sense, its JSON, and full disks.
. "$(dirname "$0")/lib.sh"

broken=(--set rules.post-before-send=off --seeds 1..50)
hostile=conformance/scenarios/hostile/copy.yaml

# Exit codes: passed, violated, a scenario or an option that is wrong.
ends 0 "$twinring" swarm --seeds 1..50
ends 1 "$twinring" swarm "${broken[@]}"
says out '--set rules.post-before-send=off'
ends 0 "$twinring" swarm "$hostile" --seeds 1..2 --for 1s
ends 0 "$twinring" swarm "$hostile" --for 50ms
ends 2 "$twinring" swarm --seeds 5
ends 2 "$twinring" swarm --seeds 7..3
ends 2 "$twinring" swarm --jobs 0
ends 2 "$twinring" swarm --for soon
ends 2 "$twinring" swarm --set rules.epohc=off --seeds 1..1
ends 2 "$twinring" swarm conformance/scenarios/http.yaml --seeds 1..1
says err 'leave traffic out'
ends 3 "$twinring" swarm "$work/none.yaml"

# A world is a scenario: shown, it runs.
"$twinring" swarm --seeds 7..7 --print-config >"$work/seven.yaml"
ends 0 "$twinring" run "$work/seven.yaml"

# Faults that cannot be are refused where they stand.
refused() {
	"$twinring" swarm --seeds 7..7 --print-config |
		sed "/^faults:/,/^[a-z]*:/d" >"$work/fault.yaml"
	printf 'faults: [%s]\n' "$1" >>"$work/fault.yaml"
	ends 2 "$twinring" check "$work/fault.yaml"
	says err "$2"
}
refused '{kind: lost-kik, every: 3}' "did you mean 'lost-kick'"
refused '{kind: reset}' "needs one of 'at', 'every' and 'one-in'"
refused '{kind: reset, at: 1us, every: 3}' "needs one of"
refused '{kind: reset, every: 3, link: 9}' "'link' is 9"
refused '{kind: reset, every: 3, delay: 1us}' 'needs kind late-kick'

# A full disk is told of, and nothing half written is left.
if [ -e /dev/full ]; then
	ends 4 "$twinring" swarm --seeds 1..3 --json /dev/full
	ends 4 "$twinring" swarm "${broken[@]}" --first --save /dev/full
	code=0
	"$twinring" swarm --seeds 1..3 >/dev/full 2>"$work/err" || code=$?
	[ $code = 4 ] || fail "a full standard output ends with $code"
fi

# docs/JSON.md names every key that there is.
if command -v jq >/dev/null; then
	"$twinring" swarm "${broken[@]}" --json - >"$work/json"
	jq -r 'paths | .[-1] | strings' "$work/json" | sort -u >"$work/keys"
	[ "$(wc -l <"$work/keys")" -gt 20 ] || fail "where are the keys?"
	while read -r key; do
		grep -qF "\`$key\`" docs/JSON.md || fail "JSON.md lacks $key"
	done <"$work/keys"
fi
finish
