#include <nestcpp/messaging/pattern.hpp>

#include "messaging/json_scan.hpp"

#include <nestcpp/dto/json_scan.hpp>
#include <nestcpp/dto/json_writer.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

namespace nestcpp {
namespace {

using detail::skip_space;

constexpr int max_depth{5};
constexpr std::size_t max_keys{20};
// `JSON.stringify` overflows Node's default stack here.
constexpr std::size_t max_stringify_depth{4185};
// For texts of patterns only (`ctx.getPattern()`), where each level costs a pass over what it holds.
constexpr std::size_t max_text_depth{64};
constexpr std::string_view unserializable{"[UNSERIALIZABLE_PATTERN]"};
// No UTF-8 text begins so: what stands behind it never meets a registered route.
constexpr char unreachable_mark{'\xFF'};

// Whether a number was read as `JSON.parse` gives it or went through `JSON.stringify` before, which has no Infinity.
enum class number_form { parsed, stringified };

void append_number(std::string& out, std::string_view token, number_form form) {
  const bool plain = token.size() <= 15 && token.find_first_not_of("0123456789", 1) == std::string_view::npos;
  if (plain && token != "-0") {
    out += token;
    return;
  }
  double value{};
  const detail::json_input in{.begin = token.data(), .end = token.data() + token.size(), .depth = 0};
  static_cast<void>(detail::read_double(in.begin, in, value));
  if (std::isinf(value) && form == number_form::parsed) {
    out += value < 0 ? "-Infinity" : "Infinity";
  } else {
    append_json_number(out, value);  // null for what is infinite
  }
}

struct member {
  std::string key;
  std::string_view value;  // raw
  std::size_t place;       // of its insertion
};

std::optional<std::uint64_t> array_index(std::string_view key) {
  if (key.empty() || key.size() > 10 || (key[0] == '0' && key.size() > 1)) return std::nullopt;
  std::uint64_t index{};
  const auto [stop, error] = std::from_chars(key.data(), key.data() + key.size(), index);
  if (error != std::errc{} || stop != key.data() + key.size() || index >= 4294967295) return std::nullopt;
  return index;
}

// A JavaScript object has array indices first, in ascending order, and then the other keys as they were inserted.
bool property_order(const member& a, const member& b) {
  const auto left = array_index(a.key);
  const auto right = array_index(b.key);
  if (left && right) return *left < *right;
  return left || right ? left.has_value() : a.place < b.place;
}

std::string_view take_value(const char*& at, const char* end) {
  const char* const begin = at;
  at = detail::skip_json_value(at, end);
  return {begin, static_cast<std::size_t>(at - begin)};
}

// Goes through a well-formed object or array; `visit(key, value)` returns false to stop. Arrays have their indices as
// keys.
template <class Visit>
void for_each_member(std::string_view raw, Visit visit) {
  const char* const end = raw.data() + raw.size() - 1;
  const char* at = skip_space(raw.data() + 1, end);
  const bool object{raw.front() == '{'};
  for (std::size_t index{0}; at != end; ++index) {
    std::string key;
    if (object) {
      key = detail::unquote_json(take_value(at, end));
      at = skip_space(skip_space(at, end) + 1, end);  // the colon
    } else {
      key = std::to_string(index);
    }
    if (!visit(std::move(key), take_value(at, end))) return;
    at = skip_space(at, end);
    if (at != end) at = skip_space(at + 1, end);  // the comma
  }
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
}

void append_route(std::string& out, std::string_view raw, int depth, number_form form);

void append_object_route(std::string& out, std::string_view raw, int depth, number_form form) {
  std::vector<member> members;
  for_each_member(raw, [&members](std::string key, std::string_view value) {
    const auto same = std::ranges::find(members, key, &member::key);
    if (same != members.end()) {
      same->value = value;
    } else {
      members.push_back({std::move(key), value, members.size()});
    }
    return members.size() <= max_keys;
  });
  if (members.size() > max_keys) {
    out += "[TOO_MANY_KEYS]";
    return;
  }
  std::ranges::sort(members, [](const member& a, const member& b) {
    const int order = detail::compare_pattern_keys(a.key, b.key);
    return order != 0 ? order < 0 : property_order(a, b);
  });

  out += '{';
  for (const auto& [key, value, place] : members) {
    if (&key != &members.front().key) out += ',';
    out += '"';
    append_escaped(out, key);
    out += "\":";
    if (value.front() == '"') {
      out += '"';
      append_escaped(out, detail::unquote_json(value));
      out += '"';
    } else {
      append_route(out, value, depth + 1, form);
    }
  }
  out += '}';
}

// Of any value but a string.
void append_route(std::string& out, std::string_view raw, int depth, number_form form) {
  switch (raw.front()) {
    case '{':
    case '[':
      if (depth > max_depth) {
        out += "[MAX_DEPTH_REACHED]";
      } else {
        append_object_route(out, raw, depth, form);
      }
      break;
    case 't':
    case 'f':
    case 'n': out += raw; break;
    default: append_number(out, raw, form);
  }
}

// `transformPatternToRoute` of a whole value.
std::string route_of_value(std::string_view raw, number_form form) {
  if (raw.front() == '"') return detail::unquote_json(raw);
  std::string route;
  append_route(route, raw, 0, form);
  // What is neither string, number nor object stays a value, and no string equals it.
  if (route == "true" || route == "false" || route == "null") route.insert(route.begin(), unreachable_mark);
  return route;
}

// A message's pattern once it is a text: tried as JSON.
std::string route_of_message_text(std::string text) {
  const auto value = detail::trim_json(text);
  return value.empty() ? text : route_of_value(value, number_form::parsed);
}

// Primary weights: one plus the place in the collation order, 0 for what it ignores.
constexpr auto primary_weights = [] {
  constexpr std::string_view order{"\t\n\v\f\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789"};
  std::array<unsigned char, 128> weights{};
  unsigned char weight{0};
  for (const char c : order) weights[static_cast<unsigned char>(c)] = ++weight;
  for (unsigned char c{'a'}; c <= 'z'; ++c) weights[c] = weights[c - 'a' + 'A'] = ++weight;
  return weights;
}();

class weighted_characters {
 public:
  explicit weighted_characters(std::string_view text) noexcept : text_{text} {}

