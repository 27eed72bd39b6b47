#pragma once
// Values of another kind made those that a member holds: convert(), implicit conversion, query strings.

#include <nestcpp/dto/detail/dto_table.hpp>
#include <nestcpp/dto/detail/type_kinds.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace nestcpp::detail {

// none: only fields that say convert(). safe: what has one meaning. javascript: as Number(v), String(v), Boolean(v).
// query: safe, and a single value stands for an array of one.
enum class conversion { none, safe, javascript, query };

void convert_to_text(boost::json::value& value, conversion how);
void convert_to_number(boost::json::value& value, conversion how);
void convert_to_boolean(boost::json::value& value, conversion how);

template <class Rule>
inline constexpr bool is_conversion = requires { requires Rule::converts; };
template <class Rule>
inline constexpr bool converts_as_javascript = requires { requires Rule::as_javascript; };

// The way that the field asks for; of those that the DTO has been given, where it asks for none.
template <class Field>
struct field_conversion;
template <auto Member, class... Rules>
struct field_conversion<dto_field<Member, Rules...>> {
  static constexpr bool any = (is_conversion<Rules> || ...);
  static constexpr bool as_javascript = (converts_as_javascript<Rules> || ...);
};

template <class V>
void convert_document(boost::json::value& value, conversion how);

// The alternative that the discriminator names; what is wrong with it is told by who reads the document.
template <fixed_string Property, class... Alternatives>
void convert_tagged(boost::json::value& value, conversion how, const tagged_variant<Property, Alternatives...>*) {
  const auto* object = value.if_object();
  const auto* tag = object == nullptr ? nullptr : object->if_contains(Property.view());
  const auto* text = tag == nullptr ? nullptr : tag->if_string();
  if (text == nullptr) return;
  const std::string name{std::string_view{*text}};
  (void)((name == Alternatives::name() && (convert_document<typename Alternatives::type>(value, how), true)) || ...);
}

template <class V>
void convert_document(boost::json::value& value, conversion how) {
  if constexpr (is_optional_type<V>) {
    convert_document<without_optional_t<V>>(value, how);
  } else if constexpr (is_tagged_variant<V>) {
    convert_tagged(value, how, static_cast<const V*>(nullptr));
  } else if constexpr (dto<V>) {
    auto* object = value.if_object();
    if (object == nullptr) return;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (
          [&] {
            using own = field_conversion<field_at<V, I>>;
            auto* member = object->if_contains(field_key<V, I>::name);
            if (member == nullptr) return;
            convert_document<typename traits_at<V, I>::value_type>(*member, own::as_javascript ? conversion::javascript
                                                                            : own::any && how == conversion::none
                                                                                ? conversion::safe
                                                                                : how);
          }(),
          ...);
    }(std::make_index_sequence<field_count<V>>{});
  } else if constexpr (is_sequence<V>) {
    if (how == conversion::query && !value.is_array() && !value.is_null()) {
      boost::json::value single = std::move(value);
      value = boost::json::array{};
      value.get_array().push_back(std::move(single));
    }
    // class-transformer knows no types of items and leaves them; but nested DTOs have fields of their own.
    if (auto* array = value.if_array()) {
      for (auto& item : *array) {
        convert_document<typename V::value_type>(item, how == conversion::javascript ? conversion::none : how);
      }
    }
  } else if constexpr (is_string_map<V>) {
    if (auto* object = value.if_object()) {
      for (auto& entry : *object) convert_document<typename V::mapped_type>(entry.value(), how);
    }
  } else if (how != conversion::none && !value.is_null()) {
    if constexpr (std::is_same_v<V, bool>) {
      convert_to_boolean(value, how);
    } else if constexpr (json_integer<V> || std::floating_point<V> || is_duration<V>) {
      convert_to_number(value, how);
    } else if constexpr (std::is_enum_v<V>) {
      if constexpr (numbered_enum<V>) convert_to_number(value, how);
    } else if constexpr (std::is_same_v<V, std::string>) {
      convert_to_text(value, how);
    }
  }
}

}  // namespace nestcpp::detail
