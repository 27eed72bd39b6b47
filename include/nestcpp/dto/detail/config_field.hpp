#pragma once
// One field of a configuration: its variable's name, its value from text, its rules.

#include <nestcpp/core/config.hpp>
#include <nestcpp/dto/config_codec.hpp>
#include <nestcpp/dto/detail/rule_traits.hpp>
#include <nestcpp/dto/field.hpp>
#include <nestcpp/dto/json_writer.hpp>
#include <nestcpp/dto/rule_value.hpp>
#include <nestcpp/dto/secret.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace nestcpp {

struct config_variable;

namespace detail {

/// "httpPort" → "HTTP_PORT", "userURL" → "USER_URL".
[[nodiscard]] std::string env_name(std::string_view field);
/// "DB" → "DB_"; nothing stays nothing.
[[nodiscard]] std::string prefix_of(std::string_view name);

template <class Field>
std::string env_name_of(const std::string& prefix, const Field& field) {
  std::string name = prefix + env_name(json_name_of(field));
  const auto look = [&](const auto& option) {
    if constexpr (requires { option.env_name; }) name = prefix + std::string{option.env_name};
  };
  std::apply([&](const auto&... each) { (look(each), ...); }, field.rules);
  // A nested struct without a name of its own: its variables follow the prefix itself.
  if (!prefix.empty() && name == prefix) name.pop_back();
  return name;
}

template <class T>
struct unsecret {
  using type = T;
  static constexpr bool is_secret = false;
  static const T& reveal(const T& value) { return value; }
};
template <class T>
struct unsecret<secret<T>> {
  using type = T;
  static constexpr bool is_secret = true;
  static const T& reveal(const secret<T>& value) { return value.reveal(); }
};

[[nodiscard]] inline bool is_milliseconds_name(std::string_view name) { return name.ends_with("_MS"); }

void note_refused(std::vector<std::string>& problems, std::string_view name, std::string_view value, bool hidden,
                  std::string_view accepted);
/// What rules say of a value; empty `value`: it is the default.
void note_broken_rules(std::vector<std::string>& problems, std::string_view name,
                       const std::optional<std::string>& value, bool hidden, const std::vector<std::string>& texts);
void note_not_set(std::vector<std::string>& problems, std::string_view name, std::string_view needed);
/// `$constraint1`… filled in, without the `$property` in front.
[[nodiscard]] std::string config_message(std::string_view text, const std::vector<std::string>& constraints);
/// What is shown of a value.
[[nodiscard]] std::string show_config(std::string_view name, const std::string& value, bool hidden);

template <class C>
std::string config_constraint(const C& value) {
  if constexpr (std::is_same_v<C, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_arithmetic_v<C>) {
    return fmt::format("{}", value);
  } else if constexpr (std::is_convertible_v<const C&, std::string_view>) {
    return std::string{std::string_view{value}};
  } else {
    return "…";
  }
}

template <class Value, class Rule>
std::string config_text(const Rule& rule, const rule_value& seen) {
  std::vector<std::string> constraints;
  const auto add = [&](const auto& all) {
    std::apply([&](const auto&... each) { (constraints.push_back(config_constraint(each)), ...); }, all);
  };
  if constexpr (requires { rule.template constraints_for<Value>(); }) {
    add(rule.template constraints_for<Value>());
  } else if constexpr (requires { rule.constraints(); }) {
    add(rule.constraints());
  }
  if constexpr (requires { std::string_view{rule.custom_text}; }) {
    return config_message(rule.custom_text, constraints);
  } else if constexpr (requires { rule.text_for(seen); }) {
    return config_message(rule.text_for(seen), constraints);
  } else {
    return config_message(rule.text, constraints);
  }
}

template <class T>
rule_value see_config(const T& value) {
  rule_value seen;
  if constexpr (std::is_same_v<T, bool>) {
    seen.kind = json_kind::boolean;
    seen.boolean = value;
  } else if constexpr (std::is_arithmetic_v<T>) {
    seen.kind = json_kind::number;
    seen.number = static_cast<double>(value);
  } else if constexpr (is_chrono_duration<T>) {
    seen.kind = json_kind::number;
    seen.number = static_cast<double>(value.count());
  } else if constexpr (is_vector<T>) {
    seen.kind = json_kind::array;
    seen.size = value.size();
  } else if constexpr (std::is_same_v<T, std::string>) {
    seen.kind = json_kind::string;
    seen.text = value;
  } else {
    seen.kind = json_kind::string;
  }
  return seen;
}

/// A list as the JSON that rules on its items read: numbers and flags as such, others as their text.
template <class T>
std::string config_items(const T& values) {
  std::string text;
  {
    json_writer out{text};
    out.raw('[');
    bool first = true;
    for (const auto& item : values) {
      using type = std::remove_cvref_t<decltype(item)>;
      if (!std::exchange(first, false)) out.raw(',');
      const rule_value seen = see_config<typename T::value_type>(item);
      if (seen.kind == json_kind::boolean) {
        out.raw(seen.boolean ? std::string_view{"true"} : std::string_view{"false"});
      } else if constexpr (std::is_arithmetic_v<typename T::value_type> && !std::is_same_v<type, bool>) {
        out.raw(fmt::format("{}", item));
      } else {
        out.string(config_codec<typename T::value_type>::print(item));
      }
    }
    out.raw(']');
    out.finish();
  }
  return text;
}

template <class Rule>
inline constexpr bool is_limit_rule = requires(const Rule& rule) {
  rule.limit;
  requires std::string_view { Rule::key }
  == "min" || std::string_view{Rule::key} == "max";
};

/// The limits that min(), max(), env_min() and env_max() set.
template <class T>
struct config_limits {
  T least;
  T greatest;

