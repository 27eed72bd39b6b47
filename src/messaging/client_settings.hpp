#pragma once
// What the parts of a client need to know, whatever its transport.

#include <nestcpp/messaging/envelope.hpp>
#include <nestcpp/resilience/exponential_backoff.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace nestcpp::detail {

struct client_settings {
  std::string name;
  std::chrono::milliseconds timeout{5000};
  reply_rules rules = reply_rules::v12;
  std::size_t max_buffer_size = 134217728;
  std::chrono::milliseconds incomplete_message_timeout{30000};
  std::size_t max_send_buffer_size = 134217728;
  std::size_t max_pending = 65536;
  std::size_t max_stream_buffer_size = 16777216;
  std::size_t loops = 0;  // those that hold connections; 0: all
  bool reconnect = true;
  exponential_backoff reconnect_backoff{.attempts = 1 << 30,
                                        .initial = std::chrono::milliseconds{100},
                                        .multiplier = 2,
                                        .max = std::chrono::milliseconds{10000},
                                        .jitter = backoff_jitter::proportional};
};

}  // namespace nestcpp::detail
