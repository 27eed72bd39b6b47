#include <nestcpp/core/config.hpp>

#include "core/dotenv.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <iterator>
#include <memory>
#include <system_error>

extern char** environ;  // NOLINT: POSIX's name

namespace nestcpp {

namespace {

std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

bool is_secret(std::string_view name) {
  const std::string text = lower(name);
  for (const std::string_view word : {"password", "secret", "token", "key"}) {
    if (text.find(word) != std::string::npos) return true;
  }
  return false;
}

// In quotes, readable on one line whatever it holds.
std::string quoted(std::string_view value) {
  constexpr std::size_t longest = 100;
  std::string text = "\"";
  for (const char c : value.substr(0, longest)) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      fmt::format_to(std::back_inserter(text), "\\x{:02x}", static_cast<unsigned>(c));
    } else {
      text += c;
    }
  }
  text += value.size() > longest ? "\"…" : "\"";
  return text;
}

// 0, or the errno of what failed. Streams would lose it.
int read_file(const std::filesystem::path& path, std::string& text) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::fopen(path.c_str(), "rb"), &std::fclose};
  if (!file) return errno;
  char block[4096];
  while (const std::size_t size = std::fread(block, 1, sizeof block, file.get())) text.append(block, size);
  return std::ferror(file.get()) != 0 ? errno : 0;
}

std::string message_of(const std::vector<std::string>& problems) {
  return fmt::format("The configuration cannot be used:\n  {}", fmt::join(problems, "\n  "));
}

}  // namespace

config_error::config_error(std::vector<std::string> problems)
    : startup_error{message_of(problems)}, problems_{std::move(problems)} {}

config_source config_source::from_process() {
  config_source source;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text{*entry};
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos && equals != 0) {
      source.values_.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return source;
}

void config_source::add_file(const std::filesystem::path& path) {
  std::string text;
  if (const int failure = read_file(path, text); failure != 0) {
    problems_.push_back(
        fmt::format("{}: the file cannot be read: {}", path.string(), std::generic_category().message(failure)));
    return;
  }
  detail::dotenv read = detail::parse_dotenv(text);
  std::map<std::string, std::string, std::less<>> values;
  for (auto& [name, value] : read.values) values.insert_or_assign(std::move(name), std::move(value));
  values_.merge(values);
  for (const std::string& problem : read.problems) problems_.push_back(fmt::format("{}: {}", path.string(), problem));
}

void config_source::add_default_file(const std::filesystem::path& path) {
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (status.type() != std::filesystem::file_type::not_found) add_file(path);
}

std::optional<std::string_view> config_source::find(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end() || found->second.empty()) return {};
  return found->second;
}

std::string config_reader::text(std::string_view name, std::string_view fallback) const {
  return std::string{source_.find(name).value_or(fallback)};
}

std::optional<std::string> config_reader::optional_text(std::string_view name) const {
  const auto value = source_.find(name);
  if (!value) return {};
  return std::string{*value};
}

std::string config_reader::required_text(std::string_view name) {
  const auto value = source_.find(name);
  if (!value) problems_.push_back(fmt::format("{} is not set: a value is needed", name));
  return std::string{value.value_or("")};
}

std::chrono::milliseconds config_reader::milliseconds(std::string_view name, std::chrono::milliseconds fallback,
                                                      duration_limits limits) {
  const auto value = whole_number(name, limits.min.count(), limits.max.count(), " of milliseconds");
  return value ? std::chrono::milliseconds{*value} : fallback;
}

bool config_reader::boolean(std::string_view name, bool fallback) {
  const auto value = source_.find(name);
  if (!value) return fallback;
  const std::string word = lower(*value);
  if (word == "true" || word == "1" || word == "yes" || word == "on") return true;
  if (word == "false" || word == "0" || word == "no" || word == "off") return false;
  refuse(name, "true or false (also 1, 0, yes, no, on, off)");
  return fallback;
}

std::string config_reader::one_of(std::string_view name, std::initializer_list<std::string_view> accepted,
                                  std::string_view fallback) {
  const auto value = source_.find(name);
  if (!value) return std::string{fallback};
  if (std::ranges::find(accepted, *value) != accepted.end()) return std::string{*value};
  refuse(name, list_of(accepted));
  return std::string{fallback};
}

void config_reader::refuse(std::string_view name, std::string_view accepted) {
  note(name, accepted, shown::unless_secret);
}

void config_reader::finish() const {
  if (!problems_.empty()) throw config_error{problems_};
}

std::optional<std::int64_t> config_reader::whole_number(std::string_view name, std::int64_t min, std::int64_t max,
                                                        std::string_view unit) {
  const auto value = source_.find(name);
  if (!value) return {};
  std::int64_t number{};
  const char* const end = value->data() + value->size();
  const auto [stopped, failure] = std::from_chars(value->data(), end, number);
  if (failure == std::errc{} && stopped == end && number >= min && number <= max) return number;
  note(name, fmt::format("a whole number{} from {} to {}", unit, min, max), shown::always);
  return {};
}

void config_reader::note(std::string_view name, std::string_view accepted, shown value) {
  const bool hidden = value == shown::unless_secret && is_secret(name);
  problems_.push_back(
      fmt::format("{}={}: {} is accepted", name, hidden ? "***" : quoted(source_.find(name).value_or("")), accepted));
}

std::string config_reader::list_of(const std::vector<std::string_view>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0) text += i + 1 == names.size() ? " or " : ", ";
    text += fmt::format("\"{}\"", names[i]);
  }
  return text;
}

}  // namespace nestcpp
