#pragma once
/// @file nestcpp/dto/exception_factory.hpp
/// @brief NestJS's `exceptionFactory`: which exception refused payloads become.

#include <exception>
#include <type_traits>
#include <utility>
#include <vector>

namespace nestcpp {

struct validation_error;

/// A function of the error tree: it returns the exception to throw, or throws it itself.
///
///     .exception_factory = [](const std::vector<nest::validation_error>& errors) {
///       return nest::rpc_exception{boost::json::value(nest::flatten_messages(errors).front())};
///     }
///
/// A lambda without captures, as it is part of a decorator, which is known when the program is compiled. Whatever the
/// function throws or returns is thrown where the payload would have been read; filters see it as they see what a
/// handler throws.
class exception_factory {
 public:
  constexpr exception_factory() = default;

  template <class F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, exception_factory> &&
             std::is_invocable_v<const std::remove_cvref_t<F>&, const std::vector<validation_error>&>)
  constexpr exception_factory(F&&) : make_{&call<std::remove_cvref_t<F>>} {  // NOLINT: written as the function alone
    static_assert(std::is_empty_v<std::remove_cvref_t<F>> && std::is_default_constructible_v<std::remove_cvref_t<F>>,
                  "nestcpp: exception_factory is a lambda without captures: what it needs must be in the errors, or "
                  "reachable by itself");
  }

  [[nodiscard]] constexpr explicit operator bool() const noexcept { return make_ != nullptr; }
  /// The exception, not thrown yet. Must not be called on an empty factory.
  [[nodiscard]] std::exception_ptr operator()(const std::vector<validation_error>& errors) const noexcept {
    return make_(errors);
  }

 private:
  template <class F>
  static std::exception_ptr call(const std::vector<validation_error>& errors) noexcept {
    try {
      using made = std::invoke_result_t<const F&, const std::vector<validation_error>&>;
      if constexpr (std::is_void_v<made>) {
        F{}(errors);
        return nullptr;
      } else if constexpr (std::is_same_v<made, std::exception_ptr>) {
        return F{}(errors);
      } else {
        return std::make_exception_ptr(F{}(errors));
      }
    } catch (...) {
      return std::current_exception();
    }
  }

  std::exception_ptr (*make_)(const std::vector<validation_error>&) noexcept = nullptr;
};

}  // namespace nestcpp
