// JSON as JavaScript would print it after parsing. One pass writes every value where it comes; an object whose members
// have to change places, or some of which go, is noted, and a second pass, needed only then, puts the parts in order.
// Both keep their own stacks, and neither takes more time than the text is long (times a logarithm).
#include <nestcpp/dto/json_scan.hpp>
#include <nestcpp/dto/json_text.hpp>
#include <nestcpp/dto/json_writer.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace nestcpp {
namespace {

using detail::json_input;
using detail::skip_space;

// JavaScript's array indices, which an object has in ascending order before its other keys.
std::optional<std::uint32_t> array_index(std::string_view key) {
  if (key.empty() || key.size() > 10 || key[0] < '0' || key[0] > '9' || (key[0] == '0' && key.size() > 1)) return {};
  std::uint32_t index{};
  const auto [stop, error] = std::from_chars(key.data(), key.data() + key.size(), index);
  if (error != std::errc{} || stop != key.data() + key.size() || index == 0xFFFFFFFF) return {};
  return index;
}

struct range {
  std::size_t begin, end;
};

// Positions are bytes of the output.
class normalizer {
 public:
  normalizer(std::string& out, std::string_view json, unsigned max_depth)
      : in_{.begin = json.data(), .end = json.data() + json.size(), .depth = 0}, out_{out}, max_depth_{max_depth} {}

  bool run() {
    const auto start = out_.size();
    const char* at = skip_space(in_.begin, in_.end);
    if ((at = value(at)) == nullptr || skip_space(at, in_.end) != in_.end) {
      out_.resize(start);
      return false;
    }
    if (!shuffled_.empty()) put_in_order(start);
    return true;
  }

 private:
  struct level {
    bool object;
    bool indices;       // there is a key that is an array index
    std::size_t begin;  // of the bracket
    std::size_t first;  // of its members
  };
  struct member {
    range key;  // without the quotes
    std::size_t end;
  };
  // An object that does not stay as it was written; its members are `order_[first]` and so on.
  struct shuffled_object {
    range text;
    std::size_t first, count;
  };

  const char* value(const char* at) {
    for (;;) {
      if (at == in_.end) return nullptr;
      if (*at == '{' || *at == '[') {
        if (levels_.size() == max_depth_) return nullptr;
        const bool object = *at == '{';
        levels_.push_back({object, false, out_.size(), members_.size()});
        out_ += *at;
        at = skip_space(at + 1, in_.end);
        if (at == in_.end) return nullptr;
        if (*at != (object ? '}' : ']')) {
          if (object && (at = key(at)) == nullptr) return nullptr;
          continue;
        }
        out_ += *at++;
        levels_.pop_back();
      } else if ((at = scalar(at)) == nullptr) {
        return nullptr;
      }
      // Behind a value.
      for (;;) {
        if (levels_.empty()) return at;
        const bool object = levels_.back().object;
        if (object) members_.back().end = out_.size();
        at = skip_space(at, in_.end);
        if (at == in_.end) return nullptr;
        if (*at == ',') {
          out_ += ',';
          at = skip_space(at + 1, in_.end);
          if (object && (at = key(at)) == nullptr) return nullptr;
          break;
        }
        if (*at != (object ? '}' : ']')) return nullptr;
        out_ += *at++;
        if (object) close_object();
        levels_.pop_back();
      }
    }
  }

  const char* key(const char* at) {
    const auto begin = out_.size();
    if (at == in_.end || *at != '"' || (at = string(at)) == nullptr) return nullptr;
    members_.push_back({{begin + 1, out_.size() - 1}, 0});
    if (array_index(key_of(members_.back()))) levels_.back().indices = true;
    out_ += ':';
    at = skip_space(at, in_.end);
    if (at == in_.end || *at != ':') return nullptr;
    return skip_space(at + 1, in_.end);
  }

  const char* scalar(const char* at) {
    const char* const begin = at;
    bool ignored{};
    switch (*at) {
      case '"': return string(at);
      case 't':
      case 'f': at = detail::read_boolean(at, in_, ignored); break;
      case 'n': at = detail::read_null(at, in_); break;
      default: return number(at);
    }
    if (at != nullptr) out_.append(begin, at);
    return at;
  }

  const char* string(const char* at) {
    std::string_view text;
    bool ascii{};  // and without escapes, so nothing to escape either
    const char* const begin = at;
    if ((at = detail::read_text_view(at, in_, text, scratch_, ascii)) == nullptr) return nullptr;
    if (ascii) {
      out_.append(begin, at);
    } else {
      append_json_string(out_, text);
    }
    return at;
  }

