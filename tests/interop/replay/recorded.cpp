#include "recorded.hpp"

#include <boost/json/parse.hpp>

#include <charconv>
#include <fstream>
#include <stdexcept>

namespace replay {

namespace {

std::string unescaped(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      bytes += text[i];
    } else if (text[i + 1] == 'x') {
      unsigned byte = 0;
      std::from_chars(text.data() + i + 2, text.data() + i + 4, byte, 16);
      bytes += static_cast<char>(byte);
      i += 3;
    } else {
      bytes += text[++i];
    }
  }
  return bytes;
}

std::vector<session> load() {
  std::vector<session> all;
  std::ifstream file{NESTCPP_TEST_DATA "/nestjs_tcp_vectors.jsonl"};
  for (std::string line; std::getline(file, line);) {
    const auto entry = boost::json::parse(line).as_object();
    const auto text = [&entry](const char* key) { return std::string{entry.at(key).as_string()}; };
    if (text("direction") == "client->server") {
      session& now = all.emplace_back();
      now.name = text("name");
      now.nest = text("nest");
      now.setup = text("setup");
      now.client_notes = text("notes");
      if (const auto* chunks = entry.if_contains("chunks")) {
        for (const auto& each : chunks->as_array()) now.chunks.push_back(unescaped(each.as_string()));
      } else {
        now.chunks.push_back(unescaped(text("bytes")));
      }
    } else {
      if (all.empty() || all.back().name != text("name")) throw std::runtime_error{"no session for " + text("name")};
      all.back().replies = unescaped(text("bytes"));
      all.back().server_notes = text("notes");
    }
  }
  if (all.empty()) throw std::runtime_error{"no recorded sessions"};
  return all;
}

}  // namespace

std::string session::sent() const {
  std::string bytes;
  for (const auto& each : chunks) bytes += each;
  return bytes;
}

const std::vector<session>& sessions() {
  static const std::vector<session> all = load();
  return all;
}

std::string escaped(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    if (c >= ' ' && c <= '~') {
      text += c;
    } else {
      constexpr const char* digits = "0123456789abcdef";
      const auto byte = static_cast<unsigned char>(c);
      text.append("\\x").append(1, digits[byte / 16]).append(1, digits[byte % 16]);
    }
  }
  return text;
}

}  // namespace replay
