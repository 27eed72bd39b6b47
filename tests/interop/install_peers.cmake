# cmake -D ROOT=<project> -P install_peers.cmake: `npm ci` in tests/interop and the folders of peers below, unless what the lock file says is there.
cmake_minimum_required(VERSION 3.22)
include(${CMAKE_CURRENT_LIST_DIR}/find_node.cmake)
if(node AND peers_are_installed)
  message(STATUS "the NestJS peers are installed")
  return()
endif()
find_program(npm npm)
if(NOT npm)
  message(STATUS "skipped: the NestJS peers are not installed, and there is no npm to install them with")
  return()
endif()
execute_process(
  COMMAND bash -c "for part in common packages node; do . scripts/lib/$part.sh; done; prepare_interop" interop.peers
  WORKING_DIRECTORY ${ROOT} RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "npm could not install the NestJS peers")
endif()
