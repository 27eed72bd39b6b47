#pragma once
// A DTO's description, worked out at compile time: field by field its rules, its key as JSON text, and which fields may
// be missing.

#include <nestcpp/dto/detail/field_traits.hpp>
#include <nestcpp/dto/field.hpp>
#include <nestcpp/dto/inherited_fields.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

namespace nestcpp::detail {

template <dto T>
inline constexpr std::size_t field_count = std::tuple_size_v<std::remove_cvref_t<decltype(dto_fields<T>)>>;

template <dto T, std::size_t I>
using field_at = std::tuple_element_t<I, std::remove_cvref_t<decltype(dto_fields<T>)>>;

template <dto T, std::size_t I>
using traits_at = field_traits<field_at<T, I>>;

// The type of what is met below `Levels` arrays; boost::json::value for what lies in one.
template <class Value, unsigned Levels>
consteval auto nested_item() {
  if constexpr (Levels == 0 || !is_item_container<Value>) {
    return std::type_identity<without_optional_t<Value>>{};
  } else {
    return nested_item<item_type<Value>, Levels - 1>();
  }
}
template <class Value, unsigned Levels>
using nested_item_t = typename decltype(nested_item<Value, Levels>())::type;

// Checks one rule; options pass. For each(…) the value is an item.
template <class Value, class R>
constexpr bool rule_or_option_passes(const R& rule, const rule_value& value) {
  if constexpr (!validation_rule<R>) {
    return true;
  } else {
    return passes<nested_item_t<Value, each_depth<R>>>(rule, value);
  }
}

// All rules on what stands `Levels` arrays below the value. A value that is no array is checked by each(…) as if it
// were an item; a typed array's items have been checked on the way.
template <dto T, std::size_t I, unsigned Levels>
constexpr bool field_passes(const rule_value& value) {
  return std::apply(
      [&value]<class... R>(const R&... rule) {
        return (((each_depth<R> != Levels && validation_rule<R>) ||
                 rule_or_option_passes<typename traits_at<T, I>::value_type>(rule, value)) &&
                ...);
      },
      std::get<I>(dto_fields<T>).rules);
}

// Whether a missing property is refused, by any rule and by is_defined() alone.
template <dto T, std::size_t I>
consteval bool refuses_missing(bool only_defined) {
  using traits = traits_at<T, I>;
  if (traits::optional) return false;
  const rule_value missing{};
  return std::apply(
      [&]<class... R>(const R&... rule) {
        return (
            ((!only_defined || runs_first<R>) && !rule_or_option_passes<typename traits::value_type>(rule, missing)) ||
            ...);
      },
      std::get<I>(dto_fields<T>).rules);
}

// A set of fields.
template <std::size_t N>
struct field_set {
  std::array<std::uint64_t, (N + 63) / 64> words{};

  constexpr void set(std::size_t i) { words[i / 64] |= std::uint64_t{1} << (i % 64); }
  constexpr void clear(std::size_t i) { words[i / 64] &= ~(std::uint64_t{1} << (i % 64)); }
  constexpr void add(const field_set& other) {
    for (std::size_t w = 0; w < words.size(); ++w) words[w] |= other.words[w];
  }
  constexpr bool operator==(const field_set&) const = default;
  [[nodiscard]] constexpr bool has(std::size_t i) const { return (words[i / 64] >> (i % 64) & 1) != 0; }
  [[nodiscard]] constexpr bool has_all_of(const field_set& other) const {
    for (std::size_t w = 0; w < words.size(); ++w) {
      if ((other.words[w] & ~words[w]) != 0) return false;
    }
    return true;
  }
};

template <dto T>
struct dto_table {
  static constexpr std::size_t count = field_count<T>;
  using set = field_set<count>;

  template <class Pick>
  static consteval set collect(Pick pick) {
    set chosen{};
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      ((pick(std::integral_constant<std::size_t, I>{}) ? chosen.set(I) : void()), ...);
    }(std::make_index_sequence<count>{});
    return chosen;
  }
  static constexpr set all = collect([](auto) { return true; });
  static constexpr set required = collect([](auto i) { return refuses_missing<T, i>(false); });
  static constexpr set defined = collect([](auto i) { return refuses_missing<T, i>(true); });
  // Those whose rules depend on the object: what is wrong with them may not matter.
  static constexpr set conditional = collect([](auto i) { return traits_at<T, i>::conditional; });
  static constexpr bool has_conditions = conditional != set{};
  static constexpr set never_fit =
      collect([](auto i) { return !traits_at<T, i>::is_read && refuses_missing<T, i>(false); });
  static_assert(
      never_fit == set{},
      "nestcpp: a field that is not read can never pass its rules: beside exclude() or exclude_on_read() write "
      "is_optional()");
};

// Names as JSON text, made at compile time: `"name"` to compare with, `,"name":` to write.
consteval std::size_t escaped_size(std::string_view name) {
  std::size_t size = name.size();
  for (const char c : name) {
    if (c == '"' || c == '\\') ++size;
  }
  return size;
}
template <std::size_t N>
consteval std::array<char, N> make_key(std::string_view name, std::string_view before, std::string_view after) {
  std::array<char, N> key{};
  std::size_t at = 0;
  for (const char c : before) key[at++] = c;
  for (const char c : name) {
    if (c == '"' || c == '\\') key[at++] = '\\';
    key[at++] = c;
  }
  for (const char c : after) key[at++] = c;
  return key;
}

template <dto T, std::size_t I>
struct field_key {
  static constexpr std::string_view name = json_name_of(std::get<I>(dto_fields<T>));
  static constexpr auto quoted = make_key<escaped_size(name) + 2>(name, "\"", "\"");
  static constexpr auto written = make_key<escaped_size(name) + 4>(name, ",\"", "\":");
};

// Whether a property of that name is a field.
template <dto T>
consteval bool has_field_named(std::string_view name) {
  return [name]<std::size_t... I>(std::index_sequence<I...>) {
    return ((field_key<T, I>::name == name) || ...);
  }(std::make_index_sequence<field_count<T>>{});
}

// Bytes of all keys and punctuation.
template <dto T>
consteval std::size_t keys_size() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    return (std::size_t{2} + ... + field_key<T, I>::written.size());
  }(std::make_index_sequence<field_count<T>>{});
}

}  // namespace nestcpp::detail
