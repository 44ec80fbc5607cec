# SPDX-License-Identifier: BSD-3-Clause
# Whether canonical forms say what matters: made of what watched.cmake compiles
# for programs with planted errors, of which leaving something out is one.
set(forms ${CMAKE_CURRENT_SOURCE_DIR}/forms)
file(GLOB forms_sources CONFIGURE_DEPENDS ${forms}/*.c)
add_executable(forms ${forms_sources} ${CMAKE_CURRENT_BINARY_DIR}/watched_mutants.seen.o
               $<TARGET_OBJECTS:watched_mutants_core>)
add_dependencies(forms watched_mutants)
target_compile_definitions(forms PRIVATE TWINRING_WATCHED TWINRING_MUTANTS)
target_compile_options(forms PRIVATE -O2)
set_target_properties(forms PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
target_link_libraries(forms PRIVATE ${TWINRING_LIBRARIES} m)
target_link_options(forms PRIVATE ${TWINRING_TEST_LINK})
add_test(NAME forms COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/test.d/forms.sh
         $<TARGET_FILE:forms>
         WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
set_tests_properties(forms PROPERTIES TIMEOUT 600)