  template <class... Rules>
  config_limits(T min, T max, const std::tuple<Rules...>& rules) : least{min}, greatest{max} {
    std::apply([&](const auto&... each) { (apply(each), ...); }, rules);
  }

 private:
  template <class Rule>
  void apply(const Rule& rule) {
    if constexpr (std::is_integral_v<T> && is_limit_rule<Rule>) {
      if constexpr (std::is_integral_v<decltype(rule.limit)>) {
        if constexpr (std::string_view{Rule::key} == "min") {
          if (std::cmp_greater(rule.limit, least)) least = static_cast<T>(rule.limit);
        } else {
          if (std::cmp_less(rule.limit, greatest)) greatest = static_cast<T>(rule.limit);
        }
      }
    } else if constexpr (requires { T{rule.env_least}; }) {
      least = T{rule.env_least};
    } else if constexpr (requires { T{rule.env_greatest}; }) {
      greatest = T{rule.env_greatest};
    } else {
      static_assert(
          !requires { rule.env_least; } && !requires { rule.env_greatest; },
          "nestcpp: env_min(…) and env_max(…) take what the field holds: a duration that converts without "
          "loss, a nest::byte_size{…}");
    }
  }
};

/// How a field's type is read; with the limits that its rules and its variable's name set.
template <class T>
struct config_value_reader {
  static_assert(has_config_codec<T>,
                "nestcpp: no configuration can hold a member of this type; a struct needs a NEST_DTO(…) before, "
                "another type a specialisation of nestcpp::config_codec");

  template <class Rules>
  static std::optional<T> parse(std::string_view name, std::string_view text, const Rules& rules) {
    if constexpr (is_json_integer) {
      const config_limits<T> limits{std::numeric_limits<T>::min(), std::numeric_limits<T>::max(), rules};
      auto value = config_codec<T>::parse(text);
      return value && *value >= limits.least && *value <= limits.greatest ? value : std::nullopt;
    } else if constexpr (is_chrono_duration<T>) {
      if (is_milliseconds_name(name) && text.find_first_not_of("0123456789") != std::string_view::npos) return {};
      const auto limits = duration_limits_of(name, rules);
      auto value = config_codec<T>::parse(text);
      return value && *value >= limits.least && *value <= limits.greatest ? value : std::nullopt;
    } else if constexpr (std::is_same_v<T, byte_size>) {
      const config_limits<T> limits{T{}, T{std::numeric_limits<std::uint64_t>::max()}, rules};
      auto value = config_codec<T>::parse(text);
      return value && *value >= limits.least && *value <= limits.greatest ? value : std::nullopt;
    } else {
      return config_codec<T>::parse(text);
    }
  }

