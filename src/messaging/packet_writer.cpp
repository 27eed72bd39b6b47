// The packets of envelope.hpp, and the ids of requests.
#include "dto/utf8.hpp"

#include <nestcpp/messaging/envelope.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <random>
#include <tuple>

namespace nestcpp {
namespace {

// The id's characters without the generator's prefix.
constexpr std::size_t key_digits{16};

// A part of a packet that is always the same, and ASCII.
struct fixed {
  std::string_view text;
};

class frame_pieces {
 public:
  void measure(fixed piece) noexcept {
    units_ += piece.text.size();
    bytes_ += piece.text.size();
  }
  void measure(std::string_view piece) noexcept {
    const auto one = detail::measure_utf8(piece);
    units_ += one.units;
    bytes_ += piece.size();
    ill_formed_ |= one.ill_formed;
  }

  template <class... Pieces>
  void append_to(std::string& out, const Pieces&... pieces) {
    (measure(pieces), ...);
    if (ill_formed_) {  // what is ill-formed may end in the next piece
      std::string json;
      (json.append(text(pieces)), ...);
      append_frame(out, json);
      return;
    }
    char header[24];
    char* const end = std::to_chars(header, header + 20, units_).ptr;
    *end = '#';
    const std::string_view front{header, static_cast<std::size_t>(end + 1 - header)};
    const auto start = out.size();
    out.resize(start + front.size() + bytes_);
    char* to = out.data() + start;
    to = std::copy(front.begin(), front.end(), to);
    ((to = std::copy(text(pieces).begin(), text(pieces).end(), to)), ...);
  }

 private:
  static std::string_view text(fixed piece) noexcept { return piece.text; }
  static std::string_view text(std::string_view piece) noexcept { return piece; }

  std::size_t units_{0};
  std::size_t bytes_{0};
  bool ill_formed_{false};
};

template <class... Pieces>
void append_pieces(std::string& out, const Pieces&... pieces) {
  frame_pieces{}.append_to(out, pieces...);
}

fixed key_if(std::string_view value, std::string_view key) { return {value.empty() ? std::string_view{} : key}; }

std::uint64_t random_bits() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

void put_hex(char* to, std::uint64_t value, std::size_t digits) noexcept {
  for (std::size_t i{digits}; i-- > 0; value >>= 4) to[i] = "0123456789abcdef"[value & 0xF];
}

}  // namespace

void append_request(std::string& out, std::string_view pattern, std::string_view data, std::string_view metadata,
                    std::string_view id) {
  append_pieces(out, fixed{"{\"pattern\":"}, pattern, key_if(data, ",\"data\":"), data,
                key_if(metadata, ",\"metadata\":"), metadata, fixed{",\"id\":"}, id, fixed{"}"});
}

void append_event(std::string& out, std::string_view pattern, std::string_view data, std::string_view metadata) {
  append_pieces(out, fixed{"{\"pattern\":"}, pattern, key_if(data, ",\"data\":"), data,
                key_if(metadata, ",\"metadata\":"), metadata, fixed{"}"});
}

void append_reply_value(std::string& out, std::string_view value, std::string_view id, bool disposed) {
  append_pieces(out, fixed{"{\"response\":"}, value, fixed{disposed ? ",\"isDisposed\":true,\"id\":" : ",\"id\":"}, id,
                fixed{"}"});
}

void append_reply_none(std::string& out, std::string_view id, bool disposed) {
  append_pieces(out, fixed{disposed ? "{\"isDisposed\":true,\"id\":" : "{\"id\":"}, id, fixed{"}"});
}

void append_reply_error(std::string& out, std::string_view err, std::string_view id) {
  append_pieces(out, fixed{"{\"err\":"}, err, fixed{",\"isDisposed\":true,\"id\":"}, id, fixed{"}"});
}

void append_reply_no_handler(std::string& out, std::string_view id) {
  append_pieces(out, fixed{"{\"id\":"}, id,
                fixed{",\"status\":\"error\",\"err\":"
                      "\"There is no matching message handler defined in the remote service.\"}"});
}

reply_writer::reply_writer(std::string& out) : frame_{out} { out += "{\"response\":"; }

void reply_writer::finish(std::string_view id, bool disposed) {
  constexpr std::string_view key = "\"response\":";  // no value ends so
  std::string& out = json();
  const bool has_value = !std::string_view{out}.ends_with(key);
  if (!has_value) out.resize(out.size() - key.size());
  // NestJS's ids have 23 characters with their quotes: one append instead of three.
  std::array<char, 64> tail;
  char* to = tail.data();
  const auto put = [&to](std::string_view text) { to = std::copy(text.begin(), text.end(), to); };
  if (has_value) put(",");
  put(disposed ? "\"isDisposed\":true,\"id\":" : "\"id\":");
  const bool fits = id.size() < tail.size() - static_cast<std::size_t>(to - tail.data());
  if (fits) {
    put(id);
    put("}");
  }
  out.append(tail.data(), to);
  if (!fits) out.append(id).append(1, '}');
  frame_.finish();
}

request_id_generator::request_id_generator() : secrets_{random_bits(), random_bits() | 1}, prefix_{'"'} {
  static std::atomic<std::uint64_t> generators{random_bits()};
  put_hex(prefix_.data() + 1, generators.fetch_add(1, std::memory_order_relaxed), prefix_.size() - 1);
}

request_id request_id_generator::next() noexcept {
  // Every step is a bijection of 64 bits, so no two counts give the same key.
  std::uint64_t key = ++count_ ^ secrets_[0];
  key *= 0x9E3779B97F4A7C15;
  key ^= key >> 32;
  key *= secrets_[1];
  key ^= key >> 29;
  key *= 0xBF58476D1CE4E5B9;
  key ^= key >> 32;

  request_id id{key, {}};
  std::copy(prefix_.begin(), prefix_.end(), id.characters.begin());
  put_hex(id.characters.data() + prefix_.size(), key, key_digits);
  id.characters.back() = '"';
  return id;
}

bool request_id_generator::recognize(std::string_view token, std::uint64_t& key) const noexcept {
  if (token.size() != std::tuple_size_v<decltype(request_id::characters)> || token.back() != '"' ||
      !token.starts_with(std::string_view{prefix_.data(), prefix_.size()})) {
    return false;
  }
  std::uint64_t value{0};
  for (const char c : token.substr(prefix_.size(), key_digits)) {
    if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) return false;
    value = value << 4 | static_cast<std::uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  }
  key = value;
  return true;
}

}  // namespace nestcpp
