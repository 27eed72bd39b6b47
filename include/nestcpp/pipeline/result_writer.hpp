#pragma once
/// @file nestcpp/pipeline/result_writer.hpp
/// @brief How a handler's result of a type of one's own is answered.

namespace nestcpp {

/// Specialise it for a result that is more than JSON: `static bool write(execution_context& context, T result)` puts it
/// into the context's answer and gives false, as there is nothing to be written as JSON.
template <class T>
struct result_writer;

namespace detail {

template <class T, class = void>
inline constexpr bool has_result_writer = false;
template <class T>
inline constexpr bool has_result_writer<T, decltype(void(sizeof(result_writer<T>)))> = true;

}  // namespace detail

}  // namespace nestcpp