  template <class Rules>
  static std::string accepted(std::string_view name, const Rules& rules) {
    if constexpr (is_json_integer) {
      const config_limits<T> limits{std::numeric_limits<T>::min(), std::numeric_limits<T>::max(), rules};
      return config_codec<T>::accepted(limits.least, limits.greatest);
    } else if constexpr (is_chrono_duration<T>) {
      const auto limits = duration_limits_of(name, rules);
      using std::chrono::milliseconds;
      if (is_milliseconds_name(name)) {
        return fmt::format("a whole number of milliseconds from {} to {}",
                           std::chrono::ceil<milliseconds>(limits.least).count(),
                           std::chrono::floor<milliseconds>(limits.greatest).count());
      }
      return config_codec<T>::accepted() +
             range(limits.least == T::zero() ? std::string{} : config_codec<T>::print(limits.least),
                   limits.greatest == longest() ? std::string{} : config_codec<T>::print(limits.greatest));
    } else if constexpr (std::is_same_v<T, byte_size>) {
      const config_limits<T> limits{T{}, T{std::numeric_limits<std::uint64_t>::max()}, rules};
      return config_codec<T>::accepted() + range(limits.least.bytes == 0 ? std::string{} : limits.least.to_string(),
                                                 limits.greatest.bytes == std::numeric_limits<std::uint64_t>::max()
                                                     ? std::string{}
                                                     : limits.greatest.to_string());
    } else {
      return config_codec<T>::accepted();
    }
  }

  static std::string print(std::string_view name, const T& value) {
    if constexpr (is_chrono_duration<T>) {
      if (is_milliseconds_name(name)) {
        return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(value).count());
      }
    }
    return config_codec<T>::print(value);
  }

 private:
  static constexpr bool is_json_integer = json_integer<T>;

  // The longest that both the member and nanoseconds can hold.
  static constexpr T longest() {
    using std::chrono::nanoseconds;
    using wide = std::chrono::duration<long double, std::nano>;
    return wide{T::max()} < wide{nanoseconds::max()} ? T::max() : std::chrono::duration_cast<T>(nanoseconds::max());
  }
  template <class Rules>
  static config_limits<T> duration_limits_of(std::string_view name, const Rules& rules) {
    T most = longest();
    if (is_milliseconds_name(name)) most = std::min<T>(most, std::chrono::duration_cast<T>(duration_limits{}.max));
    return {T::zero(), most, rules};
  }
  static std::string range(const std::string& from, const std::string& to) {
    std::string text;
    if (!from.empty()) text += " from " + from;
    if (!to.empty()) text += (from.empty() ? " up to " : " to ") + to;
    return text;
  }
};

template <class T>
inline constexpr bool has_unit = is_chrono_duration<T> || std::is_same_v<T, byte_size>;

template <class T>
struct config_member {
  using held = T;
  static constexpr bool is_optional = false;
};
template <class T>
struct config_member<std::optional<T>> {
  using held = T;
  static constexpr bool is_optional = true;
};

template <class Member>
struct config_field {
  using held = typename config_member<Member>::held;
  using plain = typename unsecret<held>::type;
  using reader = config_value_reader<plain>;
  static constexpr bool is_optional_member = config_member<Member>::is_optional;

  template <class Rule>
  static constexpr bool limit_fits =
      has_unit<plain> ||
      (!requires(const Rule& rule) { rule.env_least; } && !requires(const Rule& rule) { rule.env_greatest; });

  static bool is_hidden(std::string_view name) {
    return unsecret<held>::is_secret || (!never_secret<plain> && is_secret_name(name));
  }

  template <class... Rules>
  static void read(const config_source& source, const std::string& name, const std::tuple<Rules...>& rules,
                   Member& member, std::vector<std::string>& problems) {
    static_assert((limit_fits<Rules> && ...),
                  "nestcpp: env_min(…) and env_max(…) are for durations and byte_size; write min(…) and max(…) for "
                  "numbers, min_length(…) and its like for texts");
    const std::size_t before = problems.size();
    const std::optional<std::string> text = source.find_or_read(name, problems);
    if (problems.size() != before) return;
    if (text) {
      auto value = reader::parse(name, *text, rules);
      if (!value) return note_refused(problems, name, *text, is_hidden(name), reader::accepted(name, rules));
      member = held{*std::move(value)};
    }
    check(name, text, rules, member, problems);
  }

