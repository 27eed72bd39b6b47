find_package(GTest REQUIRED)
include(GoogleTest)

# Labels: unit, transport (the same cases over each transport), integration (processes), interop (NestJS, or what was
# recorded of it), chaos (processes that are killed and cut off). tests_<label> builds all of one.
foreach(_label unit transport integration interop chaos)
  add_custom_target(tests_${_label})
endforeach()

# What the sanitizers must know, for every test and what it starts: ctest itself sets it when it reads the tests.
if(NESTCPP_SANITIZE)
  get_filename_component(_compiler_folder ${CMAKE_CXX_COMPILER} REALPATH)
  get_filename_component(_compiler_folder ${_compiler_folder} DIRECTORY)
  find_program(NESTCPP_SYMBOLIZER llvm-symbolizer HINTS ${_compiler_folder})
  set(_symbolizer "")
  if(NESTCPP_SYMBOLIZER)
    set(_symbolizer :external_symbolizer_path=${NESTCPP_SYMBOLIZER})
  else()
    message(STATUS "nestcpp: no llvm-symbolizer, so the sanitizers' reports lack names and suppressions by name fail")
  endif()
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/sanitizer_environment.cmake @ONLY CONTENT [[
set(ENV{ASAN_OPTIONS} detect_leaks=1@_symbolizer@)
set(ENV{LSAN_OPTIONS} suppressions=@PROJECT_SOURCE_DIR@/tests/lsan.supp:print_suppressions=0)
set(ENV{UBSAN_OPTIONS} print_stacktrace=1@_symbolizer@)
set(ENV{TSAN_OPTIONS} suppressions=@PROJECT_SOURCE_DIR@/tests/tsan.supp@_symbolizer@)
]])
  set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY
               TEST_INCLUDE_FILES ${PROJECT_BINARY_DIR}/sanitizer_environment.cmake)
endif()

# With optimisation a test takes half as long again to compile. The library, the services and, under ThreadSanitizer,
# the tests are optimised.
function(nestcpp_test_options target)
  if(NOT NESTCPP_SANITIZE MATCHES "thread")
    target_compile_options(${target} PRIVATE -O0)
  endif()
endfunction()

if(NESTCPP_PRECOMPILED_HEADERS)
  # What the tests' precompiled headers are made for; an object of its own, as they need GoogleTest, too.
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/precompiled.cpp CONTENT "// Only headers.\n")
  add_library(nestcpp_test_headers OBJECT ${CMAKE_CURRENT_BINARY_DIR}/precompiled.cpp)
endif()

# nestcpp_add_test(<name> LABEL label SOURCES … LINK targets…): one GoogleTest executable, each case a ctest of its own.
function(nestcpp_add_test name)
  cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "SOURCES;LINK" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_executable(test_${name} ${arg_SOURCES})
  target_link_libraries(test_${name} PRIVATE ${arg_LINK} GTest::gtest GTest::gmock GTest::gtest_main)
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests ${PROJECT_SOURCE_DIR}/src)
  nestcpp_developer_options(test_${name})
  nestcpp_test_options(test_${name})
  if(arg_LINK MATCHES "nestcpp::")  # the precompiled headers want the library, which has Asio's compiled parts
    nestcpp_precompile(test_${name} nestcpp_test_headers)
  endif()
  if(NOT TARGET tests_${arg_LABEL})
    message(FATAL_ERROR "nestcpp_add_test(${name}): LABEL '${arg_LABEL}' is not one of unit, transport, integration, interop, chaos")
  endif()
  add_dependencies(tests_${arg_LABEL} test_${name})
  gtest_discover_tests(test_${name} DISCOVERY_TIMEOUT 60 PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT})
endfunction()

# What writes into the build tree during a test holds this lock, as two runs of the tests may share the tree.
find_program(NESTCPP_FLOCK flock)
set(NESTCPP_UNDER_LOCK "")
if(NESTCPP_FLOCK)
  set(NESTCPP_UNDER_LOCK ${NESTCPP_FLOCK} ${PROJECT_BINARY_DIR}/.build.lock)
endif()

# nestcpp_add_build_test(<name> <target>): passes if the target builds.
function(nestcpp_add_build_test name target)
  add_test(NAME ${name} COMMAND ${NESTCPP_UNDER_LOCK} ${CMAKE_COMMAND} --build ${PROJECT_BINARY_DIR} --target ${target})
  set_tests_properties(${name} PROPERTIES LABELS check TIMEOUT 900 RESOURCE_LOCK build_tree)
endfunction()
