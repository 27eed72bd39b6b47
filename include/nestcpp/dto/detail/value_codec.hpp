#pragma once
// Reading and writing one value by its C++ type. `read` takes a position at the value's first character, and gives the
// position behind it, or null: malformed, of another kind, or refused by a rule inside. `seen` tells the rules of the
// field what stood there; `items` is asked about every item of an array, `items.inner()` about the items of an item.

#include <nestcpp/core/timestamp.hpp>
#include <nestcpp/core/uuid.hpp>
#include <nestcpp/dto/detail/document.hpp>
#include <nestcpp/dto/detail/type_kinds.hpp>
#include <nestcpp/dto/enums.hpp>
#include <nestcpp/dto/json_codec.hpp>
#include <nestcpp/dto/json_cursor.hpp>
#include <nestcpp/dto/json_scan.hpp>
#include <nestcpp/dto/json_writer.hpp>
#include <nestcpp/dto/rule_value.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace nestcpp::detail {

struct any_item {
  constexpr bool operator()(const rule_value&) const { return true; }
  [[nodiscard]] constexpr any_item inner() const { return {}; }
};

template <class T>
inline constexpr bool never = false;

// DTOs: detail/object_codec.hpp. What is left here fits nothing.
template <class T>
struct value_codec {
  static_assert(!std::is_enum_v<T>,
                "nestcpp: an enumeration travels by the names of its values: write NEST_ENUM(Type, a, b, …) after the "
                "enumeration, before its first use in a DTO");
  static_assert(
      std::is_enum_v<T> || never<T>,
      "nestcpp: no DTO can hold a member of this type; a class needs a NEST_DTO(…) before its first use, another "
      "type a specialisation of nestcpp::json_codec; see the type in value_codec<type> below");
};

template <>
struct value_codec<bool> {
  static constexpr std::string_view constraint = "isBoolean";
  static constexpr std::string_view expected = "must be a boolean value";
  template <class Items>
  static const char* read(const char* p, json_input& in, bool& out, rule_value& seen, Items) {
    p = read_boolean(p, in, out);
    seen.kind = json_kind::boolean;
    seen.boolean = out;
    return p;
  }
  static std::size_t size_hint(bool) { return 5; }
  static void write(json_writer& out, bool value) { out.boolean(value); }
};

template <json_integer T>
struct value_codec<T> {
  static constexpr std::string_view constraint = "isInt";
  static constexpr std::string_view expected = "must be an integer number";
  template <class Items>
  static const char* read(const char* p, json_input& in, T& out, rule_value& seen, Items) {
    p = read_integer(p, in, out);
    seen.kind = json_kind::number;
    seen.number = static_cast<double>(out);
    return p;
  }
  static std::size_t size_hint(T) { return 20; }
  static void write(json_writer& out, T value) { out.number(value); }
};

template <std::floating_point T>
struct value_codec<T> {
  static_assert(sizeof(T) <= sizeof(double), "nestcpp: JSON numbers are doubles; use double instead of long double");
  static constexpr std::string_view constraint = "isNumber";
  static constexpr std::string_view expected = "must be a number conforming to the specified constraints";
  template <class Items>
  static const char* read(const char* p, json_input& in, T& out, rule_value& seen, Items) {
    if constexpr (std::same_as<T, float>) {
      const char* const start = p;
      p = read_float(p, in, out);
      // A number that only a double can hold; one that is infinite as a double too is for the rules to judge.
      if (std::isinf(out) && p != nullptr) [[unlikely]] {
        double exact = 0;
        static_cast<void>(read_double(start, in, exact));
        if (!std::isinf(exact)) return nullptr;
      }
    } else {
      p = read_double(p, in, out);
    }
    seen.kind = json_kind::number;
    seen.number = static_cast<double>(out);
    return p;
  }
  static std::size_t size_hint(T) { return 24; }
  static void write(json_writer& out, T value) { out.number(value); }
};

template <>
struct value_codec<std::string> {
  static constexpr std::string_view constraint = "isString";
  static constexpr std::string_view expected = "must be a string";
  template <class Items>
  static const char* read(const char* p, json_input& in, std::string& out, rule_value& seen, Items) {
    p = read_text(p, in, out, seen.ascii);
    seen.kind = json_kind::string;
    seen.text = out;
    return p;
  }
  static std::size_t size_hint(const std::string& value) { return value.size() + json_writer::string_overhead; }
  static void write(json_writer& out, const std::string& value) { out.string(value); }
};

// Types that are read from the text of a JSON string without keeping it; `seen.text` lives until this thread's next
// call.
template <class Parse>
const char* read_parsed_text(const char* p, json_input& in, rule_value& seen, Parse parse) {
  thread_local std::string scratch;
  p = read_text_view(p, in, seen.text, scratch, seen.ascii);
  seen.kind = json_kind::string;
  return p != nullptr && parse(seen.text) ? p : nullptr;
}

