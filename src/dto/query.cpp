#include <nestcpp/dto/query.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace nestcpp::detail {
namespace {

constexpr std::size_t max_levels = 5;
constexpr std::size_t max_index = 20;

// "a[b][]" → a, b and an empty text. One part, the whole, where the brackets make no sense.
std::vector<std::string_view> split_name(std::string_view name) {
  const std::size_t open = name.find('[');
  if (open == std::string_view::npos || open == 0) return {name};
  std::vector<std::string_view> parts{name.substr(0, open)};
  for (std::string_view rest = name.substr(open); !rest.empty();) {
    const std::size_t close = rest.find(']');
    if (rest.front() != '[' || close == std::string_view::npos || parts.size() > max_levels) return {name};
    parts.push_back(rest.substr(1, close - 1));
    if (parts.back().find('[') != std::string_view::npos) return {name};
    rest.remove_prefix(close + 1);
  }
  return parts;
}

bool is_index(std::string_view part, std::size_t& index) {
  index = 0;
  if (part.empty() || part.size() > 2 || (part.size() > 1 && part.front() == '0')) return false;
  for (const char c : part) {
    if (c < '0' || c > '9') return false;
    index = index * 10 + static_cast<std::size_t>(c - '0');
  }
  return index <= max_index;
}

// A slot that is null is new, or a hole in an array: there are no nulls in a query.
void put(boost::json::value& slot, const std::vector<std::string_view>& parts, std::size_t at, std::string_view text) {
  if (at == parts.size()) {
    if (slot.is_null()) {
      slot = boost::json::string{text};
    } else if (slot.is_string()) {
      boost::json::array both;
      both.push_back(std::move(slot));
      both.emplace_back(boost::json::string{text});
      slot = std::move(both);
    } else if (auto* array = slot.if_array()) {
      array->emplace_back(boost::json::string{text});
    }
    return;
  }
  const std::string_view part = parts[at];
  std::size_t index = 0;
  if (!slot.is_object() && (part.empty() || is_index(part, index))) {
    const bool was_text = slot.is_string();
    if (was_text) {
      boost::json::array single;
      single.push_back(std::move(slot));
      slot = std::move(single);
    } else if (slot.is_null()) {
      slot.emplace_array();
    }
    auto& array = slot.get_array();
    if (part.empty() || was_text) return put(array.emplace_back(nullptr), parts, at + 1, text);
    if (index >= array.size()) array.resize(index + 1);
    return put(array[index], parts, at + 1, text);
  }
  if (slot.is_null()) slot.emplace_object();
  if (auto* object = slot.if_object(); object != nullptr && !part.empty()) put((*object)[part], parts, at + 1, text);
}

// Indices say the order only: "a[1]" alone is an array of one.
void remove_holes(boost::json::value& value) {
  if (auto* object = value.if_object()) {
    for (auto& entry : *object) remove_holes(entry.value());
  } else if (auto* array = value.if_array()) {
    array->erase(std::remove_if(array->begin(), array->end(), [](const auto& item) { return item.is_null(); }),
                 array->end());
    for (auto& item : *array) remove_holes(item);
  }
}

}  // namespace

boost::json::value query_document(const query_pairs& pairs) {
  boost::json::value document = boost::json::object{};
  for (const auto& [name, text] : pairs) {
    const auto parts = split_name(name);
    put(document.get_object()[parts.front()], parts, 1, text);
  }
  remove_holes(document);
  return document;
}

}  // namespace nestcpp::detail
