# SPDX-License-Identifier: BSD-3-Clause
# That the ring contract is one: all that knows queues by model/ring/virtqueue.h
# is compiled once more over a second implementation of both halves, which
# shares none of its code with the first. Its headers are found before those of
# model/ring/split, whose place they take.
set(plain ${PROJECT_SOURCE_DIR}/conformance/plain)
file(GLOB_RECURSE plain_sources CONFIGURE_DEPENDS
  ${PROJECT_SOURCE_DIR}/model/*.c ${PROJECT_SOURCE_DIR}/sim/*.c)
list(FILTER plain_sources EXCLUDE REGEX
     "_test\\.c$|/model/ring/split/split_(driver|device)")
add_library(plain STATIC ${plain_sources} ${sources} ${plain}/plain_driver.c
            ${plain}/plain_driver_asks.c ${plain}/plain_device.c)
target_include_directories(plain BEFORE PRIVATE ${plain})
target_link_libraries(plain PUBLIC ${TWINRING_LIBRARIES})
set_target_properties(plain PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)

# plain_program(NAME library...): one that stands on it.
function(plain_program name)
  target_include_directories(${name} BEFORE PRIVATE
                             ${PROJECT_SOURCE_DIR}/conformance/plain)
  target_link_libraries(${name} PRIVATE plain ${ARGN})
  set_target_properties(${name} PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
  target_link_options(${name} PRIVATE ${TWINRING_TEST_LINK})
endfunction()

# The suites of what a queue does, over it.
foreach(suite model/ring/virtqueue model/ring/held
        model/ring/split/split_driver_reexpose model/virtio/posted_rx
        model/guest/net_driver model/host/link
        conformance/case/split_driver conformance/case/split_device
        conformance/case/split_indirect conformance/case/split_notice
        conformance/case/split_batch conformance/case/ring_fuzz
        conformance/witness/split_witness)
  string(REPLACE "/" "." name "${suite}")
  add_executable(plain.${name}_test ${PROJECT_SOURCE_DIR}/${suite}_test.c)
  plain_program(plain.${name}_test PkgConfig::CUNIT)
  add_test(NAME plain.${name} COMMAND plain.${name}_test
           WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endforeach()