  const char* number(const char* at) {
    const char* const begin = at;
    bool integral{};
    if ((at = detail::skip_number(at, in_.end, integral)) == nullptr) return nullptr;
    const std::string_view token{begin, static_cast<std::size_t>(at - begin)};
    if (integral && token.size() <= 15 && token != "-0") {  // a double holds it
      out_ += token;
      return at;
    }
    double read{};
    if (detail::read_double(begin, in_, read) != at) return nullptr;
    append_json_number(out_, read);
    return at;
  }

  [[nodiscard]] std::string_view key_of(const member& of) const {
    return std::string_view{out_}.substr(of.key.begin, of.key.end - of.key.begin);
  }

  // The innermost object has just been written to its end: forgets its members, or notes their order.
  void close_object() {
    const level& object = levels_.back();
    const auto first = members_.begin() + static_cast<std::ptrdiff_t>(object.first);
    if (object.indices || repeats_a_key(object.first)) {
      const auto begin_of = [](const member& each) { return each.key.begin - 1; };
      // Of members with one key the first gives the place, the last the value.
      std::vector<const member*> by_key;
      for (auto at = first; at != members_.end(); ++at) by_key.push_back(&*at);
      std::ranges::sort(by_key, {}, [this](const member* each) { return std::pair{key_of(*each), each->key.begin}; });
      struct place {
        std::optional<std::uint32_t> index;
        std::size_t written;
        range text;
      };
      std::vector<place> places;
      for (std::size_t i = 0; i < by_key.size(); ++i) {
        if (i > 0 && key_of(*by_key[i]) == key_of(*by_key[i - 1])) {
          places.back().text = {begin_of(*by_key[i]), by_key[i]->end};
        } else {
          places.push_back(
              {array_index(key_of(*by_key[i])), begin_of(*by_key[i]), {begin_of(*by_key[i]), by_key[i]->end}});
        }
      }
      std::ranges::sort(places, [](const place& a, const place& b) {
        if (a.index && b.index) return *a.index < *b.index;
        return a.index || b.index ? a.index.has_value() : a.written < b.written;
      });
      shuffled_.push_back({{object.begin, out_.size()}, order_.size(), places.size()});
      for (const place& each : places) order_.push_back(each.text);
    }
    members_.erase(first, members_.end());
  }

  [[nodiscard]] bool repeats_a_key(std::size_t first) {
    const auto count = members_.size() - first;
    if (count <= 12) {
      for (auto i = first; i < members_.size(); ++i) {
        for (auto j = i + 1; j < members_.size(); ++j) {
          if (key_of(members_[i]) == key_of(members_[j])) return true;
        }
      }
      return false;
    }
    std::vector<std::string_view> keys;
    keys.reserve(count);
    for (auto i = first; i < members_.size(); ++i) keys.push_back(key_of(members_[i]));
    std::ranges::sort(keys);
    return std::ranges::adjacent_find(keys) != keys.end();
  }

  void put_in_order(std::size_t start) {
    std::ranges::sort(shuffled_, {}, [](const shuffled_object& each) { return each.text.begin; });
    std::string text;
    text.reserve(out_.size() - start);
    // What is being copied: a range of the text, or an object's members from `next` on.
    struct step {
      range text;
      const shuffled_object* object;
      std::size_t next;
    };
    std::vector<step> steps{{{start, out_.size()}, nullptr, 0}};
    while (!steps.empty()) {
      step& now = steps.back();
      if (now.object != nullptr) {
        if (now.next == now.object->count) {
          text += '}';
          steps.pop_back();
          continue;
        }
        text += now.next == 0 ? '{' : ',';
        const range next = order_[now.object->first + now.next++];
        steps.push_back({next, nullptr, 0});
        continue;
      }
      const auto object = std::ranges::lower_bound(shuffled_, now.text.begin, {},
                                                   [](const shuffled_object& each) { return each.text.begin; });
      if (object == shuffled_.end() || object->text.begin >= now.text.end) {
        text.append(out_, now.text.begin, now.text.end - now.text.begin);
        steps.pop_back();
        continue;
      }
      text.append(out_, now.text.begin, object->text.begin - now.text.begin);
      now.text.begin = object->text.end;
      steps.push_back({{}, &*object, 0});
    }
    out_.replace(start, std::string::npos, text);
  }

  json_input in_;
  std::string& out_;
  unsigned max_depth_;
  std::vector<level> levels_;
  std::vector<member> members_;  // of all objects that are open
  std::vector<shuffled_object> shuffled_;
  std::vector<range> order_;
  std::string scratch_;
};

}  // namespace

bool append_normalized_json(std::string& out, std::string_view json, unsigned max_depth) {
  return !json.empty() && normalizer{out, json, max_depth}.run();
}

}  // namespace nestcpp
