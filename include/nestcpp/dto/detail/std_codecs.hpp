#pragma once
// Reading and writing members of further types: maybe, sets, fixed arrays, variants, dates, durations, decimals and
// numbered enumerations. See detail/value_codec.hpp.

#include <nestcpp/dto/decimal.hpp>
#include <nestcpp/dto/detail/dto_table.hpp>
#include <nestcpp/dto/detail/value_codec.hpp>
#include <nestcpp/dto/detail/variant_choices.hpp>
#include <nestcpp/dto/json_member.hpp>
#include <nestcpp/dto/maybe.hpp>
#include <nestcpp/dto/tagged_variant.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace nestcpp::detail {

[[nodiscard]] bool parse_day(std::string_view text, std::chrono::year_month_day& out) noexcept;
[[nodiscard]] std::string day_text(const std::chrono::year_month_day& day);

// p stands at the array; `read_one` reads an item and gives the position behind it.
template <class ReadOne>
const char* read_array(const char* p, json_input& in, ReadOne read_one) {
  if (p == in.end || *p != '[' || in.depth == 0) return nullptr;
  --in.depth;
  p = skip_space(p + 1, in.end);
  if (p != in.end && *p == ']') {
    ++p;
  } else {
    for (;;) {
      p = read_one(p);
      if (p == nullptr) return nullptr;
      p = skip_space(p, in.end);
      if (p == in.end) return nullptr;
      if (*p == ']') break;
      if (*p != ',') return nullptr;
      p = skip_space(p + 1, in.end);
    }
    ++p;
  }
  ++in.depth;
  return p;
}

inline void see_array(rule_value& seen, const char* start, const char* end, std::size_t count) {
  seen.kind = json_kind::array;
  if (end != nullptr) seen.text = {start, static_cast<std::size_t>(end - start)};
  seen.size = count;
}

template <class T>
struct value_codec<maybe<T>> {
  static constexpr std::string_view constraint = value_codec<T>::constraint;
  static constexpr std::string_view expected = value_codec<T>::expected;
  template <class Items>
  static const char* read(const char* p, json_input& in, maybe<T>& out, rule_value& seen, Items items) {
    if (p != in.end && *p == 'n') {
      out.reset();
      seen.kind = json_kind::null;
      return read_null(p, in);
    }
    if (!out) out.emplace();
    return value_codec<T>::read(p, in, *out, seen, items);
  }
  static std::size_t size_hint(const maybe<T>& value) { return value ? value_codec<T>::size_hint(*value) : 4; }
  // A missing one has been left out by its DTO; in an array it is null, as JavaScript's undefined is.
  static void write(json_writer& out, const maybe<T>& value) {
    if (value) {
      value_codec<T>::write(out, *value);
    } else {
      out.null();
    }
  }
};

template <numbered_enum T>
struct value_codec<T> {
  static constexpr std::string_view constraint = "isEnum";
  static constexpr std::string_view expected = "must be one of the following values: $names";
  template <class Items>
  static const char* read(const char* p, json_input& in, T& out, rule_value& seen, Items) {
    std::int64_t number = 0;
    p = read_integer(p, in, number);
    seen.kind = json_kind::number;
    seen.number = static_cast<double>(number);
    const auto value = enum_of_number<T>(number);
    if (p == nullptr || !value) return nullptr;
    out = *value;
    return p;
  }
  static std::size_t size_hint(T) { return 20; }
  static void write(json_writer& out, T value) { out.number(enum_number_of(value)); }
};

// A repeated item is kept once.
template <class T>
  requires is_set<T>
struct value_codec<T> {
  using item_type = typename T::value_type;
  static constexpr std::string_view constraint = "isArray";
  static constexpr std::string_view expected = "must be an array";
  template <class Items>
  static const char* read(const char* p, json_input& in, T& out, rule_value& seen, Items items) {
    out.clear();
    const char* const start = p;
    std::size_t count = 0;
    p = read_array(p, in, [&](const char* at) {
      item_type item{};
      rule_value item_seen;
      at = value_codec<item_type>::read(at, in, item, item_seen, items.inner());
      if (at == nullptr || !items(item_seen)) return static_cast<const char*>(nullptr);
      out.insert(std::move(item));
      ++count;
      return at;
    });
    see_array(seen, start, p, count);
    return p;
  }
  static std::size_t size_hint(const T& value) {
    std::size_t size = 2 + value.size();
    for (const auto& item : value) size += value_codec<item_type>::size_hint(item);
    return size;
  }
  static void write(json_writer& out, const T& value) {
    out.raw('[');
    bool first = true;
    for (const auto& item : value) {
      if (!first) out.raw(',');
      first = false;
      value_codec<item_type>::write(out, item);
    }
    out.raw(']');
  }
};

