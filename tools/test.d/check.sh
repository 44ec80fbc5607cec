# SPDX-License-Identifier: BSD-3-Clause
# twinring check: verdicts on stderr, one exit status for all files.
. "$(dirname "$0")/lib.sh"

scenario "$work/good.yaml" 10
sed 's/^links:/lniks:/; s/packets: 10/packets: lots/' "$work/good.yaml" \
	>"$work/bad.yaml"

ends 0 "$twinring" check "$work/good.yaml"
silent out
says err "$work/good.yaml: ok"

ends 2 "$twinring" check "$work/bad.yaml"
silent out
says err "$work/bad.yaml:5:1: error: unknown key 'lniks'"
says err "$work/bad.yaml:11:14: error:"

ends 2 "$twinring" check "$work/bad.yaml" "$work/good.yaml"
says err "$work/good.yaml: ok"

ends 0 "$twinring" check - <"$work/good.yaml"
says err '<stdin>: ok'

ends 3 "$twinring" check "$work/none.yaml"
says err "$work/none.yaml: error: No such file"
ends 3 "$twinring" check "$work"
ends 3 "$twinring" check "$work/bad.yaml" "$work/none.yaml"
finish
