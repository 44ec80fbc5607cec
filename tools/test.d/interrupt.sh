# SPDX-License-Identifier: BSD-3-Clause
# The first Ctrl-C ends a run with what it has, the second one at once. A trace
# into a named pipe says when the run is under way; nothing waits for a clock.
. "$(dirname "$0")/lib.sh"
set -m # or the shell would have SIGINT ignored

scenario "$work/long.yaml" 1000000000

# interrupted SIGNAL CODE
interrupted() {
	local pid got=0
	rm -f "$work/fifo"
	mkfifo "$work/fifo"
	"$twinring" run "$work/long.yaml" --trace "$work/fifo" \
		--json "$work/r.json" >"$work/out" 2>"$work/err" &
	pid=$!
	exec 3<"$work/fifo"
	read -r _ <&3
	kill -s "$1" $pid
	cat <&3 >/dev/null
	wait $pid || got=$?
	exec 3<&-
	[ $got = "$2" ] || fail "SIG$1: exit status $got, not $2"
	says out 'two machines: interrupted'
	grep -q '"interrupted": true' "$work/r.json" || fail "JSON knows nothing"
}

interrupted INT 130
interrupted TERM 143

# Nobody reads the pipe, so the run cannot get to its end by itself.
rm -f "$work/fifo"
mkfifo "$work/fifo"
exec 3<>"$work/fifo"
"$twinring" run "$work/long.yaml" --trace "$work/fifo" >"$work/out" 2>&1 &
pid=$!
read -r _ <&3
kill -s INT $pid
kill -s TERM $pid
got=0
wait $pid || got=$?
[ $got = 130 ] || [ $got = 143 ] || fail "two signals: exit status $got"
silent out

# Whoever runs us in the background with SIGINT ignored means it.
scenario "$work/short.yaml" 10
ends 0 bash -c 'trap "" INT; exec "$@"' - "$twinring" run "$work/short.yaml"
finish
