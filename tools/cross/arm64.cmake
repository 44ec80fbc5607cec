# SPDX-License-Identifier: BSD-3-Clause
# A machine with weak order of memory, on which char has no sign.
set(machine arm64)
set(triplet aarch64-linux-gnu)
set(emulator qemu-aarch64)
include(${CMAKE_CURRENT_LIST_DIR}/debian.cmake)
