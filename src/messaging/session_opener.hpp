#pragma once
// What a transport brings to a client: where its service is, and connections to there.

#include "messaging/client_session.hpp"

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/core/task.hpp>

#include <memory>
#include <string>
#include <vector>

namespace nestcpp::detail {

// An instance of the service, at one address.
class service_address {
 public:
  virtual ~service_address() = default;
  // Equal for equal addresses; stands in errors and logs.
  [[nodiscard]] virtual const std::string& text() const noexcept = 0;
  // Takes a bounded time. @throws std::exception whose what() says why not
  [[nodiscard]] virtual task<session_ptr> open(event_loop& loop) = 0;
};

using address_ptr = std::shared_ptr<service_address>;

struct resolution {
  std::vector<address_ptr> addresses;  // each once
  bool complete = true;                // false: there may be others, whose names could not be looked up now
};

// Outlives the client where an attempt is under way. Used on several loops at a time.
class session_opener {
 public:
  virtual ~session_opener() = default;
  // The instances there are now. Takes a bounded time. @throws std::exception whose what() says why there is none
  [[nodiscard]] virtual task<resolution> resolve(event_loop& loop) = 0;
  // The answer of `resolve` may change.
  [[nodiscard]] virtual bool may_move() const noexcept = 0;
};

}  // namespace nestcpp::detail
