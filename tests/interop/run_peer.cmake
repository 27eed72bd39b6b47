# cmake -D ROOT=<project> -D SCRIPT=<file> -D BINARIES=<directory> -P run_peer.cmake: runs a file of tests.
cmake_minimum_required(VERSION 3.22)
include(${CMAKE_CURRENT_LIST_DIR}/find_node.cmake)
if(NOT node)
  message(STATUS "skipped: ${why_not}")
  return()
endif()
if(NOT peers_are_installed)
  message(STATUS "skipped: the NestJS peers are not installed (npm ci in tests/interop and tests/interop/nest12)")
  return()
endif()
execute_process(
  COMMAND ${CMAKE_COMMAND} -E env NESTCPP_BIN_DIR=${BINARIES} ${node} --test --test-reporter=spec ${SCRIPT}
  WORKING_DIRECTORY ${interop} RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${SCRIPT} failed")
endif()
