#include "http/form_fields.hpp"

#include <nestcpp/dto/json_writer.hpp>

#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace nestcpp::detail {

namespace {

// "0", "17"; no leading zeros.
std::optional<std::size_t> index_of(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || std::to_string(value) != text) return std::nullopt;
  return value;
}

// "a[b][]" → a, b, and an empty one. qs takes a bracket that is not closed for a part, and leaves out what follows the
// last; append-field then takes the whole for a name without brackets.
std::vector<std::string_view> parts_of(std::string_view name, bool as_qs) {
  const auto open = name.find('[');
  if (open == std::string_view::npos || (open == 0 && !as_qs)) return {name};
  std::vector<std::string_view> parts;
  if (open > 0) parts.push_back(name.substr(0, open));
  std::size_t at = open;
  while (at < name.size() && name[at] == '[') {
    const auto close = name.find(']', at);
    if (close == std::string_view::npos) break;
    parts.push_back(name.substr(at + 1, close - at - 1));
    at = close + 1;
  }
  if (at == name.size()) return parts;
  if (!as_qs) return {name};
  if (name[at] == '[') parts.push_back(name.substr(at));
  return parts;
}

}  // namespace

form_fields::node& form_fields::node::member(std::string_view key) {
  for (node& each : members) {
    if (each.name == key) return each;
  }
  members.push_back({.name = std::string{key}});
  return members.back();
}

// Where a name is used in two ways, what it had is kept.
void form_fields::node::become(kind wanted) {
  if (what == wanted) return;
  if (what == kind::text) {
    members.push_back({.name = "0", .what = kind::text, .text = std::move(text)});
    text.clear();
    what = kind::array;
    if (wanted == kind::array) return;
  }
  what = wanted;
}

void form_fields::node::append(std::string value) {
  if (what == kind::nothing) {
    what = kind::text;
    text = std::move(value);
    return;
  }
  if (what == kind::object) {  // as qs
    node& flag = member(value);
    flag.what = kind::text;
    flag.text = "true";
    return;
  }
  become(kind::array);
  std::size_t next = 0;
  for (const node& each : members) next = std::max(next, index_of(each.name).value_or(0) + 1);
  node& last = member(std::to_string(next));
  last.what = kind::text;
  last.text = std::move(value);
}

form_fields::added form_fields::add(std::string_view name, std::string value) {
  const auto parts = parts_of(name, names_ == style::qs);
  if (parts.size() > max_depth + 1) return added::too_deep;
  node* at = &root_.member(parts[0].empty() ? "0" : parts[0]);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const bool last = i + 1 == parts.size();
    const auto index = index_of(parts[i]);
    if (parts[i].empty() && last) {
      at->become(at->what == node::kind::object ? node::kind::object : node::kind::array);
      break;
    }
    if (index && *index > largest_index_ && names_ == style::append_field) return added::index_too_large;
    const bool in_array = (index && *index <= largest_index_ && at->what != node::kind::object) || parts[i].empty();
    at->become(in_array ? node::kind::array : node::kind::object);
    at = &at->member(parts[i].empty() ? std::to_string(at->members.size()) : std::string{parts[i]});
  }
  at->append(std::move(value));
  return added::ok;
}

void form_fields::write(std::string& out, const node& from) {
  switch (from.what) {
    case node::kind::nothing: out += "null"; return;
    case node::kind::text: append_json_value(out, boost::json::string{from.text}); return;
    case node::kind::object: {
      out += '{';
      bool first = true;
      for (const node& each : from.members) {
        if (each.name == "__proto__") continue;
        if (!std::exchange(first, false)) out += ',';
        append_json_value(out, boost::json::string{each.name});
        out += ':';
        write(out, each);
      }
      out += '}';
      return;
    }
    case node::kind::array: {
      std::vector<const node*> ordered;
      ordered.reserve(from.members.size());
      for (const node& each : from.members) ordered.push_back(&each);
      std::ranges::sort(ordered, {}, [](const node* each) { return index_of(each->name).value_or(0); });
      out += '[';
      for (const node* each : ordered) {
        if (each != ordered.front()) out += ',';
        write(out, *each);
      }
      out += ']';
      return;
    }
  }
}

std::string form_fields::json() const {
  std::string out;
  write(out, root_);
  return out;
}

}  // namespace nestcpp::detail
