#pragma once
// Which member types a DTO may have, and which JSON kinds each of them is read from.

#include <nestcpp/core/timestamp.hpp>
#include <nestcpp/core/uuid.hpp>
#include <nestcpp/dto/decimal.hpp>
#include <nestcpp/dto/enums.hpp>
#include <nestcpp/dto/json_codec.hpp>
#include <nestcpp/dto/maybe.hpp>
#include <nestcpp/dto/rule_value.hpp>
#include <nestcpp/dto/tagged_variant.hpp>

#include <boost/json/value.hpp>

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

namespace nestcpp::detail {

template <class>
struct member_pointer;
template <class Owner, class Value>
struct member_pointer<Value Owner::*> {
  using owner = Owner;
  using value = Value;
};

template <class>
inline constexpr bool is_optional_type = false;
template <class T>
inline constexpr bool is_optional_type<std::optional<T>> = true;
template <class T>
inline constexpr bool is_optional_type<maybe<T>> = true;

template <class>
inline constexpr bool is_maybe = false;
template <class T>
inline constexpr bool is_maybe<maybe<T>> = true;

template <class T>
struct without_optional {
  using type = T;
};
template <class T>
struct without_optional<std::optional<T>> : without_optional<T> {};
template <class T>
struct without_optional<maybe<T>> : without_optional<T> {};
template <class T>
using without_optional_t = typename without_optional<T>::type;

template <class>
inline constexpr bool is_vector = false;
template <class T, class A>
inline constexpr bool is_vector<std::vector<T, A>> = true;

template <class>
inline constexpr bool is_set = false;
template <class T, class... More>
inline constexpr bool is_set<std::set<T, More...>> = true;
template <class T, class... More>
inline constexpr bool is_set<std::unordered_set<T, More...>> = true;

template <class>
inline constexpr bool is_fixed_array = false;
template <class T, std::size_t N>
inline constexpr bool is_fixed_array<std::array<T, N>> = true;

// What is an array in JSON.
template <class T>
inline constexpr bool is_sequence = is_vector<T> || is_set<T> || is_fixed_array<T>;

template <class>
inline constexpr bool is_variant = false;
template <class... T>
inline constexpr bool is_variant<std::variant<T...>> = true;

template <class>
inline constexpr bool is_duration = false;
template <class Rep, class Period>
inline constexpr bool is_duration<std::chrono::duration<Rep, Period>> = true;

template <class>
inline constexpr bool is_string_map = false;
template <class V, class... More>
inline constexpr bool is_string_map<std::map<std::string, V, More...>> = true;
template <class V, class... More>
inline constexpr bool is_string_map<std::unordered_map<std::string, V, More...>> = true;

// Numbers only: characters are none.
template <class T>
concept json_integer =
    std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
    !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

template <class T>
struct items_of {
  static constexpr bool any = false;
};
template <class T>
  requires is_sequence<T>
struct items_of<T> {
  static constexpr bool any = true;
  using type = typename T::value_type;
};
template <class T>
  requires is_string_map<T>
struct items_of<T> {
  static constexpr bool any = true;
  using type = typename T::mapped_type;
};
template <>
struct items_of<boost::json::value> {
  static constexpr bool any = true;
  using type = boost::json::value;
};

template <class T>
inline constexpr bool is_item_container = items_of<without_optional_t<T>>::any;
template <class T>
using item_type = without_optional_t<typename items_of<without_optional_t<T>>::type>;

// Types of other parts of the library and of users, which travel as what their codec says.
template <class T>
consteval json_kinds codec_kinds() {
  if constexpr (requires { json_codec<T>::kind; }) {
    return kinds_of(json_codec<T>::kind);
  } else {
    return any_kind;
  }
}

template <class T>
consteval json_kinds kinds_of_type();
template <class... T>
consteval json_kinds kinds_of_alternatives(const std::variant<T...>*) {
  return static_cast<json_kinds>((kinds_of_type<T>() | ...));
}

// Any other class is taken for a DTO: whether it is one may not be asked here, as its description may follow.
template <class T>
consteval json_kinds kinds_of_type() {
  using value = without_optional_t<T>;
  if constexpr (has_json_codec<value>) {
    return codec_kinds<value>();
  } else if constexpr (std::same_as<value, bool>) {
    return kinds_of(json_kind::boolean);
  } else if constexpr (json_integer<value> || std::floating_point<value> || is_duration<value>) {
    return kinds_of(json_kind::number);
  } else if constexpr (std::is_enum_v<value> || std::same_as<value, decimal>) {
    return kinds_of(json_kind::string, json_kind::number);
  } else if constexpr (std::same_as<value, std::string> || std::same_as<value, uuid> ||
                       std::same_as<value, timestamp> || std::same_as<value, std::chrono::year_month_day>) {
    return kinds_of(json_kind::string);
  } else if constexpr (is_variant<value>) {
    return kinds_of_alternatives(static_cast<const value*>(nullptr));
  } else if constexpr (is_sequence<value>) {
    return kinds_of(json_kind::array);
  } else if constexpr (is_string_map<value>) {
    return kinds_of(json_kind::object);
  } else if constexpr (std::same_as<value, boost::json::value>) {
    return any_kind;
  } else {
    return kinds_of(json_kind::object, json_kind::array);
  }
}
template <class T>
inline constexpr json_kinds type_kinds = kinds_of_type<T>();

}  // namespace nestcpp::detail
