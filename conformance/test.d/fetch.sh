# SPDX-License-Identifier: BSD-3-Clause
# Usage: fetch.sh TWINRING FETCH_ONCE SEEDS MUTANT...
# No word that another one may write is read twice so that it matters: in
# randomised worlds, in scripts, and where a VM writes any word that it reaches.
# Where such a read is planted, it is found.
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
fetch_once=$2
seeds=$3
shift 3

# names FILE: places in the program, where there is a tool for that.
names() {
	command -v addr2line >/dev/null || return
	grep -o '0x[0-9a-f]* and 0x[0-9a-f]*$' "$work/out" | sort -u |
		tr -d 'an' | xargs addr2line -fpie "$1" >&2
}

# clean ARGUMENT...: nothing is found.
clean() {
	"$fetch_once" "$@" >"$work/out" && return
	fail "fetch_once $*"
	head -20 "$work/out" >&2
	names "$fetch_once"
}

# Not copy.yaml: a receive chain of several segments is read again when it is
# filled, and a difference stops its queue, which no single read would do.
mkdir "$work/hostile"
for scenario in conformance/scenarios/hostile/*.yaml; do
	[[ $scenario == */copy.yaml ]] && continue
	sed 's/^step: burst/step: action/' "$scenario" \
		>"$work/hostile/$(basename "$scenario")"
done
clean "$seeds"
clean $((seeds / 5)) "$work"/hostile/*.yaml
clean 1 conformance/scenarios/rule-[bequ]*.yaml \
	conformance/scenarios/unpair-in-flight.yaml

for mutant; do
	"$mutant" "$seeds" >"$work/out" 2>&1 &&
		fail "$(basename "$mutant"): not found, or planted nowhere"
	grep -q '^found a ' "$work/out" ||
		fail "$(basename "$mutant") fails in another way"
done
finish
