#include "core/dotenv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace nestcpp::detail {

namespace {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
constexpr bool is_name_start(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }
constexpr bool is_name_char(char c) { return is_name_start(c) || (c >= '0' && c <= '9') || c == '.' || c == '-'; }

class parser {
 public:
  explicit parser(std::string_view text) : rest_{text} {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);  // editors on Windows put a byte order mark
  }

  dotenv run() {
    while (!rest_.empty()) {
      const std::size_t line = line_;
      if (const char* problem = read_line()) {
        result_.problems.push_back(fmt::format("line {}: {}", line, problem));
      }
      skip_line();
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] char peek() const { return rest_.empty() ? '\n' : rest_.front(); }
  [[nodiscard]] bool at_line_end() const {
    return rest_.empty() || rest_.front() == '\n' || rest_.starts_with("\r\n") || rest_ == "\r";
  }
  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (c == '\n') ++line_;
    return c;
  }
  void skip_blanks() {
    while (!rest_.empty() && is_blank(rest_.front())) take();
  }
  void skip_line() {
    while (!rest_.empty() && take() != '\n') {
    }
  }

  std::string name() {
    std::string result;
    if (!is_name_start(peek())) return result;
    while (!rest_.empty() && is_name_char(rest_.front())) result += take();
    return result;
  }

  // Null, or what is wrong with the line; whatever is left of it is skipped by the caller.
  const char* read_line() {
    constexpr const char* not_an_assignment = "NAME=value, a comment or an empty line is accepted";
    skip_blanks();
    if (at_line_end() || peek() == '#') return nullptr;
    std::string key = name();
    if (key == "export" && is_blank(peek())) {
      skip_blanks();
      key = name();
    }
    skip_blanks();
    if (key.empty() || peek() != '=') return not_an_assignment;
    take();
    const bool blank_before = is_blank(peek());
    skip_blanks();

    const char first = peek();
    std::string value;
    if (first == '"' || first == '\'' || first == '`') {
      const std::size_t line = line_;
      const std::string_view before = rest_;
      auto quoted_value = quoted();
      if (!quoted_value) {
        rest_ = before;  // the next lines stand for themselves
        line_ = line;
        return "the quote is not closed";
      }
      value = *std::move(quoted_value);
      const bool blank = is_blank(peek());
      skip_blanks();
      if (!at_line_end() && !(blank && peek() == '#')) return "nothing but a comment may follow the closing quote";
    } else {
      value = unquoted(blank_before);
    }
    if (first != '\'' && first != '`') note_template(key, value, first != '"');
    result_.values.emplace_back(std::move(key), std::move(value));
    return nullptr;
  }

  // Where `$` may stand for something; the value itself has it as it was written.
  void note_template(const std::string& key, std::string& value, bool is_unquoted) {
    std::string text = value;
    if (is_unquoted) {
      for (std::size_t at = text.find("\\$"); at != std::string::npos; at = text.find("\\$", at)) {
        text.replace(at, 2, 1, literal_dollar);
      }
    }
    std::replace(value.begin(), value.end(), literal_dollar, '$');
    if (text != value || text.find('$') != std::string::npos) result_.templates.emplace_back(key, std::move(text));
  }

  std::optional<std::string> quoted() {
    const char quote = take();
    std::string value;
    while (!rest_.empty()) {
      const char c = take();
      if (c == quote) return value;
      if (c == '\r' && peek() == '\n') continue;
      if (c != '\\' || quote != '"' || rest_.empty()) {
        value += c;
        continue;
      }
      switch (const char escaped = take()) {
        case 'n': value += '\n'; break;
        case 'r': value += '\r'; break;
        case 't': value += '\t'; break;
        case '$': value += literal_dollar; break;
        case '"':
        case '\\': value += escaped; break;
        default: value += {'\\', escaped};
      }
    }
    return {};
  }

  // Up to the end of the line or a `#` after a blank, without the blanks at the end.
  std::string unquoted(bool after_blank) {
    std::string value;
    while (!at_line_end() && !(after_blank && peek() == '#')) {
      after_blank = is_blank(peek());
      value += take();
    }
    while (!value.empty() && is_blank(value.back())) value.pop_back();
    return value;
  }

  std::string_view rest_;
  std::size_t line_ = 1;
  dotenv result_;
};

}  // namespace

dotenv parse_dotenv(std::string_view text) { return parser{text}.run(); }

}  // namespace nestcpp::detail
