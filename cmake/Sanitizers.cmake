set(NESTCPP_SANITIZE "" CACHE STRING "Sanitizers for all targets, as -fsanitize takes them: address,undefined or thread")

# nestcpp_sanitize(<target>): for the target and for all that link it, as half a sanitized program is none.
function(nestcpp_sanitize target)
  if(NOT NESTCPP_SANITIZE)
    return()
  endif()
  target_compile_options(${target} PUBLIC -fsanitize=${NESTCPP_SANITIZE} -fno-sanitize-recover=all
                                          -fno-omit-frame-pointer)
  target_link_options(${target} PUBLIC -fsanitize=${NESTCPP_SANITIZE})
  if(NESTCPP_SANITIZE MATCHES "address")
    # Asio keeps freed coroutine frames and handlers for reuse, which hides use after free.
    target_compile_definitions(${target} PUBLIC BOOST_ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING
                                                BOOST_ASIO_DISABLE_SMALL_BLOCK_RECYCLING)
  endif()
  if(NESTCPP_SANITIZE MATCHES "thread")
    # ThreadSanitizer does not follow std::atomic_thread_fence; Asio's locks give the same order.
    target_compile_definitions(${target} PUBLIC BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
endfunction()