template <class T>
void write_appended(json_writer& out, const T& value) {
  thread_local std::string text;
  text.clear();
  value.append_to(text);
  out.raw('"');
  out.raw(text);
  out.raw('"');
}

template <described_enum T>
struct value_codec<T> {
  static constexpr std::string_view constraint = "isEnum";
  static constexpr std::string_view expected = "must be one of the following values: $names";
  template <class Items>
  static const char* read(const char* p, json_input& in, T& out, rule_value& seen, Items) {
    return read_parsed_text(p, in, seen, [&out](std::string_view text) {
      const auto value = parse_enum<T>(text);
      if (value) out = *value;
      return value.has_value();
    });
  }
  static std::size_t size_hint(T value) { return enum_name(value).size() + json_writer::string_overhead; }
  static void write(json_writer& out, T value) { out.string(enum_name(value)); }
};

template <>
struct value_codec<uuid> {
  static constexpr std::string_view constraint = "isUuid";
  static constexpr std::string_view expected = "must be a UUID";
  template <class Items>
  static const char* read(const char* p, json_input& in, uuid& out, rule_value& seen, Items) {
    return read_parsed_text(p, in, seen, [&out](std::string_view text) {
      const auto value = uuid::parse(text);
      if (value) out = *value;
      return value.has_value();
    });
  }
  static std::size_t size_hint(const uuid&) { return 38; }
  static void write(json_writer& out, const uuid& value) { write_appended(out, value); }
};

template <>
struct value_codec<timestamp> {
  static constexpr std::string_view constraint = "isDateString";
  static constexpr std::string_view expected = "must be a valid ISO 8601 date string";
  template <class Items>
  static const char* read(const char* p, json_input& in, timestamp& out, rule_value& seen, Items) {
    return read_parsed_text(p, in, seen, [&out](std::string_view text) {
      const auto value = timestamp::parse_iso8601(text);
      if (value) out = *value;
      return value.has_value();
    });
  }
  static std::size_t size_hint(const timestamp&) { return 29; }
  static void write(json_writer& out, const timestamp& value) { write_appended(out, value); }
};

template <class T>
struct value_codec<std::optional<T>> {
  static constexpr std::string_view constraint = value_codec<T>::constraint;
  static constexpr std::string_view expected = value_codec<T>::expected;
  template <class Items>
  static const char* read(const char* p, json_input& in, std::optional<T>& out, rule_value& seen, Items items) {
    if (p != in.end && *p == 'n') {
      out.reset();
      seen.kind = json_kind::null;
      return read_null(p, in);
    }
    if (!out) out.emplace();
    return value_codec<T>::read(p, in, *out, seen, items);
  }
  static std::size_t size_hint(const std::optional<T>& value) { return value ? value_codec<T>::size_hint(*value) : 4; }
  static void write(json_writer& out, const std::optional<T>& value) {
    if (value) {
      value_codec<T>::write(out, *value);
    } else {
      out.null();
    }
  }
};

template <class T, class A>
struct value_codec<std::vector<T, A>> {
  static constexpr std::string_view constraint = "isArray";
  static constexpr std::string_view expected = "must be an array";
  template <class Items>
  static const char* read(const char* p, json_input& in, std::vector<T, A>& out, rule_value& seen, Items items) {
    if (p == in.end || *p != '[' || in.depth == 0) return nullptr;
    const char* const start = p;
    --in.depth;
    std::size_t count = 0;
    p = skip_space(p + 1, in.end);
    if (p != in.end && *p == ']') {
      ++p;
    } else {
      for (;;) {
        if (count == out.size()) out.emplace_back();
        p = read_item(p, in, out, count, items);
        if (p == nullptr) return nullptr;
        ++count;
        p = skip_space(p, in.end);
        if (p == in.end) return nullptr;
        if (*p == ']') break;
        if (*p != ',') return nullptr;
        p = skip_space(p + 1, in.end);
      }
      ++p;
    }
    out.resize(count);
    ++in.depth;
    seen.kind = json_kind::array;
    seen.text = {start, static_cast<std::size_t>(p - start)};
    seen.size = count;
    return p;
  }
  static std::size_t size_hint(const std::vector<T, A>& value) {
    std::size_t size = 2 + value.size();
    for (const auto& item : value) size += value_codec<T>::size_hint(item);
    return size;
  }
  static void write(json_writer& out, const std::vector<T, A>& value) {
    out.raw('[');
    bool first = true;
    for (const auto& item : value) {
      if (!first) out.raw(',');
      first = false;
      value_codec<T>::write(out, item);
    }
    out.raw(']');
  }