template <class T, std::size_t N>
struct value_codec<std::array<T, N>> {
  static constexpr std::string_view constraint = "isArray";
  static constexpr auto expected_text = [] {
    constexpr std::string_view before = "must be an array of ";
    constexpr std::string_view after = " elements";
    std::array<char, before.size() + 20 + after.size()> text{};
    std::size_t at = 0;
    for (const char c : before) text[at++] = c;
    std::array<char, 20> digits{};
    std::size_t count = 0;
    for (std::size_t rest = N; rest != 0 || count == 0; rest /= 10)
      digits[count++] = static_cast<char>('0' + rest % 10);
    while (count != 0) text[at++] = digits[--count];
    for (const char c : after) text[at++] = c;
    return std::pair{text, at};
  }();
  static constexpr std::string_view expected{expected_text.first.data(), expected_text.second};
  template <class Items>
  static const char* read(const char* p, json_input& in, std::array<T, N>& out, rule_value& seen, Items items) {
    const char* const start = p;
    std::size_t count = 0;
    p = read_array(p, in, [&](const char* at) {
      if (count == N) return static_cast<const char*>(nullptr);
      rule_value item_seen;
      at = value_codec<T>::read(at, in, out[count++], item_seen, items.inner());
      return at != nullptr && items(item_seen) ? at : nullptr;
    });
    see_array(seen, start, p, count);
    return count == N ? p : nullptr;
  }
  static std::size_t size_hint(const std::array<T, N>& value) {
    std::size_t size = 2 + N;
    for (const auto& item : value) size += value_codec<T>::size_hint(item);
    return size;
  }
  static void write(json_writer& out, const std::array<T, N>& value) {
    out.raw('[');
    for (std::size_t i = 0; i < N; ++i) {
      if (i != 0) out.raw(',');
      value_codec<T>::write(out, value[i]);
    }
    out.raw(']');
  }
};

// The first alternative, in the order written, that can hold the value. A DTO among them is read with its rules: what
// is read without would fit the first object. Where other rules have been judged and none fits by all of its own, the
// first that can hold all of the value.
template <class... T>
struct value_codec<std::variant<T...>> {
  static constexpr std::string_view constraint = "isValid";
  static constexpr std::string_view expected = "is of no type that is accepted";
  template <class Items>
  static const char* read(const char* p, json_input& in, std::variant<T...>& out, rule_value& seen, Items) {
    if constexpr (is_deep) {
      if (in.choices == nullptr) {
        variant_choices own;
        in.choices = &own;
        const char* const after = read_first(p, in, out, seen, nullptr);
        in.choices = nullptr;
        return after;
      }
    }
    return read_first(p, in, out, seen, is_deep ? in.choices : nullptr);
  }
  static std::size_t size_hint(const std::variant<T...>& value) {
    return std::visit([]<class V>(const V& held) { return value_codec<V>::size_hint(held); }, value);
  }
  static void write(json_writer& out, const std::variant<T...>& value) {
    std::visit([&out]<class V>(const V& held) { value_codec<V>::write(out, held); }, value);
  }

 private:
  // Whether there may be variants inside.
  static constexpr bool is_deep = ((type_kinds<T> & kinds_of(json_kind::object, json_kind::array)) | ...) != 0;
  static constexpr char type{};

  static const char* read_first(const char* p, json_input& in, std::variant<T...>& out, rule_value& seen,
                                variant_choices* choices) {
    const char* const after = read_first(p, in, out, seen, choices, false);
    return after == nullptr && in.unchecked ? read_first(p, in, out, seen, choices, true) : after;
  }

  static const char* read_first(const char* p, json_input& in, std::variant<T...>& out, rule_value& seen,
                                variant_choices* choices, bool unchecked) {
    const variant_choices::key key{p, &type, unchecked};
    std::size_t first = 0;
    if (choices != nullptr) {
      if (const auto known = choices->fitting.find(key); known != choices->fitting.end()) first = known->second;
    }
    const unsigned depth = in.depth;
    const bool gap = std::exchange(in.gap, false);
    std::size_t index = 0;
    const char* after = nullptr;
    const auto attempt = [&]<class Alternative>(std::type_identity<Alternative>) {
      if (index < first) {
        ++index;
        return false;
      }
      Alternative value{};
      seen = rule_value{};
      in.depth = depth;
      in.gap = false;
      const bool outer = std::exchange(in.unchecked, unchecked);
      after = value_codec<Alternative>::read(p, in, value, seen, any_item{});
      in.unchecked = outer;
      if (after == nullptr || in.gap) {
        after = nullptr;
        ++index;
        return false;
      }
      out = std::move(value);
      // The text was that of the value before it moved.
      if constexpr (std::same_as<Alternative, std::string>) seen.text = std::get<Alternative>(out);
      return true;
    };
    static_cast<void>((attempt(std::type_identity<T>{}) || ...));
    in.gap = gap;
    if (choices != nullptr && index != first) choices->fitting.insert_or_assign(key, index);
    return after;
  }
};