  template <class... Rules>
  static std::string accepted(std::string_view name, const std::tuple<Rules...>& rules) {
    std::string text = reader::accepted(name, rules);
    const auto add = [&]<class Rule>(const Rule& rule) {
      if constexpr (validation_rule<Rule> && !is_limit_rule<Rule>) {
        if (!says_nothing(rule.key)) text += ", " + config_text<plain>(rule, rule_value{});
      }
    };
    std::apply([&](const auto&... each) { (add(each), ...); }, rules);
    return text;
  }

  static std::string shown(std::string_view name, const Member& member) {
    if constexpr (is_optional_member) {
      return member ? show(name, *member) : std::string{};
    } else {
      return show(name, member);
    }
  }

 private:
  static std::string show(std::string_view name, const held& value) {
    return show_config(name, reader::print(name, unsecret<held>::reveal(value)), is_hidden(name));
  }

  // Rules that the type keeps by itself.
  static bool says_nothing(std::string_view key) {
    return key == "isString" || key == "isInt" || key == "isNumber" || key == "isBoolean" || key == "isArray" ||
           key == "isEnum" || key == "isUuid";
  }

  template <class... Rules>
  static void check(const std::string& name, const std::optional<std::string>& text, const std::tuple<Rules...>& rules,
                    const Member& member, std::vector<std::string>& problems) {
    constexpr bool may_be_missing = (allows_missing<Rules> || ...);
    const bool needed = ((is_key<Rules>("isDefined")) || ...);
    if (!text && needed) return note_not_set(problems, name, "a value");
    if (!text && may_be_missing) return;
    if constexpr (is_optional_member) {
      if (!member) return;
    }
    const plain* value = nullptr;
    if constexpr (is_optional_member) {
      value = &unsecret<held>::reveal(*member);
    } else {
      value = &unsecret<held>::reveal(member);
    }
    if constexpr (json_integer<plain>) {  // the default's limits; a value's have been seen to
      if (!text && !reader::parse(name, config_codec<plain>::print(*value), rules)) {
        return note_not_set(problems, name, reader::accepted(name, rules));
      }
    }
    std::vector<std::string> texts;
    bool is_empty = false;
    const auto ask = [&]<class Rule>(const Rule& rule) {
      if constexpr (validation_rule<Rule> && !(json_integer<plain> && is_limit_rule<Rule>)) {
        if (says_nothing(rule.key)) return;
        if (keeps(rule, *value)) return;
        if (!text && std::string_view{rule.key} == "isNotEmpty") is_empty = true;
        texts.push_back(config_text<plain>(rule, see_config(*value)));
      }
    };
    std::apply([&](const auto&... each) { (ask(each), ...); }, rules);
    if (is_empty) return note_not_set(problems, name, "a value");
    if (!texts.empty()) note_broken_rules(problems, name, text, is_hidden(name), texts);
  }

  template <class Rule>
  static bool is_key(std::string_view key) {
    if constexpr (validation_rule<Rule> && requires { std::string_view{Rule::key}; }) return Rule::key == key;
    return false;
  }

  template <class Rule>
  static bool keeps(const Rule& rule, const plain& value) {
    if constexpr (is_each_rule<Rule>) {
      if constexpr (is_vector<plain>) {
        return std::ranges::all_of(value, [&](const typename plain::value_type& item) {
          return passes<typename plain::value_type>(rule, see_config(item));
        });
      } else {
        return true;
      }
    } else if constexpr (described_enum<plain>) {
      rule_value seen = see_config(value);
      seen.text = enum_name(value);
      return passes<plain>(rule, seen);
    } else if constexpr (is_vector<plain>) {
      rule_value seen = see_config(value);
      const std::string items = config_items(value);
      seen.text = items;
      return passes<plain>(rule, seen);
    } else {
      return passes<plain>(rule, see_config(value));
    }
  }
};

template <dto T>
void add_variables(std::vector<config_variable>& to, const T& config, const std::string& prefix) {
  for_each_field<T>([&](const auto& field) {
    const auto& member = config.*(field.member);
    using value = std::remove_cvref_t<decltype(member)>;
    const std::string name = env_name_of(prefix, field);
    if constexpr (dto<value>) {
      add_variables(to, member, prefix_of(name));
    } else {
      to.push_back({name, config_field<value>::shown(name, member), config_field<value>::accepted(name, field.rules)});
    }
  });
}

}  // namespace detail
}  // namespace nestcpp
