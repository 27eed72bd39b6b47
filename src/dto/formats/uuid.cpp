#include "dto/formats/ascii.hpp"

#include <nestcpp/dto/rules/string.hpp>

namespace nestcpp::detail {

bool is_uuid_text(std::string_view text, int version) noexcept {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  if (version == uuid_loose) return true;
  const int own = text[14] - '0';
  const char variant = static_cast<char>(text[19] | 32);
  const bool variant_fits = text[19] == '8' || text[19] == '9' || variant == 'a' || variant == 'b';
  if (version != 0) return own == version && variant_fits;
  if (own >= 1 && own <= 8 && variant_fits) return true;
  const auto only = [text](char c) { return all_of(text, [c](char t) { return t == '-' || (t | 32) == (c | 32); }); };
  return only('0') || only('f');
}

}  // namespace nestcpp::detail
