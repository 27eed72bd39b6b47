#include <nestcpp/core/byte_size.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>
#include <utility>

namespace nestcpp {

namespace {

constexpr std::uint64_t kibi = 1024;
constexpr std::uint64_t kilo = 1000;
constexpr std::pair<std::string_view, std::uint64_t> units[]{{"", 1},
                                                             {"b", 1},
                                                             {"kib", kibi},
                                                             {"mib", kibi* kibi},
                                                             {"gib", kibi* kibi* kibi},
                                                             {"tib", kibi* kibi* kibi* kibi},
                                                             {"kb", kilo},
                                                             {"mb", kilo* kilo},
                                                             {"gb", kilo* kilo* kilo},
                                                             {"tb", kilo* kilo* kilo* kilo}};

bool equal_in_any_case(std::string_view text, std::string_view lower) {
  return std::ranges::equal(
      text, lower, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b; });
}

}  // namespace

std::optional<byte_size> byte_size::parse(std::string_view text) {
  std::uint64_t number{};
  const char* const end = text.data() + text.size();
  const auto [stopped, failure] = std::from_chars(text.data(), end, number);
  if (failure != std::errc{}) return std::nullopt;
  std::string_view unit{stopped, static_cast<std::size_t>(end - stopped)};
  if (unit.size() > 1 && unit.front() == ' ') unit.remove_prefix(1);
  for (const auto& [name, factor] : units) {
    if (!equal_in_any_case(unit, name)) continue;
    if (number > std::numeric_limits<std::uint64_t>::max() / factor) return std::nullopt;
    return byte_size{number * factor};
  }
  return std::nullopt;
}

std::string byte_size::to_string() const {
  constexpr std::string_view names[]{"B", "KiB", "MiB", "GiB", "TiB"};
  std::uint64_t number = bytes;
  std::size_t unit = 0;
  while (number != 0 && number % kibi == 0 && unit + 1 < std::size(names)) {
    number /= kibi;
    ++unit;
  }
  return std::to_string(number).append(names[unit]);
}

}  // namespace nestcpp