 private:
  // Into what is there, so that its memory serves again; vector<bool> has no items to refer to.
  template <class Items>
  static const char* read_item(const char* p, json_input& in, std::vector<T, A>& out, std::size_t index, Items items) {
    rule_value seen;
    if constexpr (std::same_as<T, bool>) {
      bool item = false;
      p = value_codec<bool>::read(p, in, item, seen, any_item{});
      out[index] = item;
    } else {
      p = value_codec<T>::read(p, in, out[index], seen, items.inner());
    }
    return p != nullptr && items(seen) ? p : nullptr;
  }
};

template <class T>
  requires is_string_map<T>
struct value_codec<T> {
  using mapped = typename T::mapped_type;
  static constexpr std::string_view constraint = "isObject";
  static constexpr std::string_view expected = "must be an object";
  template <class Items>
  static const char* read(const char* p, json_input& in, T& out, rule_value& seen, Items items) {
    if (p == in.end || *p != '{' || in.depth == 0) return nullptr;
    --in.depth;
    out.clear();
    p = skip_space(p + 1, in.end);
    if (p != in.end && *p == '}') {
      ++p;
    } else {
      std::string key;
      bool ascii = false;
      for (;;) {
        p = read_text(p, in, key, ascii);
        if (p == nullptr) return nullptr;
        p = skip_space(p, in.end);
        if (p == in.end || *p != ':') return nullptr;
        p = skip_space(p + 1, in.end);
        mapped item{};
        rule_value item_seen;
        p = value_codec<mapped>::read(p, in, item, item_seen, items.inner());
        if (p == nullptr || !items(item_seen)) return nullptr;
        out.insert_or_assign(std::move(key), std::move(item));
        p = skip_space(p, in.end);
        if (p == in.end) return nullptr;
        if (*p == '}') break;
        if (*p != ',') return nullptr;
        p = skip_space(p + 1, in.end);
      }
      ++p;
    }
    ++in.depth;
    seen.kind = json_kind::object;
    seen.size = out.size();
    return p;
  }
  static std::size_t size_hint(const T& value) {
    std::size_t size = 2;
    for (const auto& [key, item] : value) size += key.size() + 4 + value_codec<mapped>::size_hint(item);
    return size;
  }
  static void write(json_writer& out, const T& value) {
    out.raw('{');
    bool first = true;
    for (const auto& [key, item] : value) {
      if (!first) out.raw(',');
      first = false;
      out.string(key);
      out.raw(':');
      value_codec<mapped>::write(out, item);
    }
    out.raw('}');
  }
};

template <class Items>
bool items_of_document_pass(const boost::json::value& value, Items items) {
  if constexpr (!std::same_as<Items, any_item>) {
    if (const auto* array = value.if_array()) {
      for (const auto& item : *array) {
        if (!items(see(item)) || !items_of_document_pass(item, items.inner())) return false;
      }
    } else {
      return items(see(value));  // as each(…) takes what is no array
    }
  }
  return true;
}

template <>
struct value_codec<boost::json::value> {
  static constexpr std::string_view constraint = "isJson";
  static constexpr std::string_view expected = "must be a JSON value";
  template <class Items>
  static const char* read(const char* p, json_input& in, boost::json::value& out, rule_value& seen, Items items) {
    p = read_document(p, in, out);
    if (p == nullptr) return nullptr;
    seen = see(out);
    return items_of_document_pass(out, items) ? p : nullptr;
  }
  static std::size_t size_hint(const boost::json::value&) { return 64; }
  static void write(json_writer& out, const boost::json::value& value) { out.value(value); }
};

// Users' types.
template <has_json_codec T>
struct value_codec<T> {
  static constexpr std::string_view text_of_expected() {
    if constexpr (requires { json_codec<T>::expected; }) {
      return json_codec<T>::expected;
    } else {
      return "is not valid";
    }
  }
  static constexpr std::string_view constraint = "isValid";
  static constexpr std::string_view expected = text_of_expected();
  template <class Items>
  static const char* read(const char* p, json_input& in, T& out, rule_value& seen, Items) {
    json_cursor cursor{std::string_view{p, static_cast<std::size_t>(in.end - p)}, in.depth};
    std::string_view span;
    if (!cursor.raw_value(span) || !see_span(span, in, seen)) return nullptr;
    json_cursor own{span, in.depth};
    return json_codec<T>::read(own, out) && own.at_end() ? span.data() + span.size() : nullptr;
  }
  static std::size_t size_hint(const T&) { return 32; }
  static void write(json_writer& out, const T& value) { json_codec<T>::write(out, value); }
};

}  // namespace nestcpp::detail
