# SPDX-License-Identifier: BSD-3-Clause
# twinring explore sees which memory a move reads and writes: model, simulator
# and referees are compiled once more with a call at each access, and are put
# into one object that shows two names. What only keeps count of states is
# compiled as always. Nothing of it is used in any other verb.
set(core ${PROJECT_SOURCE_DIR}/sim/explore)
file(GLOB core_sources CONFIGURE_DEPENDS
  ${core}/*.c ${core}/store/*.c ${core}/cache/*.c ${core}/bfs/*.c)
list(APPEND core_sources ${PROJECT_SOURCE_DIR}/sim/system/child.c
  ${core}/sut/footprint.c ${core}/sut/variables.c ${core}/sut/components.c
  ${core}/sut/working_state.c ${core}/trace/parent_log.c)
list(FILTER core_sources EXCLUDE REGEX "_test\\.c$")
file(GLOB_RECURSE seen CONFIGURE_DEPENDS
  ${PROJECT_SOURCE_DIR}/model/*.c ${PROJECT_SOURCE_DIR}/sim/*.c
  ${PROJECT_SOURCE_DIR}/conformance/referee/*.c)
list(FILTER seen EXCLUDE REGEX "_test\\.c$")
list(REMOVE_ITEM seen ${core_sources})
list(APPEND seen ${PROJECT_SOURCE_DIR}/conformance/referees.c)

# watched_library(NAME definition...): such an object, all of it with these.
function(watched_library name)
  add_library(${name}_seen OBJECT ${seen})
  add_library(${name}_core OBJECT ${core_sources})
  target_compile_options(${name}_seen PRIVATE -fsanitize=thread
    -fno-builtin-memcpy -fno-builtin-memmove -fno-builtin-memset
    -fno-builtin-memcmp $<$<C_COMPILER_ID:GNU>:-Wno-tsan>
    # Vectors are wider than what is told; reads are told before writes, too.
    "$<$<C_COMPILER_ID:Clang>:SHELL:-fno-vectorize -fno-slp-vectorize>"
    "$<$<C_COMPILER_ID:Clang>:SHELL:-mllvm -tsan-instrument-read-before-write>")
  target_compile_options(${name}_core PRIVATE -O3)
  foreach(part ${name}_seen ${name}_core)
    target_compile_definitions(${part} PRIVATE TWINRING_WATCHED ${ARGN})
    target_link_libraries(${part} PRIVATE PkgConfig::YAML PkgConfig::PCAP
                          PkgConfig::ZLIB PkgConfig::XXHASH)
    set_target_properties(${part} PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
  endforeach()

  set(object ${CMAKE_CURRENT_BINARY_DIR}/${name})
  add_custom_command(
    OUTPUT ${object}.o ${object}.seen.o
    COMMAND ${CMAKE_LINKER} -r -o ${object}.seen.o
            $<TARGET_OBJECTS:${name}_seen>
    COMMAND ${CMAKE_OBJCOPY}
            --redefine-sym memcpy=footprint_memcpy
            --redefine-sym memmove=footprint_memmove
            --redefine-sym memset=footprint_memset
            --redefine-sym memcmp=footprint_memcmp ${object}.seen.o
    COMMAND ${CMAKE_LINKER} -r -o ${object}.o ${object}.seen.o
            $<TARGET_OBJECTS:${name}_core>
    COMMAND ${CMAKE_OBJCOPY}
            --redefine-sym search_scenario=watched_search_scenario
            --redefine-sym referees=watched_referees ${object}.o
    # Apart: not every objcopy hides symbols by their new names.
    COMMAND ${CMAKE_OBJCOPY}
            --keep-global-symbol=watched_search_scenario
            --keep-global-symbol=watched_referees ${object}.o
    DEPENDS ${name}_seen ${name}_core $<TARGET_OBJECTS:${name}_seen>
            $<TARGET_OBJECTS:${name}_core>
    COMMAND_EXPAND_LISTS VERBATIM)
  add_library(${name} STATIC ${object}.o)
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE C)
  target_link_libraries(${name} PUBLIC conformance)
  target_compile_definitions(${name} PUBLIC TWINRING_WATCHED_SEARCH)
endfunction()
watched_library(watched)
watched_library(watched_mutants TWINRING_MUTANTS ${example_definition})
target_sources(watched_mutants_seen PRIVATE ${example_path})
