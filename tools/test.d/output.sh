# SPDX-License-Identifier: BSD-3-Clause
# An output that cannot be written is exit status 4 and never half a file.
. "$(dirname "$0")/lib.sh"

scenario "$work/a.yaml" 100

ends 4 "$twinring" run "$work/a.yaml" --json "$work/none/x.json"
silent out
says err "cannot write '$work/none/x.json'"
ends 4 "$twinring" run "$work/a.yaml" --junit "$work"
ends 4 "$twinring" run "$work/a.yaml" --trace "$work/none/x"
ends 4 "$twinring" run "$work/a.yaml" --pcap-out "$work/a.yaml"

# A disk that is full: /dev/full plays it.
for option in --json --junit --trace; do
	ends 4 "$twinring" run "$work/a.yaml" $option /dev/full
	says err "cannot write '/dev/full'"
done
for words in --help --version 'list rules' 'list rules --json' \
	"run $work/a.yaml" "run $work/a.yaml --json -" \
	"run $work/a.yaml --trace -" 'run --help'; do
	# shellcheck disable=SC2086 # several words
	"$twinring" $words >/dev/full 2>"$work/err"
	[ $? = 4 ] || fail "a full disk went unseen: $words"
	says err 'cannot write standard output'
done

# So do the other verbs find out, and pictures.
races=conformance/scenarios/races
for words in "run conformance/scenarios/rule-epoch.yaml --set rules.epoch=off --chart" \
	"explore $races/fast-bounce.yaml --first --json" \
	"explore $races/fast-bounce.yaml --first --save" \
	"explore $races/fast-bounce.yaml --first --chart" \
	"swarm --seeds 1..2 --json" \
	"swarm --seeds 1..9 --first --set rules.epoch=off --save" \
	"bench --pool L2 --bytes 64 --rounds 1 --json"; do
	# shellcheck disable=SC2086 # several words
	ends 4 "$twinring" $words /dev/full
	says err "cannot write '/dev/full'"
done

# A disk that fills up on the way: files may not grow beyond so many bytes.
# small COMMAND...: with room for one KiB a file.
small() {
	(
		ulimit -f 1
		exec "$@"
	)
}
# Builds that guard slots keep them in a file, and would need more room.
guarded() {
	small "$twinring" run "$work/a.yaml" --quiet 2>&1 | grep -q '^guard:'
}
mkdir "$work/full"
options=(--json --trace --pcap-out)
guarded && options=()
for option in "${options[@]}"; do
	ends 4 small "$twinring" run "$work/a.yaml" --quiet \
		$option "$work/full/x"
	grep -qE "cannot write|File too large" "$work/err" ||
		fail "$option: no word of a disk that filled up"
	[ -z "$(find "$work/full" -type f ! -name x)" ] ||
		fail "$option leaves $(find "$work/full" -type f)"
	[ "$option" = --trace ] || [ ! -f "$work/full/x" ] ||
		fail "$option leaves half a file"
	rm -rf "$work/full/x"
done

# A pipe that nobody reads any more, and no standard output at all.
exec 3> >(exec true)
wait $!
"$twinring" list clauses >&3 2>"$work/err"
[ $? = 4 ] || fail "a closed pipe went unseen"
says err 'Broken pipe'
exec 3>&-
"$twinring" list clauses >&- 2>"$work/err"
[ $? = 4 ] || fail "no standard output went unseen"
ends 4 bash -c '"$0" "$@" >&-' "$twinring" run "$work/a.yaml"
ends 0 bash -c '"$0" "$@" 2>&-' "$twinring" run "$work/a.yaml"
ends 3 bash -c '"$0" "$@" <&-' "$twinring" run -

# An old result stays until the new one is complete; links are followed.
echo old >"$work/r.json"
ln -s r.json "$work/link.json"
ends 2 "$twinring" run "$work/a.yaml" --set ring.size=3 --json "$work/r.json"
[ "$(cat "$work/r.json")" = old ] || fail "the old result is gone"
ends 0 "$twinring" run "$work/a.yaml" --json "$work/link.json"
[ -L "$work/link.json" ] || fail "the link is gone"
grep -q twinring-run-1 "$work/r.json" || fail "the result is not there"
[ "$(find "$work" -name 'r.json*' | wc -l)" = 1 ] || fail "something is left"

ends 0 "$twinring" run "$work/a.yaml" --pcap-out "$work/pcaps" \
	--trace "$work/trace"
[ -s "$work/pcaps/a.pcap" ] || fail "no capture"
grep -q deliver "$work/trace" || fail "no trace"
finish
