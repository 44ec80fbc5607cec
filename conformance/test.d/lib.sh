# SPDX-License-Identifier: BSD-3-Clause
# shellcheck disable=SC2034 # $less is for those who source this
# What the scripts here share. Each is called with the program, where the
# project begins, and exits 0 (passed), 1 (failed) or 77 (cannot be tried).
set -u
twinring=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
	echo "FAIL: $*" >&2
	failures=$((failures + 1))
}

needs() {
	command -v "$1" >/dev/null && return
	echo "$1 is not installed"
	exit 77
}

# run CODE ARGUMENT...: twinring run, which must end so; output in $work.
run() {
	local want=$1 got=0
	shift
	"$twinring" run "$@" >"$work/out" 2>"$work/err" || got=$?
	[ "$got" = "$want" ] && return
	fail "exit status $got, not $want: twinring run $*"
	head -20 "$work/err" >&2
	head -40 "$work/out" >&2
	return 1
}

# value JQ: of the JSON in $work/json.
value() {
	jq -r "$1" "$work/json"
}

finish() {
	[ "$failures" = 0 ]
	exit
}
