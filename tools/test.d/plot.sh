# SPDX-License-Identifier: BSD-3-Clause
# Pictures: asked for in vain before anything runs, whole or not there, and
# never between other output; nothing that was measured is outside of them.
. "$(dirname "$0")/lib.sh"
needs gnuplot
needs jq
scenario "$work/long.yaml" 1000000000
scenario "$work/short.yaml" 100
bench=(bench --pool L1 --bytes 64 --payload read --referees off --rounds 1)

# What cannot be is said at once: the scenario would take hours.
for where in "$work/none/x.svg" "$work/x.gif" "$work"; do
	ends 4 timeout 60 "$twinring" compare "$work/long.yaml" --plot "$where"
	silent out
done
ends 4 env PATH="$work" "$twinring" compare "$work/long.yaml" \
	--plot "$work/x.svg"
says err 'install gnuplot-nox'
silent out
[ ! -e "$work/x.svg" ] || fail "a picture that nobody drew"

# A disk that is full: /dev/full plays it, and so does a file that may not grow.
ln -s /dev/full "$work/full.svg"
ends 4 "$twinring" compare "$work/short.yaml" --rounds 1 --plot "$work/full.svg"
says err 'cannot write'
ends 4 bash -c 'ulimit -f 1; exec "$@"' - "$twinring" "${bench[@]}" \
	--plot "$work/small.svg"
[ -z "$(find "$work" -name 'small.svg*')" ] || fail "half a picture is left"

# Whole pictures, and whole JSON beside them.
ends 0 "$twinring" compare "$work/short.yaml" --rounds 1 --plot "$work/c.svg"
grep -q '</svg>' "$work/c.svg" || fail "compare: half a picture"
grep -q 'two machines' "$work/c.svg" || fail "the title names no scenario"
ends 0 "$twinring" "${bench[@]}" --json - --plot "$work/b.png"
jq -e '.rows | length > 0' "$work/out" >/dev/null || fail "bench: half a result"
tail -c 12 "$work/b.png" | grep -q IEND || fail "bench: half a picture"

# drawn SCRIPT: the data before it, drawn, and the greatest value on the axis.
drawn() {
	{
		echo 'set terminal svg; set output "/dev/null"'
		cat
		echo EOD
		cat "tools/plot/$1.gp"
		echo 'print sprintf("%.0f", GPVAL_Y_MAX)'
	} >"$work/gp"
	gnuplot "$work/gp" 2>&1 | tail -1
}
most=$(drawn bench <<-'END'
	paths = 'copy '
	pools = 'DRAM '
	payloads = 'read'
	referees = 'off'
	batch = 32
	title_text = 'a slow machine'
	$rows << EOD
	path pool bytes batch payload referees min median max
	copy DRAM 64 32 read off 2 3 4
	copy DRAM 65536 32 read off 81000.0 90000.0 99000.0
END
)
[ "${most:-0}" -ge 99000 ] || fail "the axis ends at $most"
finish
