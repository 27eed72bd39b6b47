#include "notification_service/delivery/mail_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>

namespace notifications {

namespace {

constexpr std::size_t line_length = 76;

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7f; });
}

std::string base64(std::string_view text) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += 3) {
    const std::string_view three = text.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = bits << 8U | (i < three.size() ? static_cast<unsigned char>(three[i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) out += i <= three.size() ? digits[bits >> (18U - 6U * i) & 63U] : '=';
  }
  return out;
}

// A header's text (RFC 2047): as it is, or in encoded words of whole characters.
std::string header_text(std::string_view text) {
  if (is_plain(text) && text.size() <= line_length && text.find("=?") == std::string_view::npos) {
    return std::string{text};
  }
  std::string out;
  while (!text.empty()) {
    std::size_t size = std::min<std::size_t>(text.size(), 45);
    while (size < text.size() && size > 1 && (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80) --size;
    out += fmt::format("{}=?UTF-8?B?{}?=", out.empty() ? "" : "\r\n ", base64(text.substr(0, size)));
    text.remove_prefix(size);
  }
  return out;
}

std::string mail_date(nest::timestamp at) {
  const std::time_t seconds = at.unix_ms() / 1000;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S +0000", &utc)};
}

std::string_view domain_of(std::string_view address) {
  const auto at = address.rfind('@');
  return at == std::string_view::npos ? "localhost" : address.substr(at + 1);
}

std::string body_text(std::string_view content) {
  const std::string encoded = base64(content);
  std::string out;
  for (std::size_t at = 0; at < encoded.size(); at += line_length) {
    out.append(encoded, at, line_length).append("\r\n");
  }
  return out;
}

}  // namespace

std::string mail_text(const Notification& notification, std::string_view from) {
  return fmt::format(
      "Date: {}\r\nFrom: <{}>\r\nTo: {}\r\nSubject: {}\r\nMessage-ID: <{}@{}>\r\nMIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
      mail_date(notification.createdAt), from,
      is_mail_address(notification.recipient) ? "<" + notification.recipient + ">"
                                              : header_text(notification.recipient),
      header_text(notification.subject), notification.id.to_string(), domain_of(from), body_text(notification.content));
}

bool is_mail_address(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size() || text.size() > 320) return false;
  return std::ranges::none_of(
      text, [](char c) { return (c >= 0 && c <= ' ') || c == 0x7f || c == '<' || c == '>' || c == ',' || c == ';'; });
}

}  // namespace notifications
