#pragma once
// trim(), transform(…) and their likes, applied to members; what rules see of a member afterwards; whether a
// condition holds.

#include <nestcpp/dto/detail/dto_table.hpp>
#include <nestcpp/dto/detail/value_codec.hpp>
#include <nestcpp/dto/enums.hpp>
#include <nestcpp/dto/validation_options.hpp>

#include <cstddef>
#include <string>
#include <tuple>
#include <type_traits>

namespace nestcpp::detail {

// What rules see of a value. Of types that travel as a text of their own it is what was read: `seen` stays.
template <class V>
void see_member(const V& value, rule_value& seen) {
  if constexpr (is_optional_type<V>) {
    if (value) {
      see_member(*value, seen);
    } else {
      seen = rule_value{.kind = json_kind::null};
    }
  } else if constexpr (std::is_same_v<V, bool>) {
    seen = rule_value{.kind = json_kind::boolean, .boolean = value};
  } else if constexpr (std::is_arithmetic_v<V>) {
    seen = rule_value{.kind = json_kind::number, .number = static_cast<double>(value)};
  } else if constexpr (std::is_same_v<V, std::string>) {
    seen = rule_value{.kind = json_kind::string, .text = value};
  } else if constexpr (numbered_enum<V>) {
    seen = rule_value{.kind = json_kind::number, .number = static_cast<double>(enum_number_of(value))};
  } else if constexpr (described_enum<V>) {
    seen = rule_value{.kind = json_kind::string, .text = enum_name(value)};
  } else if constexpr (std::is_same_v<V, boost::json::value>) {
    seen = see(value);
  } else if constexpr (is_sequence<V>) {
    // Rules on arrays look at the items' text; it lives until this thread's next call.
    thread_local std::string text;
    text.clear();
    {
      json_writer out{text};
      value_codec<V>::write(out, value);
    }
    seen = rule_value{.kind = json_kind::array, .text = text, .size = value.size()};
  } else if constexpr (is_string_map<V>) {
    seen = rule_value{.kind = json_kind::object, .size = value.size()};
  }
}

template <class F, class V>
void for_each_item(V& container, F visit) {
  if constexpr (is_optional_type<std::remove_const_t<V>>) {
    if (container) for_each_item(*container, visit);
  } else if constexpr (is_string_map<std::remove_const_t<V>>) {
    for (auto& entry : container) visit(entry.second);
  } else if constexpr (std::is_same_v<std::remove_const_t<V>, boost::json::value>) {
    if (container.is_array()) {
      for (auto& item : container.get_array()) visit(item);
    }
  } else if constexpr (is_set<std::remove_const_t<V>> && !std::is_const_v<V>) {
    V changed;
    while (!container.empty()) {
      auto node = container.extract(container.begin());
      visit(node.value());
      changed.insert(std::move(node));
    }
    container = std::move(changed);
  } else if constexpr (std::is_same_v<std::remove_const_t<V>, std::vector<bool>>) {
    for (std::size_t i = 0; i < container.size(); ++i) {
      bool item = container[i];
      visit(item);
      if constexpr (!std::is_const_v<V>) container[i] = item;
    }
  } else {
    for (auto& item : container) visit(item);
  }
}

template <class Items, class V>
bool items_pass(const V& container, Items items) {
  bool pass = true;
  for_each_item(container, [&](const auto& item) {
    rule_value seen;
    see_member(item, seen);
    pass = pass && items(seen);
    if constexpr (!std::is_same_v<decltype(items.inner()), any_item> && is_item_container<decltype(item)>) {
      pass = pass && items_pass(item, items.inner());
    }
  });
  return pass;
}

template <unsigned Levels, class Option, class V>
void apply_transform(const Option& option, V& value) {
  if constexpr (Levels != 0) {
    for_each_item(value, [&option](auto& item) { apply_transform<Levels - 1>(option, item); });
  } else if constexpr (is_optional_type<V>) {
    if constexpr (requires { option.apply(*value); }) {
      if (value) option.apply(*value);
    } else {
      option.apply(value);
    }
  } else {
    option.apply(value);
  }
}

// In the order written; afterwards `seen` is what rules see of the new value.
template <dto T, std::size_t I, class V>
void transform_member(V& member, rule_value& seen) {
  std::apply(
      [&]<class... R>(const R&... option) {
        (
            [&](const auto& each) {
              using option_type = std::remove_cvref_t<decltype(each)>;
              if constexpr (is_transform<option_type>) apply_transform<each_depth<option_type>>(each, member);
            }(option),
            ...);
      },
      std::get<I>(dto_fields<T>).rules);
  see_member(member, seen);
}

template <dto T, std::size_t I, class V>
void write_transformed(json_writer& out, const V& member) {
  constexpr auto& rules = std::get<I>(dto_fields<T>).rules;
  [&]<std::size_t... R>(std::index_sequence<R...>) {
    constexpr std::size_t none = sizeof...(R);
    constexpr std::size_t last = [] {
      std::size_t found = none;
      ((changes_when_written<std::tuple_element_t<R, std::remove_cvref_t<decltype(rules)>>> ? void(found = R) : void()),
       ...);
      return found;
    }();
    if constexpr (last == none) {
      value_codec<V>::write(out, member);
    } else {
      const auto changed = std::get<last>(rules).write_function(member);
      if constexpr (std::is_convertible_v<decltype(changed), std::string_view>) {
        out.string(changed);
      } else {
        value_codec<std::remove_cvref_t<decltype(changed)>>::write(out, changed);
      }
    }
  }(std::make_index_sequence<std::tuple_size_v<std::remove_cvref_t<decltype(rules)>>>{});
}

// Whether the field's validate_if(…) conditions that are in force all hold.
template <dto T, std::size_t I>
bool rules_apply(const T& object, const validation_options& options) {
  return std::apply(
      [&]<class... R>(const R&... option) {
        return ([&](const auto& each) {
          if constexpr (is_condition<std::remove_cvref_t<decltype(each)>>) {
            static_assert(std::is_invocable_r_v<bool, decltype(each.predicate), const T&>,
                          "nestcpp: validate_if(function): the function is bool(const Dto&), of the DTO that is "
                          "described");
            return !in_force(each, options) || each.predicate(object);
          } else {
            return true;
          }
        }(option) &&
                ...);
      },
      std::get<I>(dto_fields<T>).rules);
}

}  // namespace nestcpp::detail
