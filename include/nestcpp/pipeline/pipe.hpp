#pragma once
/// @file nestcpp/pipeline/pipe.hpp
/// @brief Pipes change or refuse a handler's arguments.

#include <nestcpp/dto/validation_options.hpp>

#include <string_view>

namespace nestcpp {

/// Which argument a pipe is given.
struct argument_metadata {
  enum class source { body, path, query, header } type;
  std::string_view data;  ///< the parameter's name; empty for a body
};

/// Base of all pipes; derive from `pipe<T>`.
class any_pipe {
 public:
  virtual ~any_pipe() = default;
};

/// Sees every argument of type `T`, after validation; throws to refuse. One instance serves all calls, from all loops
/// at a time.
template <class T>
class pipe : public any_pipe {
 public:
  virtual T transform(T value, const argument_metadata& metadata) = 0;
};

/// NestJS's ValidationPipe: how bodies and payloads are validated. Validation itself is always on, by the DTO's rules;
/// the innermost validation_pipe of a handler says how strict it is.
struct validation_pipe : validation_options {};

}  // namespace nestcpp
