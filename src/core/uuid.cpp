#include <nestcpp/core/uuid.hpp>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <span>
#include <system_error>

#include <pthread.h>
#include <unistd.h>

#if defined(__APPLE__)
#include <sys/random.h>
#endif

namespace nestcpp {

namespace {

// A forked child has its parent's buffers and must not hand out the same numbers.
std::atomic<unsigned> forks{0};
[[maybe_unused]] const int fork_hook =
    ::pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); });

// Random bytes of the operating system, fetched in blocks: a system call serves sixteen UUIDs.
class random_bytes {
 public:
  void fill(std::span<std::uint8_t> out) {
    const unsigned now = forks.load(std::memory_order_relaxed);
    if (left_ < out.size() || forks_ != now) {
      if (::getentropy(block_.data(), block_.size()) != 0) {
        throw std::system_error{errno, std::system_category(), "random numbers for a UUID"};
      }
      left_ = block_.size();
      forks_ = now;
    }
    std::uint8_t* from = block_.data() + (block_.size() - left_);
    std::memcpy(out.data(), from, out.size());
    std::memset(from, 0, out.size());  // what was handed out cannot be read here again
    left_ -= out.size();
  }

 private:
  std::array<std::uint8_t, 256> block_{};
  std::size_t left_ = 0;
  unsigned forks_ = 0;
};

void fill_random(std::span<std::uint8_t> out) {
  thread_local random_bytes source;
  source.fill(out);
}

// Milliseconds in the upper 52 bits and 1/4096 of one in the lower 12 (RFC 9562, 6.2, method 3), never the same twice.
std::uint64_t next_tick() {
  static std::atomic<std::uint64_t> last{0};
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto ns = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
  const std::uint64_t tick = (ns / 1'000'000 << 12U) | (ns % 1'000'000 * 4096 / 1'000'000);
  std::uint64_t former = last.load(std::memory_order_relaxed);
  std::uint64_t next{};
  do {
    next = tick > former ? tick : former + 1;
  } while (!last.compare_exchange_weak(former, next, std::memory_order_relaxed));
  return next;
}

void stamp(std::array<std::uint8_t, 16>& bytes, unsigned version) {
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | version << 4U);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
}

constexpr std::uint8_t not_hex = 0xFF;

constexpr std::array<std::uint8_t, 256> hex_values = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(not_hex);
  for (unsigned i = 0; i < 10; ++i) values['0' + i] = static_cast<std::uint8_t>(i);
  for (unsigned i = 0; i < 6; ++i) {
    values['a' + i] = static_cast<std::uint8_t>(10 + i);
    values['A' + i] = static_cast<std::uint8_t>(10 + i);
  }
  return values;
}();

// Where each byte's two digits stand in the text.
constexpr std::array<std::uint8_t, 16> digit_at{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};

}  // namespace

uuid uuid::v4() {
  std::array<std::uint8_t, 16> bytes;
  fill_random(bytes);
  stamp(bytes, 4);
  return uuid{bytes};
}

uuid uuid::v7() {
  std::array<std::uint8_t, 16> bytes;
  fill_random(std::span{bytes}.subspan(8));
  const std::uint64_t tick = next_tick();
  for (unsigned i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(tick >> (52 - 8 * i));
  bytes[6] = static_cast<std::uint8_t>(tick >> 8U & 0x0FU);
  bytes[7] = static_cast<std::uint8_t>(tick);
  stamp(bytes, 7);
  return uuid{bytes};
}

std::optional<uuid> uuid::parse(std::string_view text) noexcept {
  if (text.size() != text_size) return {};
  if (text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return {};
  uuid result;
  bool all_ones = true;
  for (std::size_t i = 0; i < 16; ++i) {
    const std::uint8_t high = hex_values[static_cast<unsigned char>(text[digit_at[i]])];
    const std::uint8_t low = hex_values[static_cast<unsigned char>(text[digit_at[i] + 1U])];
    if (high == not_hex || low == not_hex) return {};
    result.bytes_[i] = static_cast<std::uint8_t>(high << 4U | low);
    all_ones = all_ones && result.bytes_[i] == 0xFF;
  }
  const bool rfc = result.version() >= 1 && result.version() <= 8 && result.bytes_[8] >> 6U == 0b10;
  if (!rfc && !all_ones && !result.is_nil()) return {};
  return result;
}

void uuid::append_to(std::string& out) const {
  char text[text_size];
  text[8] = text[13] = text[18] = text[23] = '-';
  for (std::size_t i = 0; i < 16; ++i) {
    text[digit_at[i]] = "0123456789abcdef"[bytes_[i] >> 4U];
    text[digit_at[i] + 1U] = "0123456789abcdef"[bytes_[i] & 0xFU];
  }
  out.append(text, text_size);
}

std::string uuid::to_string() const {
  std::string text;
  text.reserve(text_size);
  append_to(text);
  return text;
}

}  // namespace nestcpp
