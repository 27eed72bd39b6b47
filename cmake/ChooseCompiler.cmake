# At the top level, where nothing chose a compiler: keep the default one if it is fit (see CheckCompiler.cmake), else take
# the newest fit one on the path, and say so.
if(NOT CMAKE_CURRENT_SOURCE_DIR STREQUAL CMAKE_SOURCE_DIR OR CMAKE_CXX_COMPILER OR DEFINED ENV{CXX}
   OR CMAKE_TOOLCHAIN_FILE OR CMAKE_GENERATOR MATCHES "Visual Studio|Xcode")
  return()
endif()

# nestcpp_compiler_fits(<result> <compiler>): asks the program itself, as no language is enabled yet.
function(nestcpp_compiler_fits result compiler)
  set(${result} FALSE PARENT_SCOPE)
  execute_process(COMMAND ${compiler} --version OUTPUT_VARIABLE text ERROR_QUIET)
  if(text MATCHES "clang version ([0-9]+)")
    if(CMAKE_MATCH_1 GREATER_EQUAL 16)
      set(${result} TRUE PARENT_SCOPE)
    endif()
  elseif(text MATCHES "Free Software Foundation")
    execute_process(COMMAND ${compiler} -dumpfullversion OUTPUT_VARIABLE version ERROR_QUIET)
    if(version VERSION_GREATER_EQUAL 13)
      set(${result} TRUE PARENT_SCOPE)
    endif()
  endif()
endfunction()

# What CMake would take by itself, then the others from the newest.
set(_names c++ g++ clang++)
foreach(_version RANGE 30 16 -1)
  list(APPEND _names clang++-${_version})
endforeach()
foreach(_version RANGE 30 13 -1)
  list(APPEND _names g++-${_version})
endforeach()

set(_unfit "")
foreach(_name IN LISTS _names)
  find_program(_compiler ${_name} NO_CACHE)
  if(_compiler)
    nestcpp_compiler_fits(_fits ${_compiler})
    if(_fits)
      if(_unfit)
        message(STATUS "nestcpp: compiling with ${_compiler}, as ${_unfit} is too old "
                       "(choose with CXX or -DCMAKE_CXX_COMPILER)")
      else()
        message(STATUS "nestcpp: compiling with ${_compiler} (choose with CXX or -DCMAKE_CXX_COMPILER)")
      endif()
      set(CMAKE_CXX_COMPILER ${_compiler} CACHE FILEPATH "C++ compiler" FORCE)
      return()
    elseif(NOT _unfit)
      set(_unfit ${_compiler})
    endif()
  endif()
  unset(_compiler)
endforeach()

if(NOT _unfit)
  include(${CMAKE_CURRENT_LIST_DIR}/WayOut.cmake)
  message(FATAL_ERROR "nestcpp: no C++ compiler found. ${NESTCPP_WAY_OUT}")
endif()
# CheckCompiler.cmake refuses what is there, and says what to do.
