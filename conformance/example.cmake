# SPDX-License-Identifier: BSD-3-Clause
# The path that docs/ADDING-A-PATH.md adds, as it stands there: its file and its
# row go into the program with planted errors, and nothing else of it is touched.
set(guide ${PROJECT_SOURCE_DIR}/docs/ADDING-A-PATH.md)
set(rows_def ${PROJECT_SOURCE_DIR}/model/path/paths.def)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${guide}
             ${rows_def})
set(example ${CMAKE_CURRENT_BINARY_DIR}/example)
set(example_path ${example}/relay.c)
set(example_rows ${example}/paths.def)

# between(OUT BEGIN END): what the guide has between two marks, the first time.
function(between out begin end)
  file(READ ${guide} text)
  string(FIND "${text}" "${begin}" at)
  string(LENGTH "${begin}" length)
  if(at EQUAL -1)
    message(FATAL_ERROR "${guide} has no example")
  endif()
  math(EXPR at "${at} + ${length}")
  string(SUBSTRING "${text}" ${at} -1 text)
  string(FIND "${text}" "${end}" at)
  string(SUBSTRING "${text}" 0 ${at} text)
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

# put(FILE TEXT): is compiled again only where it has changed.
function(put file text)
  if(EXISTS ${file})
    file(READ ${file} before)
    if(before STREQUAL text)
      return()
    endif()
  endif()
  file(WRITE ${file} "${text}")
endfunction()

between(code "```c\n" "```")
put(${example_path} "${code}")
between(row "In `model/path/paths.def`:\n\n    " "\n")
file(READ ${rows_def} rows)
put(${example_rows} "${rows}${row}\n")
set(example_definition TWINRING_PATHS="${example_rows}")

# tools/CMakeLists.txt builds the program.
set(example_path ${example_path} PARENT_SCOPE)
set(example_definition ${example_definition} PARENT_SCOPE)
