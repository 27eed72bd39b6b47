#include <nestcpp/dto/config_codec.hpp>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <system_error>
#include <utility>

namespace nestcpp {

namespace {

using nanoseconds = std::chrono::nanoseconds;

// The longest first where one begins another.
constexpr std::pair<std::string_view, std::int64_t> units[]{{"ns", 1},
                                                            {"us", 1'000},
                                                            {"ms", 1'000'000},
                                                            {"s", 1'000'000'000},
                                                            {"m", 60'000'000'000},
                                                            {"h", 3'600'000'000'000},
                                                            {"d", 86'400'000'000'000}};

std::optional<std::int64_t> factor_of(std::string_view unit) {
  for (const auto& [name, factor] : units) {
    if (unit == name) return factor;
  }
  return std::nullopt;
}

bool add_product(std::int64_t& sum, std::int64_t number, std::int64_t factor) {
  std::int64_t product{};
  return !__builtin_mul_overflow(number, factor, &product) && !__builtin_add_overflow(sum, product, &sum);
}

}  // namespace

std::optional<nanoseconds> detail::parse_nanoseconds(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t sum = 0;
  std::int64_t former = 0;  // the last part's unit: each is smaller than the one before
  while (!text.empty()) {
    std::int64_t number{};
    const auto [stopped, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc{} || number < 0 || text.front() == '-') return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(stopped - text.data()));
    const std::size_t end = std::min(text.find_first_of("0123456789"), text.size());
    const auto factor = end == 0 && former == 0 && text.empty() ? factor_of("ms") : factor_of(text.substr(0, end));
    if (!factor || (former != 0 && *factor >= former) || !add_product(sum, number, *factor)) return std::nullopt;
    former = *factor;
    text.remove_prefix(end);
  }
  return nanoseconds{sum};
}

std::string print_duration(nanoseconds duration) {
  if (duration.count() == 0) return "0ms";
  for (auto unit = std::rbegin(units); unit != std::rend(units); ++unit) {
    if (duration.count() % unit->second == 0) {
      return std::to_string(duration.count() / unit->second).append(unit->first);
    }
  }
  return std::to_string(duration.count()) + "ns";
}

std::vector<std::string_view> detail::split_list(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  std::vector<std::string_view> items;
  for (;;) {
    const std::size_t comma = text.find(',');
    std::string_view item = text.substr(0, comma);
    const std::size_t first = item.find_first_not_of(blanks);
    item = first == std::string_view::npos ? std::string_view{}
                                           : item.substr(first, item.find_last_not_of(blanks) - first + 1);
    items.push_back(item);
    if (comma == std::string_view::npos) return items;
    text.remove_prefix(comma + 1);
  }
}

std::string config_codec<log_level>::print(log_level value) {
  constexpr std::string_view names[]{"trace", "debug", "info", "warn", "error", "fatal", "off"};
  return std::string{names[static_cast<std::size_t>(value)]};
}

}  // namespace nestcpp
