#include "dto/formats/ascii.hpp"
#include "dto/formats/utf16.hpp"

#include <nestcpp/dto/rules/network.hpp>

// validator.js's isIP, isMACAddress and isPort.

namespace nestcpp::detail {
namespace {

// Four numbers to 255 without leading zeros.
bool eat_ip4(text_reader& in) {
  for (int part = 0; part < 4; ++part) {
    if (part != 0 && !in.eat('.')) return false;
    const std::string_view all = in.rest();
    const std::size_t digits = in.run(is_digit, 3);
    if (digits == 0 || (digits > 1 && all[0] == '0')) return false;
    int value = 0;
    for (const char c : all.substr(0, digits)) value = value * 10 + c - '0';
    if (value > 255) return false;
  }
  return true;
}

// Eight groups of hexadecimal digits, of which one run may be `::`, and the last two an IPv4 address; then a zone.
bool is_ip6(std::string_view text) {
  if (const std::size_t percent = text.find('%'); percent != std::string_view::npos) {
    const std::string_view zone = text.substr(percent + 1);
    if (zone.empty() || !all_of(zone, [](char c) { return is_letter_or_digit(c) || c == '.'; })) return false;
    text = text.substr(0, percent);
  }
  text_reader in{text};
  int groups = 0;
  bool shortened = false;
  if (in.eat("::")) {
    shortened = true;
    if (in.at_end()) return true;
  }
  for (;;) {
    // The address of version 4 stands for two groups; it comes last.
    if (text_reader v4{in.rest()}; groups <= 6 && eat_ip4(v4) && v4.at_end()) {
      groups += 2;
      return shortened ? groups <= 7 : groups == 8;
    }
    const std::size_t digits = in.run(is_hex, 4);
    if (digits == 0 || ++groups > 8) return false;
    if (in.at_end()) return shortened ? groups <= 7 : groups == 8;
    if (in.eat("::")) {
      if (shortened || groups > 7) return false;
      shortened = true;
      if (in.at_end()) return true;
    } else if (!in.eat(':')) {
      return false;
    }
  }
}

bool is_ip4(std::string_view text) {
  text_reader in{text};
  return eat_ip4(in) && in.at_end();
}

// Pairs of hexadecimal digits with one and the same separator: a hyphen, a colon or white space.
bool has_pairs(std::string_view text, int bytes) {
  text_reader in{text};
  std::string_view separator;
  for (int i = 0; i < bytes; ++i) {
    if (i == 1) {
      const std::string_view rest = in.rest();
      std::size_t size = leading_space(rest);
      if (rest.starts_with('-') || rest.starts_with(':')) size = 1;
      if (size == 0) return false;
      separator = rest.substr(0, size);
    }
    if ((i != 0 && !in.eat(separator)) || !in.exactly(2, is_hex)) return false;
  }
  return in.at_end();
}

bool has_quads(std::string_view text, int count) {
  text_reader in{text};
  for (int i = 0; i < count; ++i) {
    if ((i != 0 && !in.eat('.')) || !in.exactly(4, is_hex)) return false;
  }
  return in.at_end();
}

}  // namespace

bool is_ip_text(std::string_view text, int version) {
  return (version != 6 && is_ip4(text)) || (version != 4 && is_ip6(text));
}

bool is_mac_address_text(std::string_view text, bool no_separators, int eui) {
  const auto has_form = [&](int bytes) {
    if (no_separators) return text.size() == static_cast<std::size_t>(bytes) * 2 && all_of(text, is_hex);
    return has_pairs(text, bytes) || has_quads(text, bytes / 2);
  };
  return (eui != 64 && has_form(6)) || (eui != 48 && has_form(8));
}

bool is_port_text(std::string_view text) {
  text_reader in{text};
  const bool minus = in.eat('-');
  if (!minus) in.eat('+');
  const std::string_view digits = in.rest();
  if (digits.empty() || digits.size() > 5 || !all_of(digits, is_digit)) return false;
  if (digits.size() > 1 && digits[0] == '0') return false;
  int value = 0;
  for (const char c : digits) value = value * 10 + c - '0';
  return value <= 65535 && (!minus || value == 0);
}

}  // namespace nestcpp::detail
