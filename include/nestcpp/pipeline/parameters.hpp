#pragma once
/// @file nestcpp/pipeline/parameters.hpp
/// @brief Parameter types that say where a handler's argument comes from.
///
/// A parameter that is none of these, nor a context, is the body or payload.

#include <nestcpp/core/fixed_string.hpp>
#include <nestcpp/pipeline/argument_metadata.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace nestcpp {

namespace detail {
template <fixed_string Name, class T>
struct named_parameter {
  using type = T;
  using nest_held = T;
  static constexpr std::string_view name() { return Name.view(); }

  T value{};

  [[nodiscard]] const T& operator*() const noexcept { return value; }
  [[nodiscard]] const T* operator->() const noexcept { return &value; }
  operator const T&() const noexcept { return value; }  // NOLINT: reads like the value
};
}  // namespace detail

/// `:Name` of the route, converted to `T` (text, numbers, bool, uuid, enums); 400 "Validation failed (… is expected)".
template <fixed_string Name, class T>
struct path : detail::named_parameter<Name, T> {};

/// `?Name=` of the URL. Missing: 400, unless `T` is a `std::optional`.
template <fixed_string Name, class T>
struct query : detail::named_parameter<Name, T> {};

/// A request header, by case-insensitive name. Missing: 400, unless `T` is a `std::optional`.
template <fixed_string Name, class T>
struct header : detail::named_parameter<Name, T> {};

/// One property of the body or message payload, NestJS's `@Payload('name')` and `@Body('name')`; a missing one is read
/// as `null`.
template <fixed_string Name, class T>
struct payload : detail::named_parameter<Name, T> {};

namespace detail {
template <class T>
struct whole_parameter {
  using type = T;
  using nest_held = T;

  T value{};

  [[nodiscard]] const T& operator*() const noexcept { return value; }
  [[nodiscard]] const T* operator->() const noexcept { return &value; }
  operator const T&() const noexcept { return value; }  // NOLINT: reads like the value
};
}  // namespace detail

/// The whole query string as a DTO, NestJS's `@Query() query: ListQueryDto`: its rules and messages hold, texts become
/// the members' types, a repeated name an array; see nestcpp/dto/query.hpp.
template <class T>
struct query_of : detail::whole_parameter<T> {};

/// All of the route's `:placeholders` as a DTO, NestJS's `@Param() parameters: Dto`. One that the route lacks is a
/// missing property.
template <class T>
struct path_of : detail::whole_parameter<T> {};

namespace detail {

// What a parameter holds, which the first of its pipes is given.
template <class T>
struct parameter_value {
  using type = T;
};
template <class T>
  requires requires { typename T::nest_held; }
struct parameter_value<T> {
  using type = typename T::nest_held;
};

template <class Pipe, class T>
concept pipe_for =
    requires(Pipe& pipe, T value, const argument_metadata& metadata) { pipe.transform(std::move(value), metadata); };

template <class T, class Pipe>
struct pipe_result {
  static_assert(pipe_for<Pipe, T>,
                "nestcpp: piped<parameter, Pipe…>: each pipe needs a public `R transform(T, const "
                "nest::argument_metadata&)` that takes what the parameter holds, or what the pipe before it returns");
  using type = T;
};
template <class T, class Pipe>
  requires pipe_for<Pipe, T>
struct pipe_result<T, Pipe> {
  using type = std::remove_cvref_t<decltype(std::declval<Pipe&>().transform(std::declval<T>(),
                                                                            std::declval<const argument_metadata&>()))>;
};

template <class T, class... Pipes>
struct piped_value {
  using type = T;
};
template <class T, class Pipe, class... Rest>
struct piped_value<T, Pipe, Rest...> : piped_value<typename pipe_result<T, Pipe>::type, Rest...> {};

}  // namespace detail

/// A parameter with pipes of its own, NestJS's `@Param('id', ParseIntPipe)`: `piped<path<"id", std::string>,
/// LoadUser>`. They run after those of `use_pipes`, from left to right; each has `R transform(T, const
/// argument_metadata&)`, and `R` may be another type. They are built by the container, with injection, once.
template <class Parameter, class... Pipes>
struct piped {
  using type = typename detail::piped_value<typename detail::parameter_value<Parameter>::type, Pipes...>::type;

  type value;

  [[nodiscard]] const type& operator*() const noexcept { return value; }
  [[nodiscard]] const type* operator->() const noexcept { return &value; }
  operator const type&() const noexcept { return value; }  // NOLINT: reads like the value
};

/// NestJS's DefaultValuePipe: `piped<query<"page", std::optional<int>>, default_value<1>>` holds an `int`.
template <auto Default>
struct default_value {
  template <class T>
  T transform(std::optional<T> value, const argument_metadata&) const {
    return value ? *std::move(value) : T(Default);
  }
};
/// The same for texts: `default_text<"en">`.
template <fixed_string Default>
struct default_text {
  std::string transform(std::optional<std::string> value, const argument_metadata&) const {
    return value ? *std::move(value) : std::string{Default.view()};
  }
};

}  // namespace nestcpp
