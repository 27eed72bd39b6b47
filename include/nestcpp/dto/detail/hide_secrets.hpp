#pragma once
// What errors and messages hold of a value: secrets are hidden, as everywhere.

#include <nestcpp/dto/detail/dto_table.hpp>
#include <nestcpp/dto/detail/type_kinds.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace nestcpp {

template <class T>
class secret;

namespace detail {

template <class>
inline constexpr bool is_secret = false;
template <class T>
inline constexpr bool is_secret<secret<T>> = true;

// Whether a value of the type is one, or items of it are. What DTOs hold is told of by the errors of their fields.
template <class V>
consteval bool find_secret() {
  if constexpr (is_secret<V>) {
    return true;
  } else if constexpr (is_optional_type<V>) {
    return find_secret<without_optional_t<V>>();
  } else if constexpr (is_item_container<V> && !std::is_same_v<V, boost::json::value>) {
    return find_secret<item_type<V>>();
  } else {
    return false;
  }
}
template <class V>
inline constexpr bool holds_secret = find_secret<V>();

// Null and missing stay: that nothing is there is no secret.
template <class V>
boost::json::value shown(const boost::json::value& value) {
  if constexpr (holds_secret<V>) {
    if (!value.is_null()) return "***";
  }
  return value;
}

// An object as errors hold it, with its DTO's secrets hidden.
template <class T>
void hide_secrets(boost::json::object& object) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (
        [&] {
          using value_type = typename traits_at<T, I>::value_type;
          if constexpr (holds_secret<value_type>) {
            if (auto* member = object.if_contains(field_key<T, I>::name)) *member = shown<value_type>(*member);
          }
        }(),
        ...);
  }(std::make_index_sequence<field_count<T>>{});
}

}  // namespace detail
}  // namespace nestcpp
