# SPDX-License-Identifier: BSD-3-Clause
# A big-endian machine.
set(machine s390x)
set(triplet s390x-linux-gnu)
set(emulator qemu-s390x)
include(${CMAKE_CURRENT_LIST_DIR}/debian.cmake)
