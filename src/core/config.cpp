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

}  // namespace

bool detail::is_secret_name(std::string_view name) {
  const std::string text = lower(name);
  for (const std::string_view word : {"password", "secret", "token", "key"}) {
    if (text.find(word) != std::string::npos) return true;
  }
  return false;
}

namespace {

// The end of the URL that begins at `from`: where a list goes on.
std::size_t end_of_url(const std::string& text, std::size_t from) {
  const std::size_t next = text.find("://", from);
  const std::size_t limit = next == std::string::npos ? text.size() : next;
  const std::size_t separator = next == std::string::npos ? std::string::npos : text.find_last_of(", ;", limit);
  return separator == std::string::npos || separator < from ? limit : separator;
}

// `user:password@` before the host. A number up to the path is a port; what else follows may be a password that holds a
// slash: rather too much is hidden than too little.
void mask_user_info(std::string& text, std::size_t host) {
  const std::size_t end = end_of_url(text, host);
  const std::size_t colon = text.find(':', host);
  if (colon == std::string::npos || colon >= end) return;
  const std::size_t port_end = std::min(text.find_first_not_of("0123456789", colon + 1), end);
  if (port_end == end || std::string_view{"/?#"}.find(text[port_end]) != std::string_view::npos) return;
  const std::size_t at = text.rfind('@', end - 1);
  if (at == std::string::npos || at < colon) return;
  text.replace(colon + 1, at - colon - 1, "***");
}

// `?password=…`: the values of keys that name a secret.
void mask_secret_parameters(std::string& text) {
  for (std::size_t at = text.find_first_of("?&"); at != std::string::npos; at = text.find_first_of("?&", at + 1)) {
    const std::size_t equals = text.find_first_of("=&#, ", at + 1);
    if (equals == std::string::npos || text[equals] != '=') continue;
    if (!detail::is_secret_name(std::string_view{text}.substr(at + 1, equals - at - 1))) continue;
    const std::size_t end = std::min(text.find_first_of("&#, ", equals + 1), text.size());
    text.replace(equals + 1, end - equals - 1, "***");
  }
}

}  // namespace

std::string detail::mask_url_password(std::string_view value) {
  std::string text{value};
  if (text.find("://") == std::string::npos) return text;
  for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    mask_user_info(text, at + 3);
  }
  mask_secret_parameters(text);
  return text;
}

std::string detail::quote_config_value(std::string_view of) {
  constexpr std::size_t longest = 100;
  const std::string masked = mask_url_password(of);
  const std::string_view value = masked;
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

namespace {

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
  for (auto& [name, value] : read.templates) {
    if (!values_.contains(name)) templates_.insert_or_assign(std::move(name), std::move(value));
  }
  values_.merge(values);
  for (const std::string& problem : read.problems) problems_.push_back(fmt::format("{}: {}", path.string(), problem));
}

void config_source::add_default_file(const std::filesystem::path& path) {
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (status.type() != std::filesystem::file_type::not_found) add_file(path);
}

void config_source::add_default_files(std::string_view environment, const std::filesystem::path& folder) {
  const std::string suffix = environment.empty() ? std::string{} : fmt::format(".{}", environment);
  if (!environment.empty()) add_default_file(folder / fmt::format(".env{}.local", suffix));
  add_default_file(folder / ".env.local");
  if (!environment.empty()) add_default_file(folder / fmt::format(".env{}", suffix));
  add_default_file(folder / ".env");
}

void config_source::expand_variables() {
  while (!templates_.empty()) {
    std::vector<std::string_view> path;
    expand(std::string{templates_.begin()->first}, path);
  }
}

namespace {

// Of the `${` that the text begins with.
std::size_t find_closing_brace(std::string_view text) {
  std::size_t open = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.substr(at, 2) == "${") ++open;
    if (text[at] == '}' && --open == 0) return at;
  }
  return std::string_view::npos;
}

}  // namespace

// What is expanded is a template no more, so that each is expanded once.
std::string config_source::expand(const std::string& name, std::vector<std::string_view>& path) {
  if (std::ranges::find(path, name) != path.end()) {
    problems_.push_back(fmt::format("{} refers to itself: {} -> {}", name, fmt::join(path, " -> "), name));
    return {};
  }
  const auto found = templates_.find(name);
  if (found == templates_.end()) return std::string{find(name).value_or("")};
  path.push_back(name);
  // What follows `:-` may refer to others in turn.
  const auto fill = [&](const auto& self, std::string_view rest) -> std::string {
    std::string text;
    while (!rest.empty()) {
      const std::size_t close = rest.starts_with("${") ? find_closing_brace(rest) : std::string_view::npos;
      if (close == std::string_view::npos) {
        text += rest.front() == detail::literal_dollar ? '$' : rest.front();
        rest.remove_prefix(1);
        continue;
      }
      const std::string_view inner = rest.substr(2, close - 2);
      const std::size_t dash = inner.find(":-");
      std::string value = expand(std::string{inner.substr(0, dash)}, path);
      if (value.empty() && dash != std::string_view::npos) value = self(self, inner.substr(dash + 2));
      text += value;
      rest.remove_prefix(close + 1);
    }
    return text;
  };
  std::string text = fill(fill, found->second);
  path.pop_back();
  values_.insert_or_assign(name, text);
  templates_.erase(name);
  return text;
}

std::optional<std::string> config_source::find_or_read(std::string_view name,
                                                       std::vector<std::string>& problems) const {
  const auto value = find(name);
  const std::string file_name = fmt::format("{}_FILE", name);
  const auto path = find(file_name);
  if (!path) return value ? std::optional{std::string{*value}} : std::nullopt;
  if (value) {
    problems.push_back(fmt::format("{} and {} are both set: one of the two is accepted", name, file_name));
    return std::nullopt;
  }
  std::string text;
  if (const int failure = read_file(*path, text); failure != 0) {
    problems.push_back(fmt::format("{}={}: the file cannot be read: {}", file_name, detail::quote_config_value(*path),
                                   std::generic_category().message(failure)));
    return std::nullopt;
  }
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text.empty() ? std::nullopt : std::optional{std::move(text)};
}

std::optional<std::string_view> config_source::find(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end() || found->second.empty()) return {};
  return found->second;
}

std::optional<bool> detail::parse_config_bool(std::string_view text) {
  const std::string word = lower(text);
  if (word == "true" || word == "1" || word == "yes" || word == "on") return true;
  if (word == "false" || word == "0" || word == "no" || word == "off") return false;
  return std::nullopt;
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
  if (const auto parsed = detail::parse_config_bool(*value)) return *parsed;
  refuse(name, "true or false (also 1, 0, yes, no, on, off)");
  return fallback;
}

std::string config_reader::one_of(std::string_view name, std::initializer_list<std::string_view> accepted,
                                  std::string_view fallback) {
  const auto value = source_.find(name);
  if (!value) return std::string{fallback};
  if (std::ranges::find(accepted, *value) != accepted.end()) return std::string{*value};
  refuse(name, detail::list_of_texts(accepted));
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
  const bool hidden = value == shown::unless_secret && detail::is_secret_name(name);
  problems_.push_back(fmt::format("{}={}: {} is accepted", name,
                                  hidden ? "***" : detail::quote_config_value(source_.find(name).value_or("")),
                                  accepted));
}

std::string detail::list_of_texts(const std::vector<std::string_view>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0) text += i + 1 == names.size() ? " or " : ", ";
    text += fmt::format("\"{}\"", names[i]);
  }
  return text;
}

}  // namespace nestcpp
