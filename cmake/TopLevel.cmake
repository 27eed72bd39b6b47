# Comforts of building nestcpp itself; a project that adds nestcpp decides these for itself.
if(NOT nestcpp_IS_TOP_LEVEL)
  return()
endif()

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_EXTENSIONS OFF)

get_property(_multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
if(NOT CMAKE_BUILD_TYPE AND NOT _multi_config)
  message(STATUS "nestcpp: no build type given, taking RelWithDebInfo")
  set_property(CACHE CMAKE_BUILD_TYPE PROPERTY VALUE RelWithDebInfo)
endif()

if(NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(NESTCPP_CCACHE ccache)
  if(NESTCPP_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${NESTCPP_CCACHE})
  endif()
endif()
# For tests that configure a project of their own. The launcher as it is here: it may become a list, with blanks.
set(NESTCPP_SAME_COMPILER -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER})
if(CMAKE_CXX_COMPILER_LAUNCHER)
  list(APPEND NESTCPP_SAME_COMPILER -DCMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER})
endif()

include(CheckLinkerFlag)
check_linker_flag(CXX -fuse-ld=lld NESTCPP_HAVE_LLD)
if(NESTCPP_HAVE_LLD)
  add_link_options(-fuse-ld=lld)
endif()
# An executable loads only what it uses: a service without a database needs no libpq, nor the dozen libraries behind it.
check_linker_flag(CXX -Wl,--as-needed NESTCPP_HAVE_AS_NEEDED)
if(NESTCPP_HAVE_AS_NEEDED)
  add_link_options(-Wl,--as-needed)
endif()
