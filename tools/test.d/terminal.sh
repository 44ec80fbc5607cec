# SPDX-License-Identifier: BSD-3-Clause
# Colour and the bar are for terminals, and for those that want them.
. "$(dirname "$0")/lib.sh"
needs script

scenario "$work/a.yaml" 10
scenario "$work/long.yaml" 1000000000
escape=$(printf '\033')

# on_terminal WORDS...: what twinring writes when all streams are a terminal
on_terminal() {
	script -qec "'$twinring' $*" /dev/null </dev/null >"$work/out"
}

export TERM=xterm
unset NO_COLOR
on_terminal run "$work/a.yaml"
grep -q "$escape\[32mpassed$escape\[0m" "$work/out" || fail "passed is not green"
on_terminal run "$work/a.yaml" --set expect.lost=1
grep -q "$escape\[31mfailed" "$work/out" || fail "not red"
NO_COLOR=1 on_terminal run "$work/a.yaml"
grep -q "$escape" "$work/out" && fail "colour though NO_COLOR is set"
NO_COLOR='' on_terminal run "$work/a.yaml"
grep -q "$escape" "$work/out" || fail "an empty NO_COLOR is none"
TERM=dumb on_terminal run "$work/a.yaml"
grep -q "$escape" "$work/out" && fail "colour on a dumb terminal"
"$twinring" run "$work/a.yaml" | grep -q "$escape" && fail "colour in a pipe"

# The first thing that a long run writes is its bar.
start=$(script -qefc "echo \$\$ >'$work/pid'; exec '$twinring' run \
	'$work/long.yaml'" /dev/null </dev/null 2>&1 | {
	head -c 5
	kill "$(cat "$work/pid")"
	cat >/dev/null
} | tr '\r\033' 'RE')
[ "$start" = 'RE[K[' ] || fail "no bar, but '$start'"
finish
