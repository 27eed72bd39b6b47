#pragma once
// What one rule says of one property.

#include <nestcpp/dto/detail/document.hpp>
#include <nestcpp/dto/detail/dto_table.hpp>
#include <nestcpp/dto/detail/hide_secrets.hpp>
#include <nestcpp/dto/rules/common.hpp>
#include <nestcpp/dto/rules/modifiers.hpp>
#include <nestcpp/dto/validation.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

namespace nestcpp::detail {

// Replaces $property, $target, $value and $constraint1… in a message.
[[nodiscard]] std::string fill_message(std::string_view text, const message_arguments& arguments);

// What the messages about one property need.
struct property_context {
  std::string_view name;
  std::string_view target;          // the DTO's class
  const boost::json::value* value;  // null: it is missing
  const validation_options& options;
  bool nested_rule = false;  // validate_nested() stands there
  bool each = false;         // inside an array

  [[nodiscard]] property_context in_array() const { return {name, target, value, options, nested_rule, true}; }
  [[nodiscard]] message_arguments arguments(const std::vector<std::string>& constraints) const {
    return {name, target, value, constraints};
  }

  void refuse(validation_error& error, std::string_view constraint, std::string_view text) const {
    error.add(constraint, options.dismiss_default_messages ? std::string{} : told(text));
  }
  // class-validator counts this text as one of the user's own: it is not dismissed.
  void refuse_nested(validation_error& error) const {
    error.add("nestedValidation", told("nested property $property must be either object or array"));
  }

 private:
  [[nodiscard]] std::string told(std::string_view text) const {
    return (each ? "each value in " : "") + fill_message(text, arguments({}));
  }
};

template <class R, class Value>
std::vector<std::string> constraint_texts(const R& rule) {
  std::vector<std::string> texts;
  const auto add_all = [&texts](const auto& values) {
    std::apply([&texts](const auto&... value) { (append_constraint(texts.emplace_back(), value), ...); }, values);
  };
  if constexpr (requires { rule.template constraints_for<Value>(); }) {
    add_all(rule.template constraints_for<Value>());
  } else if constexpr (requires { rule.constraints(); }) {
    add_all(rule.constraints());
  }
  return texts;
}

// The text that the user gave; empty: none.
template <class R>
std::string custom_message(const R& rule, const message_arguments& arguments) {
  if constexpr (requires { rule.custom_text; }) {
    if constexpr (std::is_convertible_v<decltype(rule.custom_text), std::string_view>) {
      return fill_message(rule.custom_text, arguments);
    } else {
      return fill_message(rule.custom_text(arguments), arguments);
    }
  } else {
    return {};
  }
}

template <class Value, class R>
std::string message_of(const R& rule, const rule_value& seen, const property_context& context) {
  const std::vector<std::string> constraints = constraint_texts<R, Value>(rule);
  message_arguments arguments = context.arguments(constraints);
  [[maybe_unused]] boost::json::value hidden;
  if constexpr (holds_secret<Value>) {
    if (context.value != nullptr) {
      hidden = shown<Value>(*context.value);
      arguments.value = &hidden;
    }
  }
  std::string custom = custom_message(rule, arguments);
  if (!custom.empty() || context.options.dismiss_default_messages) return custom;
  std::string_view text;
  if constexpr (is_each_rule<R> && requires { R::text_for_each; }) {
    return fill_message(R::text_for_each, arguments);
  } else if constexpr (requires { rule.text_for(seen); }) {
    text = rule.text_for(seen);
  } else {
    text = rule.text;
  }
  return (is_each_rule<R> ? "each value in " : "") + fill_message(text, arguments);
}

// Value: the type of what stands there. A value that is no array is asked as one item.
template <unsigned Levels, class Value, class R>
bool document_passes(const R& rule, const boost::json::value* value, const rule_value& seen) {
  if constexpr (Levels == 0) {
    return passes<Value>(rule, seen);
  } else {
    using item = nested_item_t<Value, 1>;
    if (const auto* array = value ? value->if_array() : nullptr) {
      for (const auto& entry : *array) {
        if (!document_passes<Levels - 1, item>(rule, &entry, see(entry))) return false;
      }
      return true;
    }
    if (const auto* object = value && is_string_map<Value> ? value->if_object() : nullptr) {
      for (const auto& entry : *object) {
        if (!document_passes<Levels - 1, item>(rule, &entry.value(), see(entry.value()))) return false;
      }
      return true;
    }
    return passes<nested_item_t<Value, Levels>>(rule, seen);
  }
}

template <class Value, class R>
void explain_rule(const R& rule, const rule_value& seen, validation_error& error, const property_context& context) {
  if constexpr (validation_rule<R>) {
    if (context.options.stop_at_first_error && !error.constraints.empty()) return;
    if (!in_force(rule, context.options)) return;
    if (document_passes<each_depth<R>, Value>(rule, context.value, seen)) return;
    error.add(rule.key, message_of<nested_item_t<Value, each_depth<R>>>(rule, seen, context));
  }
}

}  // namespace nestcpp::detail
