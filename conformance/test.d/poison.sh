# SPDX-License-Identifier: BSD-3-Clause
# In a build that guards slots, a scenario touches none that is not the
# driver's own (clean), or is caught when it does (caught).
#
#   poison.sh TWINRING memcheck|asan clean|caught SCENARIO
#
# shellcheck source=conformance/test.d/lib.sh
. "$(dirname "$0")/lib.sh"
checker=() caught='use-after-poison'
if [ "$2" = memcheck ]; then
	needs valgrind
	checker=(valgrind --quiet --error-exitcode=99)
	caught='Invalid \(write\|read\)'
fi

code=0
"${checker[@]}" "$twinring" run "$4" --quiet --set expect.violations=none \
	>"$work/out" 2>"$work/err" || code=$?
if [ "$3" = clean ]; then
	[ $code = 0 ] || fail "exit status $code, not 0"
else
	[ $code != 0 ] || fail "exit status 0"
	grep -q "$caught" "$work/err" || fail "nothing says '$caught'"
fi
[ "$failures" = 0 ] || head -40 "$work/err" "$work/out"
finish
