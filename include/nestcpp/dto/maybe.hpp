#pragma once
/// @file nestcpp/dto/maybe.hpp
/// @brief A member that tells a missing property from null.

#include <cstddef>
#include <optional>
#include <utility>

namespace nestcpp {

struct missing_t {
  explicit missing_t() = default;
};
inline constexpr missing_t missing{};

/// Missing, null or a value: what a PATCH needs to tell "leave it" from "clear it". In a DTO a missing property is
/// missing, whatever the initialiser says; null is null; a missing member is not written. Rules apply to values only.
///
///     if (dto.nick.has_value()) user.nick = *dto.nick;
///     else if (dto.nick.is_null()) user.nick.reset();
template <class T>
class maybe {
 public:
  using value_type = T;

  constexpr maybe() = default;                                            ///< Missing.
  constexpr maybe(missing_t) {}                                           // NOLINT: reads like the value
  constexpr maybe(std::nullptr_t) : present_{true} {}                     // NOLINT
  constexpr maybe(std::nullopt_t) : present_{true} {}                     // NOLINT
  constexpr maybe(T value) : value_{std::move(value)}, present_{true} {}  // NOLINT

  [[nodiscard]] constexpr bool is_missing() const noexcept { return !present_; }
  [[nodiscard]] constexpr bool is_null() const noexcept { return present_ && !value_; }
  [[nodiscard]] constexpr bool has_value() const noexcept { return value_.has_value(); }
  constexpr explicit operator bool() const noexcept { return has_value(); }

  /// @name The value, which must be there; `value()` throws `std::bad_optional_access` where it is not
  /// @{
  [[nodiscard]] constexpr T& operator*() noexcept { return *value_; }
  [[nodiscard]] constexpr const T& operator*() const noexcept { return *value_; }
  [[nodiscard]] constexpr T* operator->() noexcept { return &*value_; }
  [[nodiscard]] constexpr const T* operator->() const noexcept { return &*value_; }
  [[nodiscard]] constexpr T& value() { return value_.value(); }
  [[nodiscard]] constexpr const T& value() const { return value_.value(); }
  /// @}
  template <class U>
  [[nodiscard]] constexpr T value_or(U&& other) const {
    return value_.value_or(std::forward<U>(other));
  }
  /// The value; nullopt where it is null or missing.
  [[nodiscard]] constexpr const std::optional<T>& as_optional() const noexcept { return value_; }

  /// Null from now on.
  constexpr void reset() noexcept {
    value_.reset();
    present_ = true;
  }
  template <class... A>
  constexpr T& emplace(A&&... arguments) {
    present_ = true;
    return value_.emplace(std::forward<A>(arguments)...);
  }

  bool operator==(const maybe&) const = default;

 private:
  std::optional<T> value_;
  bool present_ = false;
};

}  // namespace nestcpp
