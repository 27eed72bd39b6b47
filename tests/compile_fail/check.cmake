# cmake -D STEP=headers|mistake|cures -D COMPILER=… -D KIND=clang|gcc -D FOLDER=… -D FLAGS=… [-D SOURCE=…] -P check.cmake
#   headers  compiles the library's headers into FOLDER, for the other two
#   mistake  SOURCE must be refused, and the first error must match the text after "// expected:" in its first line
#   cures    SOURCE must compile
cmake_minimum_required(VERSION 3.22)

set(header ${FOLDER}/headers.hpp)
if(KIND STREQUAL "clang")
  set(compiled ${FOLDER}/headers.pch)
  set(use -include-pch ${compiled})
else()
  set(compiled ${header}.gch)
  set(use -include ${header} -Winvalid-pch)
endif()

if(STEP STREQUAL "headers")
  file(MAKE_DIRECTORY ${FOLDER})
  file(WRITE ${header} "#include <nestcpp/nestcpp.hpp>\n")
  execute_process(COMMAND ${COMPILER} @${FLAGS} -x c++-header ${header} -o ${compiled}
                  RESULT_VARIABLE result ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "the headers do not compile:\n${output}")
  endif()
  return()
endif()

execute_process(COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C.UTF-8 ${COMPILER} @${FLAGS} ${use} -fsyntax-only ${SOURCE}
                RESULT_VARIABLE result ERROR_VARIABLE output)
if(STEP STREQUAL "cures")
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "a cured file does not compile:\n${output}")
  endif()
  return()
endif()

if(result EQUAL 0)
  message(FATAL_ERROR "${SOURCE} compiles")
endif()
file(STRINGS ${SOURCE} expected LIMIT_COUNT 1 ENCODING UTF-8)
string(REGEX REPLACE "^// expected: " "" expected "${expected}")
string(REGEX MATCH "error: [^\n]*" first "${output}")
if(NOT first MATCHES "${expected}")
  message(FATAL_ERROR "the first error is\n  ${first}\nand should match\n  ${expected}\nAll of it:\n${output}")
endif()
