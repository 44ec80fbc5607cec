# SPDX-License-Identifier: BSD-3-Clause
# Usage: forms.sh FORMS [STATES]
# Canonical forms look at whatever moves read, but for conformance/forms/
# uncovered.def, and what they write is missed where it is left out, but for
# conformance/forms/survivors; neither list has a row too many.
set -u
folder=conformance/forms
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$1" $folder/worlds $folder/survivors "${2:-300}" || exit 1

# What this test is for: one that is never missed is found, and a row too many.
grep -v '^#' $folder/worlds | head -2 >"$work/worlds"
echo "model/nothing.c: canon_u8(f, 0) | nobody" >"$work/survivors"
"$1" "$work/worlds" "$work/survivors" 20 >"$work/out" &&
	{ echo "a form that nobody misses is overlooked"; exit 1; }
grep -q 'survivors: model/nothing.c: canon_u8(f, 0): no such thing' \
	"$work/out" || { echo "a row too many is overlooked"; exit 1; }
grep -q 'is not needed any more' "$work/out" ||
	{ echo "an exception too many is overlooked"; exit 1; }
