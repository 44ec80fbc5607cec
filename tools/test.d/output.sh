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

# No output may become an input, or another output, by whatever name.
mkdir "$work/clash"
scenario "$work/clash/s.yaml" 10
cp traces/dns.pcap "$work/clash/a.pcap"
cp conformance/scenarios/hostile/copy.yaml "$work/clash/h.yaml"
sed "s/generate: fixed/pcap: a.pcap/; /from:/d; /to:/d; /packets:/d
	/both:/d; /lost:/d" "$work/clash/s.yaml" >"$work/clash/p.yaml"
ln "$work/clash/s.yaml" "$work/clash/hard"
ln -s s.yaml "$work/clash/soft"
echo old >"$work/clash/old"
ln "$work/clash/old" "$work/clash/older"
(cd "$work/clash" && find . -type f -exec md5sum {} + | sort) >"$work/before"
# clash WORDS ARGUMENT...
clash() {
	local words=$1
	shift
	ends 4 bash -c 'cd "$0" && exec "$@"' "$work/clash" "$twinring" "$@"
	says err "$words"
	silent out
}
clash 'it is read as well' run s.yaml --json s.yaml
clash 'it is read as well' run s.yaml --json hard
clash 'it is read as well' run s.yaml --trace soft
clash 'it is read as well' run p.yaml --pcap-out .
clash 'it is read as well' explore s.yaml --save ./s.yaml
clash 'it is read as well' swarm h.yaml --json h.yaml
clash 'it is written twice' run s.yaml --json f --junit f
clash 'it is written twice' run s.yaml --json f --trace ./f
clash 'it is written twice' run s.yaml --json old --junit older
mkdir "$work/clash/new"
clash 'it is written twice' run s.yaml --json new/b.pcap --pcap-out new
clash 'it is written twice' swarm --seeds 1..2 --json f --save f
(cd "$work/clash" && "$twinring" run s.yaml --json old >old 2>../err)
[ $? = 4 ] || fail "a result and standard output are one file"
echo old >"$work/clash/old"
(cd "$work/clash" && find . -type f -exec md5sum {} + | sort) |
	diff "$work/before" - >&2 || fail "something was overwritten"
ends 2 "$twinring" run "$work/a.yaml" --pcap-out -
says err 'needs a folder'

# The mode of what is there stays; two at once do not meet.
echo secret >"$work/mode"
chmod 0600 "$work/mode"
ends 0 "$twinring" run "$work/a.yaml" --json "$work/mode"
[ "$(stat -c %a "$work/mode")" = 600 ] || fail "a mode was not kept"
mkdir "$work/two"
for _ in 1 2 3; do
	"$twinring" run "$work/a.yaml" -q --pcap-out "$work/two" &
done
wait
ends 0 "$twinring" pcap info "$work/two/a.pcap" "$work/two/b.pcap"
[ "$(find "$work/two" -type f | wc -l)" = 2 ] || fail "two runs left files"

# A terminal obeys no name of a file.
name=$'\e[31mred\r'
for words in "run" "check" "explore" "swarm" "compare" "pcap info"; do
	# shellcheck disable=SC2086 # several words
	"$twinring" $words "$work/$name" >"$work/out" 2>&1
	grep -q $'[\e\r]' "$work/out" && fail "$words: a name reaches the terminal"
	grep -qF '\x1b[31mred\x0d' "$work/out" || fail "$words: no name is shown"
done
ends 4 "$twinring" run "$work/a.yaml" --json "$work/$name/x"
grep -q $'[\e\r]' "$work/err" && fail "an output's name reaches the terminal"
cp "$work/a.yaml" "$work/$name.yaml"
"$twinring" run "$work/$name.yaml" --set expect.delivered=1 >"$work/out" 2>&1
grep -q $'[\e\r]' "$work/out" && fail "a scenario's name reaches the terminal"
finish
