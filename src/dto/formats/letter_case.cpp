#include "dto/formats/letter_case.hpp"

#include "dto/formats/ascii.hpp"
#include "dto/formats/utf16.hpp"

#include <algorithm>
#include <span>

namespace nestcpp::detail {
namespace {

const case_run* find_run(std::span<const case_run> runs, char32_t code) {
  const auto found = std::lower_bound(runs.begin(), runs.end(), code,
                                      [](const case_run& run, char32_t wanted) { return run.last < wanted; });
  if (found == runs.end() || code < found->first) return nullptr;
  return (code - found->first) % static_cast<std::uint32_t>(found->stride) == 0 ? &*found : nullptr;
}

}  // namespace

char32_t simple_upper(char32_t code) {
  if (code < 128) return code >= 'a' && code <= 'z' ? code - 32 : code;
  const case_run* run = find_run(to_upper_runs, code);
  return run == nullptr ? code : static_cast<char32_t>(static_cast<std::int64_t>(code) + run->distance);
}

bool is_upper_text(std::string_view text) {
  return for_each_code_point(text, [](char32_t code) {
    if (code < 128) return code < 'a' || code > 'z';
    return find_run(to_upper_runs, code) == nullptr && find_run(to_upper_runs_special, code) == nullptr;
  });
}

bool is_lower_text(std::string_view text) {
  return for_each_code_point(text, [](char32_t code) {
    if (code < 128) return code < 'A' || code > 'Z';
    return find_run(to_lower_runs, code) == nullptr && find_run(to_lower_runs_special, code) == nullptr;
  });
}

std::string upper_ascii(std::string_view text) {
  struct expansion {
    std::string_view from, to;
  };
  static constexpr expansion expansions[] = {{"ſ", "S"},  {"ı", "I"},   {"ß", "SS"},  {"ﬀ", "FF"}, {"ﬁ", "FI"},
                                             {"ﬂ", "FL"}, {"ﬃ", "FFI"}, {"ﬄ", "FFL"}, {"ﬅ", "ST"}, {"ﬆ", "ST"}};
  std::string upper;
  while (!text.empty()) {
    std::size_t taken = 1;
    std::string_view put = text.substr(0, 1);
    const char ascii = to_upper(text.front());
    if (static_cast<unsigned char>(text.front()) < 128) {
      put = {&ascii, 1};
    } else {
      for (const auto& [from, to] : expansions) {
        if (!text.starts_with(from)) continue;
        taken = from.size();
        put = to;
      }
    }
    upper += put;
    text.remove_prefix(taken);
  }
  return upper;
}

}  // namespace nestcpp::detail
