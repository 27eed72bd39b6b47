#include <nestcpp/dto/json_member.hpp>

#include <nestcpp/dto/json_cursor.hpp>

namespace nestcpp {

std::string_view find_member(std::string_view object, std::string_view name) {
  json_cursor in{object};
  std::string scratch;
  std::string_view key;
  std::string_view found;
  if (!in.begin_object()) return {};
  while (in.next_member(key, scratch)) {
    if (key == name) {
      in.raw_value(found);
    } else {
      in.skip_value();
    }
  }
  return in.at_end() ? found : std::string_view{};
}

bool unquote_json(std::string_view token, std::string& out) {
  json_cursor in{token};
  return in.read_string(out) && in.at_end();
}

}  // namespace nestcpp
