# SPDX-License-Identifier: BSD-3-Clause
# twinring explore sees which memory a move reads and writes: model, simulator
# and referees are compiled once more with a call at each access, and are put
# into one object that shows two names. What only keeps count of states is
# compiled as always. Nothing of it is used in any other verb.
set(core ${PROJECT_SOURCE_DIR}/sim/search)
set(core_sources
  ${PROJECT_SOURCE_DIR}/sim/child.c
  ${core}/answers.c ${core}/blind.c ${core}/blocks.c ${core}/cells.c ${core}/claims.c ${core}/clash.c ${core}/code.c
  ${core}/contents.c ${core}/crew.c ${core}/effect.c ${core}/expand.c ${core}/follow.c ${core}/footprint.c
  ${core}/layer.c ${core}/memo.c ${core}/plan.c ${core}/round.c ${core}/search.c ${core}/share.c
  ${core}/survey.c ${core}/table.c ${core}/trail.c ${core}/visited.c)
file(GLOB_RECURSE seen CONFIGURE_DEPENDS
  ${PROJECT_SOURCE_DIR}/model/*.c ${PROJECT_SOURCE_DIR}/sim/*.c
  ${PROJECT_SOURCE_DIR}/conformance/referee/*.c)
list(FILTER seen EXCLUDE REGEX "_test\\.c$")
list(REMOVE_ITEM seen ${core_sources})
list(APPEND seen ${PROJECT_SOURCE_DIR}/conformance/referees.c)

add_library(watched_seen OBJECT ${seen})
add_library(watched_core OBJECT ${core_sources})
target_compile_options(watched_seen PRIVATE -fsanitize=thread
  -fno-builtin-memcpy -fno-builtin-memmove -fno-builtin-memset
  -fno-builtin-memcmp $<$<C_COMPILER_ID:GNU>:-Wno-tsan>)
target_compile_options(watched_core PRIVATE -O3)
foreach(part watched_seen watched_core)
  target_compile_definitions(${part} PRIVATE TWINRING_WATCHED)
  target_link_libraries(${part} PRIVATE ${TWINRING_LIBRARIES})
  set_target_properties(${part} PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
endforeach()

set(watched ${CMAKE_CURRENT_BINARY_DIR}/watched)
add_custom_command(
  OUTPUT ${watched}.o
  COMMAND ${CMAKE_LINKER} -r -o ${watched}.seen.o
          $<TARGET_OBJECTS:watched_seen>
  COMMAND ${CMAKE_OBJCOPY}
          --redefine-sym memcpy=footprint_memcpy
          --redefine-sym memmove=footprint_memmove
          --redefine-sym memset=footprint_memset
          --redefine-sym memcmp=footprint_memcmp ${watched}.seen.o
  COMMAND ${CMAKE_LINKER} -r -o ${watched}.o ${watched}.seen.o
          $<TARGET_OBJECTS:watched_core>
  COMMAND ${CMAKE_OBJCOPY}
          --redefine-sym search_scenario=watched_search_scenario
          --redefine-sym referees=watched_referees ${watched}.o
  # Apart: not every objcopy hides symbols by their new names.
  COMMAND ${CMAKE_OBJCOPY}
          --keep-global-symbol=watched_search_scenario
          --keep-global-symbol=watched_referees ${watched}.o
  DEPENDS watched_seen watched_core $<TARGET_OBJECTS:watched_seen>
          $<TARGET_OBJECTS:watched_core>
  COMMAND_EXPAND_LISTS VERBATIM)
add_library(watched STATIC ${watched}.o)
set_target_properties(watched PROPERTIES LINKER_LANGUAGE C)
target_link_libraries(watched PUBLIC conformance)
target_compile_definitions(watched PUBLIC TWINRING_WATCHED_SEARCH)
