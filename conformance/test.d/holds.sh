# SPDX-License-Identifier: BSD-3-Clause
# A scenario comes out as it expects, twice with the same digest and result.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"

less=()
[ "$(basename "$2")" = speed.yaml ] && less=(--set traffic.packets=100000)
for i in 1 2; do
	run 0 "$2" "${less[@]}" --json "$work/json"
	sed '/^  "wall"/,$d' "$work/json" >"$work/$i"
	[ -s "$work/$i" ] || fail "no result"
done
cmp "$work/1" "$work/2" || fail "two runs of $2 differ"
finish
