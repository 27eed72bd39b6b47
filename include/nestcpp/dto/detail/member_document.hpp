#pragma once
// A member as the document that would be read as it, for the rules that judge a transformed member.

#include <nestcpp/dto/detail/type_kinds.hpp>
#include <nestcpp/dto/enums.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace nestcpp::detail {

template <class V>
consteval bool is_plain_type();
// Whether a document tells all of the type's values: that of a DTO lacks what is not written, that of a secret hides
// it.
template <class V>
inline constexpr bool is_plain = is_plain_type<V>();

template <class V>
consteval bool is_plain_type() {
  if constexpr (is_optional_type<V>) {
    return is_plain<without_optional_t<V>>;
  } else if constexpr (has_json_codec<V>) {
    return false;
  } else if constexpr (items_of<V>::any && !std::is_same_v<V, boost::json::value>) {
    return is_plain<typename items_of<V>::type>;
  } else {
    return std::is_arithmetic_v<V> || std::is_enum_v<V> || std::is_same_v<V, std::string> ||
           std::is_same_v<V, boost::json::value>;
  }
}

template <class V>
  requires is_plain<V>
boost::json::value plain_document(const V& value) {
  if constexpr (is_optional_type<V>) {
    return value ? plain_document(*value) : boost::json::value{};
  } else if constexpr (std::is_same_v<V, boost::json::value> || std::is_same_v<V, bool>) {
    return value;
  } else if constexpr (std::is_floating_point_v<V>) {
    return static_cast<double>(value);
  } else if constexpr (std::is_unsigned_v<V>) {
    // As documents are read: what fits is signed.
    if (std::in_range<std::int64_t>(value)) return static_cast<std::int64_t>(value);
    return static_cast<std::uint64_t>(value);
  } else if constexpr (std::is_integral_v<V>) {
    return static_cast<std::int64_t>(value);
  } else if constexpr (numbered_enum<V>) {
    return static_cast<std::int64_t>(enum_number_of(value));
  } else if constexpr (std::is_enum_v<V>) {
    return boost::json::value(enum_name(value));
  } else if constexpr (std::is_same_v<V, std::string>) {
    return boost::json::value(std::string_view{value});
  } else if constexpr (is_string_map<V>) {
    boost::json::object object;
    for (const auto& [key, item] : value) object[key] = plain_document(item);
    return object;
  } else {
    boost::json::array array;
    for (const auto& item : value) array.push_back(plain_document<typename V::value_type>(item));
    return array;
  }
}

}  // namespace nestcpp::detail
