#pragma once
/// @file nestcpp/dto/rules/transform.hpp
/// @brief Options that change values on their way in or out, or keep them from travelling: class-transformer's.

#include <nestcpp/dto/group_list.hpp>
#include <nestcpp/dto/rule_value.hpp>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace nestcpp {

namespace detail {
void trim_text(std::string& text);
void lower_text(std::string& text);
void upper_text(std::string& text);
}  // namespace detail

/// What `expose` is given, class-transformer's `ExposeOptions`.
struct expose_options {
  std::string_view name{};  ///< The property's name in JSON; empty: the member's.
  /// The field travels only where one of these groups is asked for; empty: always.
  group_list groups{};
  double since = 0;  ///< From this version on; 0: from the first.
  double until = 0;  ///< Before this version; 0: for ever.
};

namespace rules {

/// @name Changes at reading
/// Made after the value has become the member's type and before the rules look at it, in the order written. Nothing is
/// changed where the property is missing or null. On a member that is an array they stand in `each(…)`.
/// @{

/// Without white space at both ends, what JavaScript's `trim` takes for some.
struct trim {
  static constexpr bool is_field_option = true;
  static constexpr bool is_transform = true;
  static void apply(std::string& value) { detail::trim_text(value); }
};

/// Latin, Greek and Cyrillic letters that have one counterpart; others stay as they are.
struct to_lower_case {
  static constexpr bool is_field_option = true;
  static constexpr bool is_transform = true;
  static void apply(std::string& value) { detail::lower_text(value); }
};
struct to_upper_case {
  static constexpr bool is_field_option = true;
  static constexpr bool is_transform = true;
  static void apply(std::string& value) { detail::upper_text(value); }
};

/// class-transformer's `@Transform(…, {toClassOnly: true})`: `transform([](std::string text) { return text + "!"; })`.
/// The function takes the member's value and returns the new one, or takes it by reference and changes it. A lambda
/// without captures or a plain function; what it throws leaves `read_json` as it is.
template <class Function>
struct transform {
  static constexpr bool is_field_option = true;
  static constexpr bool is_transform = true;
  Function function;
  constexpr explicit transform(Function f) : function{f} {}

  template <class Value>
    requires std::is_invocable_v<const Function&, Value&> || std::is_invocable_v<const Function&, Value&&>
  void apply(Value& value) const {
    if constexpr (std::is_invocable_v<const Function&, Value&>) {
      if constexpr (std::is_void_v<std::invoke_result_t<const Function&, Value&>>) {
        function(value);
      } else {
        value = function(value);
      }
    } else {
      value = function(std::move(value));
    }
  }
};
/// @}

/// The same when writing (`{toPlainOnly: true}`): what the function makes of the member's value is written in its
/// place, of any type that a DTO may hold.
template <class Function>
struct transform_on_write {
  static constexpr bool is_field_option = true;
  Function write_function;
  constexpr explicit transform_on_write(Function f) : write_function{f} {}
};

/// A value of another kind is converted to the member's before rules look at it: `"5"` to 5, `"true"` and `"false"` to
/// booleans, numbers and booleans to text. What cannot be converted stays, for the rules to refuse. A DTO that needs a
/// conversion is read in the slower way, see `validation_options::choose_rules`.
struct convert {
  static constexpr bool is_field_option = true;
  static constexpr bool converts = true;
};

/// class-transformer's `enableImplicitConversion` to the letter: `Number(v)`, `String(v)` and `Boolean(v)`, for which
/// every text but the empty one is true, `"false"` too.
struct convert_as_javascript {
  static constexpr bool is_field_option = true;
  static constexpr bool converts = true;
  static constexpr bool as_javascript = true;
};

/// class-transformer's `@Expose()`: `expose("name")`, `expose({.name = "name", .groups = {"admin"}, .since = 2})`. A
/// field with groups is read and written only where one of them is asked for, by `transform_options` and
/// `serialize_options`; elsewhere it is as if missing.
struct expose {
  static constexpr bool is_field_option = true;
  static constexpr bool is_exposure = true;
  expose_options exposure;
  constexpr expose(expose_options options) : exposure{options} {}  // NOLINT: written as a list
  constexpr explicit expose(std::string_view name) : exposure{.name = name} {}
};

/// The property is not read: a member keeps its initialiser, whatever was sent. It counts as known.
struct exclude_on_read {
  static constexpr bool is_field_option = true;
  static constexpr bool not_read = true;
};
/// The property is not written: passwords.
struct exclude_on_write {
  static constexpr bool is_field_option = true;
  static constexpr bool not_written = true;
};
/// Both.
struct exclude {
  static constexpr bool is_field_option = true;
  static constexpr bool not_read = true;
  static constexpr bool not_written = true;
};

}  // namespace rules
}  // namespace nestcpp
