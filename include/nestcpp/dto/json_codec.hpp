#pragma once
/// @file nestcpp/dto/json_codec.hpp
/// @brief The customisation point for types that a DTO should hold and the library does not know.

#include <nestcpp/dto/rule_value.hpp>

#include <concepts>

namespace nestcpp {

class json_cursor;
class json_writer;

/// Specialise it for a type of yours:
///
///     template <>
///     struct nestcpp::json_codec<Money> {
///       static constexpr json_kind kind = json_kind::string;                 // optional: rules are checked against it
///       static constexpr std::string_view expected = "must be an amount such as 12.50 EUR";   // the refusal's text
///       static bool read(json_cursor& in, Money& out);                       // false: refused; never throws for bad
///       input static void write(json_writer& out, const Money& value); static bool parse_text(std::string_view text,
///       Money& out);           // optional: for path, query and header values
///     };
///
/// `kind` is what the type travels as. The type must be default constructible.
template <class T>
struct json_codec;

template <class T>
concept has_json_codec = requires(json_cursor& in, json_writer& out, T& value, const T& constant) {
  { json_codec<T>::read(in, value) } -> std::same_as<bool>;
  json_codec<T>::write(out, constant);
};

}  // namespace nestcpp
