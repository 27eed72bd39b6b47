#pragma once
/// @file nestcpp/pipeline/pipe.hpp
/// @brief Pipes change or refuse a handler's arguments.

#include <nestcpp/core/task.hpp>
#include <nestcpp/dto/validation_options.hpp>
#include <nestcpp/pipeline/argument_metadata.hpp>
#include <nestcpp/pipeline/detail/typed_values.hpp>

#include <utility>

namespace nestcpp {

namespace detail {
// An argument with its type erased.
struct argument_slot {
  void* value;
  const void* type;
  argument_metadata metadata;
};
class async_pipe_base;
}  // namespace detail

/// Base of all pipes; derive from `pipe<T>` or `async_pipe<T>`.
class any_pipe {
 public:
  virtual ~any_pipe() = default;

 private:
  friend class handler_chain;
  friend class detail::async_pipe_base;
  virtual detail::async_pipe_base* as_async() noexcept { return nullptr; }
};

/// Sees every argument of type `T`, after validation; throws to refuse. One instance serves all calls, from all loops
/// at a time.
template <class T>
class pipe : public any_pipe {
 public:
  virtual T transform(T value, const argument_metadata& metadata) = 0;
};

namespace detail {
class async_pipe_base : public any_pipe {
 public:
  [[nodiscard]] virtual bool takes(const argument_slot& argument) const noexcept = 0;
  [[nodiscard]] virtual task<void> apply(argument_slot argument) = 0;

 private:
  async_pipe_base* as_async() noexcept final { return this; }
};
}  // namespace detail

/// The same for what must be awaited. Asynchronous pipes run after all others, those of `piped` parameters among them,
/// in their own order; a handler behind one runs as a coroutine.
template <class T>
class async_pipe : public detail::async_pipe_base {
 public:
  virtual task<T> transform(T value, argument_metadata metadata) = 0;

 private:
  [[nodiscard]] bool takes(const detail::argument_slot& argument) const noexcept final {
    return argument.type == &detail::type_key<T>;
  }
  [[nodiscard]] task<void> apply(detail::argument_slot argument) final {
    T& value = *static_cast<T*>(argument.value);
    T changed = co_await transform(std::move(value), argument.metadata);
    value = std::move(changed);
  }
};

/// NestJS's ValidationPipe: how bodies and payloads are validated. Validation itself is always on, by the DTO's rules;
/// the innermost validation_pipe of a handler says how strict it is.
struct validation_pipe : validation_options {};

}  // namespace nestcpp
