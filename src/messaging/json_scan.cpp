#include "messaging/json_scan.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

namespace nestcpp::detail {
namespace {

// What is open: a bit for each level, set for objects.
class open_levels {
 public:
  [[nodiscard]] bool empty() const noexcept { return depth_ == 0; }
  [[nodiscard]] bool in_object() const noexcept { return (word(depth_ - 1) >> ((depth_ - 1) % 64) & 1) != 0; }
  [[nodiscard]] std::size_t deepest() const noexcept { return deepest_; }

  void open(bool object) {
    if (depth_ == inline_levels + more_.size() * 64) more_.push_back(0);
    auto& bits = word(depth_);
    const std::uint64_t bit{std::uint64_t{1} << (depth_ % 64)};
    bits = object ? bits | bit : bits & ~bit;
    deepest_ = std::max(deepest_, ++depth_);
  }
  void close() noexcept { --depth_; }

 private:
  static constexpr std::size_t inline_levels{256};

  [[nodiscard]] std::uint64_t& word(std::size_t level) noexcept {
    return level < inline_levels ? first_[level / 64] : more_[(level - inline_levels) / 64];
  }
  [[nodiscard]] const std::uint64_t& word(std::size_t level) const noexcept {
    return level < inline_levels ? first_[level / 64] : more_[(level - inline_levels) / 64];
  }

  std::size_t depth_{0};
  std::size_t deepest_{0};
  std::uint64_t first_[inline_levels / 64]{};
  std::vector<std::uint64_t> more_;
};

const char* skip_scalar(const char* at, const json_input& in) noexcept {
  bool ignored{};
  switch (*at) {
    case '"': return skip_string(at, in);
    case 't':
    case 'f': return read_boolean(at, in, ignored);
    case 'n': return read_null(at, in);
    default: return skip_number(at, in.end, ignored);
  }
}

// From a key's opening quote to the first character of its value.
const char* skip_key(const char* at, const json_input& in) noexcept {
  if (at == in.end || *at != '"' || (at = skip_string(at, in)) == nullptr) return nullptr;
  at = skip_space(at, in.end);
  if (at == in.end || *at != ':') return nullptr;
  return skip_space(at + 1, in.end);
}

}  // namespace

const char* skip_json_value(const char* at, const char* end, std::size_t* depth) {
  if (depth != nullptr) *depth = 0;
  if (at == end) return nullptr;
  const json_input in{.begin = at, .end = end, .depth = 0};
  if (*at != '{' && *at != '[') return skip_scalar(at, in);

  open_levels levels;
  for (;;) {
    // at a value
    if (at == end) return nullptr;
    if (*at == '{' || *at == '[') {
      const bool object{*at == '{'};
      levels.open(object);
      at = skip_space(at + 1, end);
      if (at == end) return nullptr;
      if (*at != (object ? '}' : ']')) {
        if (object && (at = skip_key(at, in)) == nullptr) return nullptr;
        continue;
      }
      levels.close();
      ++at;
    } else if ((at = skip_scalar(at, in)) == nullptr) {
      return nullptr;
    }
    // behind a value
    for (;;) {
      if (levels.empty()) {
        if (depth != nullptr) *depth = levels.deepest();
        return at;
      }
      at = skip_space(at, end);
      if (at == end) return nullptr;
      const bool object{levels.in_object()};
      if (*at == ',') {
        at = skip_space(at + 1, end);
        if (object && (at = skip_key(at, in)) == nullptr) return nullptr;
        break;
      }
      if (*at != (object ? '}' : ']')) return nullptr;
      levels.close();
      ++at;
    }
  }
}

std::string unquote_json(std::string_view literal) {
  // Escapes are read in runs, so that a surrogate pair stays together; what is between them is taken as it is: a
  // pattern's own text, unescaped once, may hold surrogates in three bytes, which read_text takes for bad UTF-8.
  const char* at = literal.data() + 1;
  const char* const end = literal.data() + literal.size() - 1;
  std::string text, run, unescaped;
  text.reserve(literal.size());
  for (;;) {
    const auto* const escape = static_cast<const char*>(std::memchr(at, '\\', static_cast<std::size_t>(end - at)));
    if (escape == nullptr) return text.append(at, end);
    text.append(at, escape);
    for (at = escape; at != end && *at == '\\';) at += at[1] == 'u' ? 6 : 2;
    run.assign(1, '"').append(escape, at).append(1, '"');
    bool ascii{};
    const json_input in{.begin = run.data(), .end = run.data() + run.size(), .depth = 0};
    static_cast<void>(read_text(in.begin, in, unescaped, ascii));
    text += unescaped;
  }
}

std::string_view trim_json(std::string_view text, std::size_t* depth) {
  const char* const end = text.data() + text.size();
  const char* const begin = skip_space(text.data(), end);
  const char* const stop = skip_json_value(begin, end, depth);
  if (stop == nullptr || skip_space(stop, end) != end) return {};
  return {begin, static_cast<std::size_t>(stop - begin)};
}

}  // namespace nestcpp::detail
