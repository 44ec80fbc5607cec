# SPDX-License-Identifier: BSD-3-Clause
# Each rule has a page that holds with it and names its clause without it.
. "$(dirname "$0")/lib.sh"

"$twinring" list rules | grep '^[^ ]' | sed 1d >"$work/rules"
[ -s "$work/rules" ] || fail "no rules"
while read -r name _ clause scenario; do
	ends 0 "$twinring" run "$scenario" --quiet
	silent out
	ends 1 "$twinring" run "$scenario" --quiet --set "rules.$name=off"
	says out "$clause: "
	says out "--set rules.$name=off"
done <"$work/rules"
finish
