# SPDX-License-Identifier: BSD-3-Clause
# By a Debian cross compiler, with the libraries that tools/cross/sysroot has
# unpacked; what was built runs under qemu. Included by a file for each
# machine, which says
#
#   machine   as Debian and the presets call it
#   triplet   as the compiler calls it
#   emulator  of its programs
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${machine})
get_filename_component(CMAKE_SYSROOT
  ${CMAKE_CURRENT_LIST_DIR}/../../build/sysroot-${machine} ABSOLUTE)
set(CMAKE_C_COMPILER ${triplet}-gcc)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_CROSSCOMPILING_EMULATOR "${emulator};-L;${CMAKE_SYSROOT}")
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${CMAKE_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR} ${CMAKE_SYSROOT}/usr/lib/${triplet}/pkgconfig)
