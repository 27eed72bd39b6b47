# The headers of Boost, fmt and GoogleTest are read once for all sources: a third of a build from nothing. Off where the
# project is built within another one, and where ccache shares objects between checkouts (its `base_dir`), since a
# precompiled header names the checkout that it was made in.
set(_precompile ${nestcpp_IS_TOP_LEVEL})
if(NESTCPP_CCACHE)
  execute_process(COMMAND ${NESTCPP_CCACHE} --get-config base_dir OUTPUT_VARIABLE _base_dir ERROR_QUIET
                  OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(_base_dir)
    set(_precompile OFF)
  endif()
endif()
option(NESTCPP_PRECOMPILED_HEADERS "Read the headers of other libraries once for all sources" ${_precompile})

if(NESTCPP_PRECOMPILED_HEADERS AND NESTCPP_CCACHE)
  # As ccache's manual wants it for precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${NESTCPP_CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
  endif()
endif()

set(NESTCPP_LIBRARY_HEADERS
    <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp> <boost/asio/io_context.hpp> <boost/asio/ip/tcp.hpp>
    <boost/asio/post.hpp> <boost/asio/steady_timer.hpp> <boost/asio/use_awaitable.hpp> <boost/asio/use_future.hpp>
    <boost/json.hpp> <fmt/format.h> <atomic> <chrono> <functional> <map> <memory> <mutex> <optional> <string>
    <string_view> <unordered_map> <variant> <vector>)

# nestcpp_precompile(<target> <source of the precompiled headers>): one target makes them, the others take them.
function(nestcpp_precompile target from)
  if(NOT NESTCPP_PRECOMPILED_HEADERS OR NOT TARGET ${from})
    return()
  endif()
  if(target STREQUAL from)
    target_precompile_headers(${target} PRIVATE ${NESTCPP_LIBRARY_HEADERS} ${ARGN})
  else()
    target_precompile_headers(${target} REUSE_FROM ${from})
  endif()
endfunction()
