# SPDX-License-Identifier: BSD-3-Clause
# width: a machine of 32 bits is refused in words, before anything is built.
. "$(dirname "$0")/lib.sh"

# Only this processor's compiler is asked for its narrower brother's code, and
# nothing is linked, so that no library of it is needed.
[ "$(uname -m)" = x86_64 ] || exit 77
cc -m32 -xc -c -o "$work/none.o" /dev/null 2>/dev/null || exit 77
ends 1 cmake -S . -B "$work/build" -DCMAKE_C_FLAGS=-m32 \
	-DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY
says err 'needs a machine of 64 bits'
finish
