#include "dto/formats/domain.hpp"

#include "dto/formats/ascii.hpp"
#include "dto/formats/utf16.hpp"

#include <algorithm>
#include <string>

// validator.js's isFQDN. Its expressions look at UTF-16 units, so characters beyond U+FFFF are two surrogates here too.

namespace nestcpp::detail {
namespace {

bool is_ascii_label_unit(char16_t unit) {
  return unit < 128 && (is_letter_or_digit(static_cast<char>(unit)) || unit == u'-');
}

bool is_label(std::u16string_view label, const rules::fqdn_options& options) {
  if (label.empty() || (label.size() > 63 && !options.ignore_max_length)) return false;
  if (label.front() == u'-' || label.back() == u'-') return false;
  return std::all_of(label.begin(), label.end(), [&options](char16_t unit) {
    return is_ascii_label_unit(unit) || (unit >= 0xa1 && !(unit >= 0xff01 && unit <= 0xff5e)) ||
           (unit == u'_' && options.allow_underscores);
  });
}

bool is_top_level(std::u16string_view label) {
  const auto is_letter_unit = [](char16_t unit) {
    return (unit < 128 && is_letter(static_cast<char>(unit))) || (is_international(unit) && unit != 0xa9);
  };
  if (label.size() >= 2 && std::all_of(label.begin(), label.end(), is_letter_unit)) return true;
  return label.size() >= 4 && (label[0] | 32) == u'x' && (label[1] | 32) == u'n' &&
         std::all_of(label.begin() + 2, label.end(), is_ascii_label_unit);
}

}  // namespace

bool is_domain(std::u16string_view domain, const rules::fqdn_options& options) {
  if (options.allow_trailing_dot && domain.ends_with(u'.')) domain.remove_suffix(1);
  if (options.allow_wildcard && domain.starts_with(u"*.")) domain.remove_prefix(2);
  const std::size_t dot = domain.rfind(u'.');
  const std::u16string_view top = dot == std::u16string_view::npos ? domain : domain.substr(dot + 1);
  if (options.require_tld) {
    if (dot == std::u16string_view::npos || (!options.allow_numeric_tld && !is_top_level(top))) return false;
    if (std::any_of(top.begin(), top.end(), is_space_unit)) return false;
  }
  const auto is_digit_unit = [](char16_t unit) { return unit >= u'0' && unit <= u'9'; };
  if (!options.allow_numeric_tld && !top.empty() && std::all_of(top.begin(), top.end(), is_digit_unit)) return false;
  for (std::size_t from = 0; from <= domain.size();) {
    const std::size_t end = std::min(domain.find(u'.', from), domain.size());
    if (!is_label(domain.substr(from, end - from), options)) return false;
    from = end + 1;
  }
  return true;
}

bool is_fqdn_text(std::string_view text, const rules::fqdn_options& options) {
  thread_local std::u16string units;
  assign_units(units, text);
  return is_domain(units, options);
}

}  // namespace nestcpp::detail
