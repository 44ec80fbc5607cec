# SPDX-License-Identifier: BSD-3-Clause
# What is measured here is a whole profile, which says of each price where it is
# from. What the prices are is this machine's affair: nothing depends on it.
. "$(dirname "$0")/lib.sh"
needs jq

scenario "$work/a.yaml" 100
ends 0 "$twinring" calibrate -o "$work/here.yaml"
grep -qE '^[0-9]+ of [0-9]+ prices follow ' "$work/out" ||
	fail "it does not say how much was measured"
ends 0 "$twinring" run "$work/a.yaml" --profile "$work/here.yaml"
says out 'modelled (profile here)'

ends 0 "$twinring" list costs --json
{
	jq -r '.costs[].name' "$work/out"
	echo wake-delay
	echo interrupt-delay
} | sort >"$work/should"
sed -n 's/^\([a-z-]*\):$/\1/p' "$work/here.yaml" | sort >"$work/is"
diff "$work/should" "$work/is" >"$work/diff" ||
	fail "rows that should be there, and are: $(cat "$work/diff")"
grep '^  source:' "$work/here.yaml" |
	grep -vE '"(measured here: median of|derived: |assumed: as in host-2023;)' &&
	fail "a price without a source"
for name in syscall eventfd host-byte pte; do
	grep -A2 "^$name:" "$work/here.yaml" | grep -q 'measured here' ||
		fail "$name is not measured"
done

# What is not measured is that of the base, and is named as such.
ends 0 "$twinring" calibrate --base host-2009 --output -
cp "$work/out" "$work/old.yaml"
for name in $(sed -n 's/^# Not measured: //p' "$work/old.yaml"); do
	[ "$(grep -A1 "^$name:" "$work/old.yaml")" = \
		"$(grep -A1 "^$name:" tools/profiles/host-2009.yaml)" ] ||
		fail "$name is not that of host-2009"
	count=$((${count:-0} + 1))
done
[ "${count:-0}" = "$(grep -c 'as in host-2009; not measured here' \
	"$work/old.yaml")" ] || fail "not all is named that was not measured"
ends 0 "$twinring" run "$work/a.yaml" --profile "$work/old.yaml"

ends 2 "$twinring" calibrate
says err "'--output FILE'"
ends 2 "$twinring" calibrate --base host-1999 -o "$work/none.yaml"
ends 4 "$twinring" calibrate -o "$work/no/where.yaml"
[ ! -e "$work/none.yaml" ] || fail "a file of nothing"
finish
