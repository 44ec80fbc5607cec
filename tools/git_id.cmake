# Writes OUT with the id of the commit that is built, if it can be told; OUT
# stays as old as it is when nothing has changed.
set(id "unknown")
find_package(Git QUIET)
if(GIT_FOUND AND EXISTS ${SOURCE}/.git)
  execute_process(COMMAND ${GIT_EXECUTABLE} describe --always --tags --dirty
                  WORKING_DIRECTORY ${SOURCE} RESULT_VARIABLE failed
                  OUTPUT_VARIABLE said OUTPUT_STRIP_TRAILING_WHITESPACE
                  ERROR_QUIET)
  if(NOT failed AND said)
    set(id "${said}")
  endif()
endif()
file(CONFIGURE OUTPUT ${OUT} CONTENT "#define TWINRING_GIT_ID \"${id}\"\n")
