find_package(GTest REQUIRED)
include(GoogleTest)

# nestcpp_add_test(<name> LABEL label SOURCES … LINK targets…): one GoogleTest executable, each case a ctest of its own.
function(nestcpp_add_test name)
  cmake_parse_arguments(arg "" "LABEL" "SOURCES;LINK" ${ARGN})
  add_executable(test_${name} ${arg_SOURCES})
  target_link_libraries(test_${name} PRIVATE ${arg_LINK} GTest::gtest GTest::gmock GTest::gtest_main)
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests ${PROJECT_SOURCE_DIR}/src)
  nestcpp_developer_options(test_${name})
  gtest_discover_tests(test_${name} DISCOVERY_TIMEOUT 60 PROPERTIES LABELS ${arg_LABEL} TIMEOUT 120)
endfunction()

# nestcpp_add_build_test(<name> <target>): passes if the target builds; builds of one tree do not run side by side.
function(nestcpp_add_build_test name target)
  add_test(NAME ${name} COMMAND ${CMAKE_COMMAND} --build ${PROJECT_BINARY_DIR} --target ${target} --parallel)
  set_tests_properties(${name} PROPERTIES LABELS check TIMEOUT 900 RESOURCE_LOCK build_tree)
endfunction()
