# SPDX-License-Identifier: BSD-3-Clause
# The quick studies of results/headlines come to what is kept there.
# shellcheck source=tools/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
needs jq

for study in line-rate interrupts; do
	tools/headlines --print $study "$twinring" >"$work/csv" ||
		fail "tools/headlines --print $study fails"
	diff results/headlines/$study.csv "$work/csv" >"$work/differs" && continue
	head -10 "$work/differs"
	fail "results/headlines/$study.csv is out of date: run tools/headlines"
done
ends 1 tools/headlines --print nothing "$twinring"
says err "no study is called 'nothing'"
finish
