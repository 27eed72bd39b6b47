#include <nestcpp/dto/load_config.hpp>

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <iterator>

namespace nestcpp {

namespace detail {

namespace {
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
}  // namespace

std::string env_name(std::string_view field) {
  std::string name;
  for (std::size_t i = 0; i < field.size(); ++i) {
    const char c = field[i];
    const bool begins_word = i != 0 && is_upper(c) &&
                             (is_lower(field[i - 1]) || is_digit(field[i - 1]) ||
                              (is_upper(field[i - 1]) && i + 1 < field.size() && is_lower(field[i + 1])));
    if (begins_word) name += '_';
    if (is_lower(c)) {
      name += static_cast<char>(c - 'a' + 'A');
    } else if (is_upper(c) || is_digit(c) || c == '_') {
      name += c;
    } else {
      name += '_';
    }
  }
  return name;
}

std::string prefix_of(std::string_view name) { return name.empty() ? std::string{} : std::string{name} + "_"; }

void note_refused(std::vector<std::string>& problems, std::string_view name, std::string_view value, bool hidden,
                  std::string_view accepted) {
  problems.push_back(fmt::format("{}={}: {} is accepted", name, hidden ? "***" : quote_config_value(value), accepted));
}

void note_broken_rules(std::vector<std::string>& problems, std::string_view name,
                       const std::optional<std::string>& value, bool hidden, const std::vector<std::string>& texts) {
  const std::string found = value ? fmt::format("{}={}", name, hidden ? "***" : quote_config_value(*value))
                                  : fmt::format("{} is not set", name);
  problems.push_back(fmt::format("{}: it {}", found, fmt::join(texts, ", it ")));
}

void note_not_set(std::vector<std::string>& problems, std::string_view name, std::string_view needed) {
  problems.push_back(fmt::format("{} is not set: {} is needed", name, needed));
}

std::string config_message(std::string_view text, const std::vector<std::string>& constraints) {
  constexpr std::string_view property = "$property ";
  constexpr std::string_view constraint = "$constraint";
  if (text.starts_with(property)) text.remove_prefix(property.size());
  std::string message;
  while (!text.empty()) {
    const std::size_t token = text.find(constraint);
    message += text.substr(0, token);
    if (token == std::string_view::npos) break;
    text.remove_prefix(token + constraint.size());
    std::size_t index = 0;
    const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), index);
    if (failure == std::errc{} && index >= 1 && index <= constraints.size()) message += constraints[index - 1];
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  }
  return message;
}

std::string show_config(std::string_view, const std::string& value, bool hidden) {
  if (hidden) return value.empty() ? std::string{} : "***";
  return mask_url_password(value);
}

}  // namespace detail

void config_loader::refuse(std::string_view name, std::string_view accepted) {
  detail::note_refused(problems_, name, source_->find(name).value_or(""), detail::is_secret_name(name), accepted);
}

void config_loader::finish() const {
  if (!problems_.empty()) throw config_error{problems_};
}

std::string format_config(const std::vector<config_variable>& variables) {
  std::string text;
  for (const auto& each : variables) fmt::format_to(std::back_inserter(text), "{}={}\n", each.name, each.value);
  return text;
}

std::string format_config_help(const std::vector<config_variable>& variables) {
  std::size_t name = 0;
  std::size_t value = 0;
  for (const auto& each : variables) {
    name = std::max(name, each.name.size());
    value = std::max(value, each.value.size());
  }
  std::string text;
  for (const auto& each : variables) {
    fmt::format_to(std::back_inserter(text), "  {:<{}}  {:<{}}  {}\n", each.name, name, each.value, value,
                   each.accepted);
  }
  return text;
}

}  // namespace nestcpp
