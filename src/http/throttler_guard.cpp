#include <nestcpp/http/throttler_guard.hpp>

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/exceptions.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <unordered_map>

namespace nestcpp {

namespace {

using nanoseconds = std::int64_t;

constexpr std::size_t shard_count = 32;
constexpr int looked_at = 8;  // entries of which one is forgotten where there is no room

// A caller of IPv6 usually has a /64 to itself.
std::string tracker_of(std::string_view text) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(text, error);
  if (error || address.is_v4()) return std::string{text};
  const auto v6 = address.to_v6();
  if (v6.is_v4_mapped()) return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6).to_string();
  const auto bytes = v6.to_bytes();
  return {reinterpret_cast<const char*>(bytes.data()), 8};
}

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// The entry before the last `proxies - 1`; what they added cannot be forged.
std::string_view forwarded(std::string_view header, std::size_t proxies) {
  for (std::size_t i = 1; i < proxies; ++i) {
    const auto comma = header.rfind(',');
    if (comma == std::string_view::npos) return trim(header);
    header = header.substr(0, comma);
  }
  const auto comma = header.rfind(',');
  return trim(comma == std::string_view::npos ? header : header.substr(comma + 1));
}

void check(const throttle_limit& limit) {
  const auto refuse = [](const std::string& what) { throw startup_error{"throttle: " + what}; };
  if (limit.limit < 1 || limit.limit > 1'000'000) {
    refuse("limit is " + std::to_string(limit.limit) + "; 1 to 1000000 is accepted");
  }
  if (limit.ttl.count() < 1 || limit.ttl > std::chrono::hours{24}) {
    refuse("ttl is " + std::to_string(limit.ttl.count()) + " ms; 1 ms to 24 h is accepted");
  }
  if (limit.burst < 0 || limit.burst > 1'000'000) {
    refuse("burst is " + std::to_string(limit.burst) + "; 0 (as limit) to 1000000 is accepted");
  }
}

std::int64_t seconds(nanoseconds time) { return (time + 999'999'999) / 1'000'000'000; }

}  // namespace

struct throttler_guard::impl {
  // GCRA: of each tracker the time at which its bucket is full again.
  struct shard {
    std::mutex mutex;
    std::unordered_map<std::string, nanoseconds> full_at;
  };
  struct verdict {
    bool allowed;
    std::int64_t remaining, reset;  // calls, seconds; where it is refused `reset` is when to try again
  };

  verdict take(std::string key, const throttle_limit& limit) {
    const nanoseconds now = clock::now().time_since_epoch().count();
    const nanoseconds interval = std::max<nanoseconds>(1, std::chrono::nanoseconds{limit.ttl}.count() / limit.limit);
    const nanoseconds tolerance = interval * (limit.burst > 0 ? limit.burst : limit.limit);
    shard& own = shards[std::hash<std::string>{}(key) % shard_count];
    const std::lock_guard lock{own.mutex};
    auto found = own.full_at.find(key);
    const nanoseconds former = found == own.full_at.end() ? now : std::max(found->second, now);
    const nanoseconds next = former + interval;
    if (next - now > tolerance) return {false, 0, std::max<std::int64_t>(1, seconds(next - now - tolerance))};
    if (found != own.full_at.end()) {
      found->second = next;
    } else {
      make_room(own, now);
      own.full_at.emplace(std::move(key), next);
    }
    return {true, (tolerance - (next - now)) / interval, seconds(next - now)};
  }

  // Of some entries the one that has least to forget.
  void make_room(shard& own, nanoseconds now) const {
    if (own.full_at.size() < std::max<std::size_t>(1, options.max_trackers / shard_count)) return;
    auto least = own.full_at.end();
    std::size_t bucket = static_cast<std::size_t>(now) % own.full_at.bucket_count();
    int seen = 0;
    for (std::size_t i = 0; i < own.full_at.bucket_count() && seen < looked_at; ++i) {
      for (auto each = own.full_at.begin(bucket); each != own.full_at.end(bucket); ++each, ++seen) {
        if (least == own.full_at.end() || each->second < least->second) least = own.full_at.find(each->first);
      }
      bucket = (bucket + 1) % own.full_at.bucket_count();
    }
    if (least != own.full_at.end()) own.full_at.erase(least);
  }

  [[nodiscard]] std::string who(http_context& context) const {
    if (options.get_tracker) return options.get_tracker(context);
    std::string_view address = context.request().remote_address;
    if (options.trusted_proxies > 0) {
      const auto header = context.request().headers.get("X-Forwarded-For");
      if (header && !header->empty()) address = forwarded(*header, options.trusted_proxies);
    }
    return tracker_of(address);
  }

  throttler_options options;
  std::array<shard, shard_count> shards;
};

throttler_guard::throttler_guard(const throttler_options& options) : impl_{std::make_unique<impl>()} {
  check(options.limit);
  impl_->options = options;
}

throttler_guard::~throttler_guard() = default;

bool throttler_guard::can_activate_now(execution_context& context) {
  if (context.get_type() != context_type::http) return true;
  http_context& http = context.switch_to_http();
  if (reflector::get_all_and_override<skip_throttle_value>(context) != nullptr) return true;
  if (impl_->options.skip_if && impl_->options.skip_if(http)) return true;
  const auto* own = reflector::get_all_and_override<throttle_limit>(context);
  const throttle_limit& limit = own != nullptr ? *own : impl_->options.limit;
  if (own != nullptr) check(limit);
  std::string key{context.handler().label};
  key += '\n';
  key += impl_->who(http);
  const impl::verdict verdict = impl_->take(std::move(key), limit);
  http_headers& headers = http.response().headers;
  if (verdict.allowed) {
    if (impl_->options.set_headers) {
      headers.set("X-RateLimit-Limit", std::to_string(limit.burst > 0 ? limit.burst : limit.limit));
      headers.set("X-RateLimit-Remaining", std::to_string(verdict.remaining));
      headers.set("X-RateLimit-Reset", std::to_string(verdict.reset));
    }
    return true;
  }
  if (impl_->options.set_headers) headers.set("Retry-After", std::to_string(verdict.reset));
  throw http_exception{boost::json::object{{"statusCode", 429}, {"message", impl_->options.error_message}}, 429};
}

std::size_t throttler_guard::trackers() const {
  std::size_t count = 0;
  for (auto& each : impl_->shards) {
    const std::lock_guard lock{each.mutex};
    count += each.full_at.size();
  }
  return count;
}

}  // namespace nestcpp
