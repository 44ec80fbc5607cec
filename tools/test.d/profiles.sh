# SPDX-License-Identifier: BSD-3-Clause
# Built-in profiles are whole and named; files are read strictly.
. "$(dirname "$0")/lib.sh"

scenario "$work/a.yaml" 100
count=0
for file in tools/profiles/*.yaml; do
	name=$(basename "$file" .yaml)
	ends 0 "$twinring" run "$work/a.yaml" --profile "$name"
	says out "modelled (profile $name)"
	sed 's/measured.*//' "$work/out" >"$work/built-in"
	ends 0 "$twinring" run "$work/a.yaml" --profile "$file"
	sed 's/measured.*//' "$work/out" | cmp -s - "$work/built-in" ||
		fail "$name is not $file"
	ends 0 "$twinring" list profiles
	grep -qx "$name" "$work/out" || fail "$name is not listed"
	grep "^  source:" "$file" |
		grep -vE "\"(measured|published|derived|assumed): " &&
		fail "$name does not say how sure it is"
	count=$((count + 1))
done
[ "$count" -gt 0 ] || fail "no profiles"

sed 's/^gift:/gitf:/' tools/profiles/host-2023.yaml >"$work/bad.yaml"
ends 2 "$twinring" run "$work/a.yaml" --profile "$work/bad.yaml"
silent out
says err ":1: error: unknown price 'gitf'; did you mean 'gift'?"
says err "$work/bad.yaml: error: there is no price for 'gift'"
finish
