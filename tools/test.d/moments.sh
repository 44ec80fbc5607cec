# SPDX-License-Identifier: BSD-3-Clause
# Ctrl-C at 200 moments of all verbs that run, the same in each test: the
# program ends soon, with 130 or as it would have ended anyway, and leaves no
# process and no half file.
. "$(dirname "$0")/lib.sh"
set -m # or the shell would have SIGINT ignored
bound=20 # seconds; a machine may be slow and busy
RANDOM=20151

scenario "$work/long.yaml" 1000000000
scenario "$work/short.yaml" 3000
sed 's/^  - ends: .*/&\n    ring: {reset: on}/' "$work/long.yaml" >"$work/faults.yaml"
cat >>"$work/faults.yaml" <<-END
	faults:
	  - {kind: lost-kick, one-in: 50}
	  - {kind: queue-reset, every: 300}
	  - {kind: lie, who: a, at: 2ms}
	  - {kind: crash, who: b, at: 1ms}
END
cat >"$work/script.yaml" <<-END
	name: a script that takes long
	vms: [{name: a}, {name: b}]
	links: [{ends: [a, b]}]
	script:
	$(for _ in $(seq 2000); do echo '  - a send 1000 x60'; echo '  - run'; done)
END
mkfifo "$work/never"
exec 9<>"$work/never" # an input that never comes

here=conformance/scenarios
# Whoever stands here is interrupted in turn; %s: a random scenario of that kind.
commands=(
	"run $work/long.yaml --json $work/o.json"
	"run $work/faults.yaml --schedule random --pcap-out $work/pcaps"
	"run $work/script.yaml --trace $work/o.trace"
	"run RUN --json $work/o.json"
	"run RUN --set path=copy"
	"explore RACE --jobs 1"
	"explore RACE --jobs 3 --json $work/o.json"
	"explore RACE --jobs 2 --audit"
	"swarm --seeds 1..100000 --jobs 2"
	"swarm $here/hostile/copy.yaml --for 60s --jobs 2"
	"swarm --seeds 1..99 --set rules.epoch=off --save $work/o.yaml"
	"compare $work/long.yaml"
	"compare $work/short.yaml"
	"bench --pool L2 --bytes 64,1500"
	"pcap info $work/never"
	"check - <&9"
)
runs=("$here"/*.yaml)
races=("$here"/races/*.yaml "$here"/memory/*.yaml)

# gone PID: nobody is left of its group, or soon.
gone() {
	for _ in $(seq 100); do
		kill -0 -- "-$1" 2>/dev/null || return 0
		sleep 0.02
	done
	return 1
}

# once N MILLISECONDS COMMAND: interrupted after so long.
once() {
	local n=$1 wait=$2 got=0 words pid end
	words=${3/RUN/${runs[RANDOM % ${#runs[@]}]}}
	words=${words/RACE/${races[RANDOM % ${#races[@]}]}}
	rm -rf "$work"/o.* "$work/pcaps"
	# shellcheck disable=SC2086 # several words
	eval "exec \"$twinring\" $words" >"$work/out" 2>"$work/err" </dev/null &
	pid=$!
	sleep "0.$(printf %03d "$wait")"
	kill -s INT -- -$pid 2>/dev/null
	end=$((SECONDS + bound))
	while kill -0 $pid 2>/dev/null && [ $SECONDS -lt $end ]; do
		sleep 0.01
	done
	if kill -0 $pid 2>/dev/null; then
		fail "moment $n, $wait ms: still there after $bound s: $words"
		kill -s KILL -- -$pid
	fi
	wait $pid 2>/dev/null || got=$?
	case $got in
	130 | 0 | 1 | 2 | 3) ;;
	*) fail "moment $n, $wait ms: exit status $got: $words: $(tail -3 "$work/err")" ;;
	esac
	[ $got != 130 ] || interrupted=$((interrupted + 1))
	gone $pid || fail "moment $n: children left: $words"
	[ "$(find "$work" -name 'o.*.??????' -o -name '*.part' | wc -l)" = 0 ] ||
		fail "moment $n: half a file is left: $words"
}

interrupted=0
for n in $(seq 0 199); do
	once "$n" $((RANDOM % 120)) "${commands[n % ${#commands[@]}]}"
	[ $failures -lt 5 ] || finish
done
# Most were at work when the signal came, or this tests nothing.
[ $interrupted -ge 100 ] || fail "only $interrupted were interrupted"
finish