template <fixed_string Property, class... Alternatives>
struct value_codec<tagged_variant<Property, Alternatives...>> {
  using variant = tagged_variant<Property, Alternatives...>;
  static constexpr std::string_view constraint = "isObject";
  static constexpr std::string_view expected = "must be an object";

  template <class Items>
  static const char* read(const char* p, json_input& in, variant& out, rule_value& seen, Items) {
    if (p == in.end || *p != '{') return nullptr;
    const char* const end = skip_value(p, in);
    if (end == nullptr) return nullptr;
    const std::string_view object{p, static_cast<std::size_t>(end - p)};
    std::string name;
    if (!unquote_json(find_member(object, Property.view()), name)) return nullptr;
    seen.kind = json_kind::object;
    seen.size = 1;
    const std::string_view outer = std::exchange(in.discriminator, Property.view());
    const unsigned outer_depth = std::exchange(in.discriminator_depth, in.depth - 1);
    const char* after = nullptr;
    const auto attempt = [&]<class Alternative>(std::type_identity<Alternative>) {
      if (name != Alternative::name()) return false;
      using held = typename Alternative::type;
      rule_value inner;
      auto* value = std::get_if<held>(&out);
      if (value == nullptr) value = &out.template emplace<held>();
      after = value_codec<held>::read(p, in, *value, inner, any_item{});
      return true;
    };
    static_cast<void>((attempt(std::type_identity<Alternatives>{}) || ...));
    in.discriminator = outer;
    in.discriminator_depth = outer_depth;
    return after;
  }
  static std::size_t size_hint(const variant& value) {
    return 32 + std::visit([]<class V>(const V& held) { return value_codec<V>::size_hint(held); }, base_of(value));
  }
  // The discriminator first, unless the DTO writes it itself.
  static void write(json_writer& out, const variant& value) {
    const auto attempt = [&]<class Alternative>(std::type_identity<Alternative>) {
      using held = typename Alternative::type;
      const auto* found = std::get_if<held>(&base_of(value));
      if (found == nullptr) return false;
      if constexpr (has_field_named<held>(Property.view())) {
        value_codec<held>::write(out, *found);
      } else {
        out.raw('{');
        out.string(Property.view());
        out.raw(':');
        out.string(Alternative::name());
        value_codec<held>::write_members(out, *found);
        out.raw('}');
      }
      return true;
    };
    static_cast<void>((attempt(std::type_identity<Alternatives>{}) || ...));
  }

 private:
  static const typename variant::base& base_of(const variant& value) { return value; }
};

// A calendar day: "2026-11-25".
template <>
struct value_codec<std::chrono::year_month_day> {
  static constexpr std::string_view constraint = "isDateString";
  static constexpr std::string_view expected = "must be a date such as 2026-11-25";
  template <class Items>
  static const char* read(const char* p, json_input& in, std::chrono::year_month_day& out, rule_value& seen, Items) {
    return read_parsed_text(p, in, seen, [&out](std::string_view text) { return parse_day(text, out); });
  }
  static std::size_t size_hint(const std::chrono::year_month_day&) { return 12; }
  static void write(json_writer& out, const std::chrono::year_month_day& value) { out.string(day_text(value)); }
};

// A whole number of the duration's own unit.
template <class Rep, class Period>
struct value_codec<std::chrono::duration<Rep, Period>> {
  using duration = std::chrono::duration<Rep, Period>;
  static constexpr std::string_view constraint = value_codec<Rep>::constraint;
  static constexpr std::string_view expected = value_codec<Rep>::expected;
  template <class Items>
  static const char* read(const char* p, json_input& in, duration& out, rule_value& seen, Items) {
    Rep count{};
    p = value_codec<Rep>::read(p, in, count, seen, any_item{});
    out = duration{count};
    return p;
  }
  static std::size_t size_hint(const duration&) { return 20; }
  static void write(json_writer& out, const duration& value) { out.number(value.count()); }
};

template <>
struct value_codec<decimal> {
  static constexpr std::string_view constraint = "isDecimal";
  static constexpr std::string_view expected = "must be a decimal number";
  template <class Items>
  static const char* read(const char* p, json_input& in, decimal& out, rule_value& seen, Items) {
    const auto keep = [&out](std::string_view text) {
      auto value = decimal::parse(text);
      if (value) out = std::move(*value);
      return value.has_value();
    };
    if (p != in.end && *p == '"') return read_parsed_text(p, in, seen, keep);
    bool integral = false;
    const char* const stop = skip_number(p, in.end, integral);
    if (stop == nullptr || !keep({p, static_cast<std::size_t>(stop - p)})) return nullptr;
    seen.kind = json_kind::number;
    seen.number = out.to_double();
    return stop;
  }
  static std::size_t size_hint(const decimal& value) { return value.text().size() + json_writer::string_overhead; }
  static void write(json_writer& out, const decimal& value) { out.string(value.text()); }
};

}  // namespace nestcpp::detail
