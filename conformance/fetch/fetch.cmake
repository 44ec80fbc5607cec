# SPDX-License-Identifier: BSD-3-Clause
# Words that are read twice within one step: fetch_once does such steps again
# with the word changed in between. It is made of what watched.cmake compiles,
# once as it is, and once for each script in mutants/, which plants such a read.
set(fetch ${CMAKE_CURRENT_SOURCE_DIR}/fetch)
file(GLOB fetch_sources CONFIGURE_DEPENDS ${fetch}/*.c)
add_library(fetch_seen STATIC $<TARGET_OBJECTS:watched_seen>)
set_target_properties(fetch_seen PROPERTIES LINKER_LANGUAGE C)
target_link_libraries(fetch_seen PUBLIC ${TWINRING_LIBRARIES})

# fetch_program(NAME source...): with these in place of those of that name.
function(fetch_program name)
  add_executable(${name} ${fetch_sources})
  if(ARGN)
    add_library(${name}_mutant OBJECT ${ARGN})
    target_compile_options(${name}_mutant PRIVATE -fsanitize=thread
      -fno-builtin-memcpy -fno-builtin-memmove -fno-builtin-memset
      -fno-builtin-memcmp $<$<C_COMPILER_ID:GNU>:-Wno-tsan>)
    target_compile_definitions(${name}_mutant PRIVATE TWINRING_WATCHED)
    set_target_properties(${name}_mutant PROPERTIES
                          INTERPROCEDURAL_OPTIMIZATION OFF)
    target_sources(${name} PRIVATE $<TARGET_OBJECTS:${name}_mutant>)
  endif()
  target_compile_options(${name} PRIVATE -O2)
  set_target_properties(${name} PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
  target_link_libraries(${name} PRIVATE fetch_seen m)
  target_link_options(${name} PRIVATE ${TWINRING_TEST_LINK}
    -Wl,--wrap=world_step,--wrap=app_ops,--wrap=memcpy
    -Wl,--wrap=memmove,--wrap=memset,--wrap=memcmp)
endfunction()
fetch_program(fetch_once)

# The first line of a script names the file that it is for. One that no longer
# fits changes nothing, and then its test says so.
file(GLOB mutants CONFIGURE_DEPENDS ${fetch}/mutants/*.sed)
set(mutant_programs "")
foreach(script ${mutants})
  get_filename_component(stem ${script} NAME_WE)
  file(STRINGS ${script} source LIMIT_COUNT 1 REGEX "^# ")
  string(REGEX REPLACE "^# (.*\\.c):.*" "\\1" source "${source}")
  set(out ${CMAKE_CURRENT_BINARY_DIR}/fetch_${stem}.c)
  add_custom_command(
    OUTPUT ${out}
    COMMAND sed -f ${script} ${PROJECT_SOURCE_DIR}/${source} > ${out}
    DEPENDS ${script} ${PROJECT_SOURCE_DIR}/${source} VERBATIM)
  fetch_program(fetch_${stem} ${out})
  list(APPEND mutant_programs $<TARGET_FILE:fetch_${stem}>)
endforeach()
