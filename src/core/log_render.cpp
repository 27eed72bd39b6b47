#include "core/log_render.hpp"

#include <array>
#include <cmath>
#include <iterator>

namespace nestcpp::detail {

namespace {

struct level_look {
  std::string_view json, pretty, colour;
};

// NestJS's names and colours.
const level_look& look_of(log_level level) {
  static constexpr std::array<level_look, 6> looks{{{"verbose", "VERBOSE", "\x1b[96m"},
                                                    {"debug", "  DEBUG", "\x1b[95m"},
                                                    {"log", "    LOG", "\x1b[32m"},
                                                    {"warn", "   WARN", "\x1b[33m"},
                                                    {"error", "  ERROR", "\x1b[31m"},
                                                    {"fatal", "  FATAL", "\x1b[1m"}}};
  const auto index = static_cast<std::size_t>(level);
  return looks[index < looks.size() ? index : looks.size() - 1];
}

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

// The length of the UTF-8 sequence at the front of `text`, 0 if it is none (Unicode table 3-7).
std::size_t sequence_length(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto within = [&](std::size_t i, unsigned low, unsigned high) {
    return i < text.size() && byte(i) >= low && byte(i) <= high;
  };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return within(1, 0x80, 0xBF) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool second = within(1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF);
    return second && within(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool second = within(1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF);
    return second && within(2, 0x80, 0xBF) && within(3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

// Appends `text`, runs of plain characters at once; `escape(out, c)` writes the others that are ASCII.
template <class Plain, class Escape>
void append_escaped(std::string& out, std::string_view text, Plain plain, Escape escape) {
  while (!text.empty()) {
    std::size_t run = 0;
    while (run < text.size() && plain(text[run])) ++run;
    out.append(text.substr(0, run));
    text.remove_prefix(run);
    if (text.empty()) return;
    if (static_cast<unsigned char>(text.front()) < 0x80) {
      escape(out, text.front());
      text.remove_prefix(1);
    } else if (const std::size_t length = sequence_length(text); length != 0) {
      out.append(text.substr(0, length));
      text.remove_prefix(length);
    } else {
      out += replacement;
      text.remove_prefix(1);
    }
  }
}

char hex_digit(unsigned value) { return "0123456789abcdef"[value & 0xF]; }

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

void append_json_text(std::string& out, std::string_view text) {
  append_escaped(
      out, text,
      [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
      },
      [](std::string& to, char c) {
        switch (c) {
          case '"': to += "\\\""; return;
          case '\\': to += "\\\\"; return;
          case '\n': to += "\\n"; return;
          case '\r': to += "\\r"; return;
          case '\t': to += "\\t"; return;
          default:
            to += "\\u00";
            to += hex_digit(static_cast<unsigned char>(c) >> 4U);
            to += hex_digit(static_cast<unsigned char>(c));
        }
      });
}

void append_pretty_text(std::string& out, std::string_view text) {
  append_escaped(
      out, text, [](char c) { return (!is_control(c) && static_cast<unsigned char>(c) < 0x80) || c == '\t'; },
      [](std::string& to, char c) {
        if (c == '\n') {
          to += "\n    ";
        } else {
          to += "\\x";
          to += hex_digit(static_cast<unsigned char>(c) >> 4U);
          to += hex_digit(static_cast<unsigned char>(c));
        }
      });
}

void append_json_field(std::string& out, std::string_view key, std::string_view text) {
  out += ",\"";
  out += key;
  out += "\":\"";
  append_json_text(out, text);
  out += '"';
}

}  // namespace

void render_pretty(std::string& out, const log_event& event, bool colours) {
  const level_look& look = look_of(event.level);
  const std::string_view colour = colours ? look.colour : "";
  const std::string_view reset = colours ? "\x1b[0m" : "";
  out += colour;
  if (!event.service.empty()) {
    out += '[';
    append_pretty_text(out, event.service);
    out += "] ";
  }
  fmt::format_to(std::back_inserter(out), "{}  - ", event.pid);
  out += reset;
  event.at.append_to(out);
  out += ' ';
  out += colour;
  out += look.pretty;
  out += reset;
  out += ' ';
  if (!event.context.empty()) {
    if (colours) out += "\x1b[33m";
    out += '[';
    append_pretty_text(out, event.context);
    out += ']';
    out += reset;
    out += ' ';
  }
  out += colour;
  append_pretty_text(out, event.message);
  out += reset;
  if (!event.request_id.empty()) {
    out += " request=";
    append_pretty_text(out, event.request_id);
  }
  out += '\n';
}

void render_json(std::string& out, const log_event& event) {
  fmt::format_to(std::back_inserter(out), R"({{"level":"{}","pid":{},"timestamp":{})", look_of(event.level).json,
                 event.pid, event.at.unix_ms());
  if (!event.service.empty()) append_json_field(out, "service", event.service);
  if (!event.context.empty()) append_json_field(out, "context", event.context);
  append_json_field(out, "message", event.message);
  if (!event.request_id.empty()) append_json_field(out, "requestId", event.request_id);
  for (const log_field& field : event.fields) {
    if (const auto* text = std::get_if<std::string_view>(&field.value)) {
      append_json_field(out, field.name, *text);
    } else if (const auto* whole = std::get_if<std::int64_t>(&field.value)) {
      fmt::format_to(std::back_inserter(out), ",\"{}\":{}", field.name, *whole);
    } else {
      const double number = std::get<double>(field.value);
      fmt::format_to(std::back_inserter(out), ",\"{}\":{}", field.name, std::isfinite(number) ? number : 0);
    }
  }
  out += "}\n";
}

}  // namespace nestcpp::detail