  /// The next character's weight, 0 at the end. UTF-8's bytes order as their code points do.
  unsigned next() noexcept {
    for (; at_ != text_.size(); ++at_) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      const unsigned weight = c < 128 ? primary_weights[c] : c;
      if (weight != 0) {
        upper_ = c >= 'A' && c <= 'Z';
        ++at_;
        return weight;
      }
    }
    return 0;
  }
  [[nodiscard]] bool upper() const noexcept { return upper_; }

 private:
  std::string_view text_;
  std::size_t at_{0};
  bool upper_{false};
};

void append_text(std::string& out, std::string_view raw) {
  if (raw.front() == '"') {
    append_json_string(out, detail::unquote_json(raw));
    return;
  }
  if (raw.front() != '{' && raw.front() != '[') {
    if (raw.front() == 't' || raw.front() == 'f' || raw.front() == 'n') {
      out += raw;
    } else {
      append_number(out, raw, number_form::stringified);
    }
    return;
  }
  const bool object{raw.front() == '{'};
  std::vector<member> members;
  for_each_member(raw, [&members](std::string key, std::string_view value) {
    members.push_back({std::move(key), value, members.size()});
    return true;
  });
  if (object) {
    // Of duplicates the first gives the place and the last the value.
    std::ranges::sort(members, {}, [](const member& m) { return std::tie(m.key, m.place); });
    for (std::size_t i{1}, first{0}; i < members.size(); ++i) {
      if (members[i].key == members[first].key) {
        members[first].value = std::exchange(members[i].value, {});
      } else {
        first = i;
      }
    }
    std::erase_if(members, [](const member& m) { return m.value.empty(); });
    std::ranges::sort(members, property_order);
  }
  out += object ? '{' : '[';
  for (const auto& [key, value, place] : members) {
    if (&key != &members.front().key) out += ',';
    if (object) {
      append_json_string(out, key);
      out += ':';
    }
    append_text(out, value);
  }
  out += object ? '}' : ']';
}

}  // namespace

namespace detail {

int compare_pattern_keys(std::string_view a, std::string_view b) noexcept {
  weighted_characters left{a}, right{b};
  int tie{0};
  for (;;) {
    const auto x = left.next();
    const auto y = right.next();
    if (x != y) return x < y ? -1 : 1;
    if (x == 0) return tie;
    if (tie == 0 && left.upper() != right.upper()) tie = left.upper() ? 1 : -1;
  }
}

}  // namespace detail

std::string normalize_pattern(const boost::json::value& pattern) {
  if (const auto* text = pattern.if_string()) return std::string{*text};
  const auto serialized = boost::json::serialize(pattern);
  const auto raw = detail::trim_json(serialized);
  if (raw.empty()) throw std::invalid_argument{"a pattern's numbers must be finite, got " + serialized};
  return route_of_value(raw, number_form::parsed);
}

std::string route_of_text(std::string_view text) {
  const auto value = detail::trim_json(text);
  if (value.empty() || (value.front() != '{' && value.front() != '[')) return std::string{text};
  return route_of_value(value, number_form::parsed);
}

bool reachable_pattern(std::string_view text) {
  return route_of_message_text(std::string{text}) == route_of_text(text);
}

std::string route_of(std::string_view raw) {
  if (raw.empty()) return std::string{unreachable_mark}.append("undefined");
  if (std::string_view plain; plain_route(raw, plain)) return std::string{plain};
  if (raw.front() == '"') return route_of_message_text(detail::unquote_json(raw));
  std::size_t depth{};
  static_cast<void>(detail::trim_json(raw, &depth));
  if (depth > max_stringify_depth) return std::string{unserializable};
  return route_of_value(raw, number_form::stringified);
}

bool plain_route(std::string_view raw, std::string_view& route) noexcept {
  if (raw.size() < 2 || raw.front() != '"') return false;
  const auto text = raw.substr(1, raw.size() - 2);
  if (std::memchr(text.data(), '\\', text.size()) != nullptr) return false;
  if (!text.empty()) {
    switch (text.front()) {
      case '{':
      case '[':
      case '-':
      case ' ':
      case '0':
      case '1':
      case '2':
      case '3':
      case '4':
      case '5':
      case '6':
      case '7':
      case '8':
      case '9': return false;
      case 't':
      case 'f':
      case 'n': {
        const auto word = text.substr(0, text.find_last_not_of(' ') + 1);
        if (word == "true" || word == "false" || word == "null") return false;
        break;
      }
      default: break;
    }
  }
  route = text;
  return true;
}

std::string quote_json(std::string_view text) {
  std::string literal;
  append_json_string(literal, text);
  return literal;
}

std::string pattern_text(std::string_view raw) {
  if (raw.empty()) return "undefined";
  if (raw.front() == '"') return detail::unquote_json(raw);
  std::size_t depth{};
  static_cast<void>(detail::trim_json(raw, &depth));
  if (depth > max_text_depth) return std::string{unserializable};
  std::string text;
  append_text(text, raw);
  return text;
}

}  // namespace nestcpp
