# Included by the scripts beside it. EMULATOR may be empty; SCRATCH is a folder that starts empty.
cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${SCRATCH})

# expect(<program> <exit code> <regex of stdout and stderr together> <arguments>...); leaves the output in `said`.
function(expect program code pattern)
  execute_process(COMMAND ${EMULATOR} ${program} ${ARGN} WORKING_DIRECTORY ${SCRATCH} RESULT_VARIABLE result
                  OUTPUT_VARIABLE output ERROR_VARIABLE output TIMEOUT 120)
  if(NOT result STREQUAL code OR NOT output MATCHES "${pattern}")
    list(JOIN ARGN " " line)
    message(SEND_ERROR "${program} ${line}\nexpected code ${code} and \"${pattern}\"; got ${result} and:\n${output}")
  endif()
  set(said "${output}" PARENT_SCOPE)
endfunction()

function(expect_same a b)
  execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${a} ${b} RESULT_VARIABLE differs WORKING_DIRECTORY ${SCRATCH})
  if(differs)
    message(SEND_ERROR "${a} and ${b} differ, or one is missing")
  endif()
endfunction()
