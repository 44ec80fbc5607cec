# SPDX-License-Identifier: BSD-3-Clause
# Processes that swarm and explore start: only they are waited for, they end
# with whoever started them, and what happened to one is said.
. "$(dirname "$0")/lib.sh"
set -m
scenario "$work/long.yaml" 1000000000
race=conformance/scenarios/races/clean-2.yaml
swarm=(swarm --seeds 1..4000000 --jobs 2 --no-progress)
# memory as it is has no end of states
explore=(explore "$race" --unfolded --jobs 3 --no-progress)

# child PID: one that it started, as soon as there is one.
child() {
	local pids=''
	for _ in $(seq 500); do
		{ read -r pids _ <"/proc/$1/task/$1/children"; } 2>/dev/null
		[ -z "$pids" ] || break
		sleep 0.01
	done
	echo "$pids"
}

# begins ARGUMENT...: in the background, as $pid, with $worker at work.
begins() {
	"$twinring" "$@" >"$work/out" 2>"$work/err" &
	pid=$!
	worker=$(child $pid)
	[ -n "$worker" ] || { fail "no process was started: $*"; finish; }
	sleep 0.1
}

# finished CODE: $pid ends by itself, and soon.
finished() {
	local got=0
	for _ in $(seq 3000); do
		kill -0 $pid 2>/dev/null || break
		sleep 0.01
	done
	kill -s KILL $pid 2>/dev/null
	wait $pid || got=$?
	[ $got = "$1" ] || fail "exit status $got, not $1: $(cat "$work/err")"
}

# vanishes PID
vanishes() {
	for _ in $(seq 500); do
		[ -e "/proc/$1" ] || return 0
		grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null && return 0
		sleep 0.01
	done
	fail "a process outlives who started it"
	kill -s KILL "$1"
}

# Children that it was born with are none of its own.
"$twinring" swarm --seeds 1..1000 --jobs 2 >"$work/alone"
bash -c 'sleep 0.01 & sleep 0.01 & exec "$@"' - \
	"$twinring" swarm --seeds 1..1000 --jobs 2 >"$work/among"
for file in alone among; do
	grep -o 'digest [0-9a-f]*' "$work/$file" >"$work/$file.digest" ||
		fail "$file: no digest"
done
cmp -s "$work/alone.digest" "$work/among.digest" ||
	fail "foreign children are counted: $(cat "$work/among")"
bash -c 'trap "" CHLD; exec "$@"' - \
	"$twinring" explore "$race" --max-states 5000 --jobs 3 \
	--allow-incomplete >"$work/out" ||
	fail "children that nobody waits for are missed"

# They die with their parent, whatever it dies of.
for signal in KILL HUP TERM; do
	for verb in swarm explore; do
		declare -n words=$verb
		begins "${words[@]}"
		kill -s $signal $pid
		vanishes "$worker"
		wait $pid 2>/dev/null
	done
done

# One that is killed is told of, with what it was at; nobody waits for ever.
begins "${swarm[@]}" --set ring.size=64
kill -s KILL "$worker"
finished 4
says err 'was killed by signal 9 (Killed)'
grep -qE 'twinring swarm --seeds ([0-9]+)\.\.\1 --set ring.size=64$' \
	"$work/err" || grep -q 'between two worlds' "$work/err" ||
	fail "no word of where it was: $(cat "$work/err")"
begins "${explore[@]}"
kill -s KILL "$worker"
finished 4
says err 'was killed by signal 9 (Killed)'

# No room for one more is something else than no memory.
ends 4 bash -c 'ulimit -n 8; exec "$@"' - "$twinring" "${explore[@]}" --jobs 16
says err 'cannot be started: Too many open files'

# Other signals ask, as Ctrl-C does, and what there is is printed.
asked() {
	local got=0
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
	grep -q '"interrupted": true' "$work/r.json" || fail "SIG$1: no JSON"
}
asked HUP 129
asked QUIT 131
finish
