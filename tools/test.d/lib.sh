# SPDX-License-Identifier: BSD-3-Clause
# What the scripts here share. Each is called with the program, where the
# project begins, and exits 0 (passed), 1 (failed) or 77 (cannot be tried).
set -u
twinring=$(realpath "$1")
[ -x "$twinring" ] || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
	echo "FAIL: $*" >&2
	failures=$((failures + 1))
}

# ends CODE COMMAND...: runs it, output in $work/out and $work/err.
ends() {
	local want=$1 got=0
	shift
	"$@" >"$work/out" 2>"$work/err" || got=$?
	if [ "$got" != "$want" ]; then
		fail "exit status $got, not $want: $*"
		head -5 "$work/err" >&2
	fi
}

# says FILE TEXT: the output (out or err) has a line with TEXT in it.
says() {
	grep -qF -- "$2" "$work/$1" ||
		fail "nothing says '$2' on $1:" "$(head -3 "$work/$1")"
}

# silent FILE: there is no output at all.
silent() {
	[ ! -s "$work/$1" ] || fail "$1 says: $(head -3 "$work/$1")"
}

needs() {
	command -v "$1" >/dev/null && return
	echo "$1 is not installed"
	exit 77
}

# scenario FILE PACKETS: two machines, so many small frames each way.
scenario() {
	cat >"$1" <<-END
		name: two machines
		vms:
		  - name: a
		  - name: b
		links:
		  - ends: [a, b]
		traffic:
		  - generate: fixed
		    from: a
		    to: b
		    packets: $2
		    both: on
		expect:
		  violations: none
		  lost: 0
	END
}

# verbs: the names of all of them.
verbs() {
	"$twinring" --help |
		sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p'
}

finish() {
	[ "$failures" = 0 ]
	exit
}
