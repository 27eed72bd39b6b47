#pragma once
/// @file nestcpp/messaging/message_registry.hpp
/// @brief Finds the handlers of a pattern.

#include <nestcpp/pipeline/handler_chain.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nestcpp {

/// What is bound to one pattern: a message handler, or any number of event handlers, or both.
struct pattern_handlers {
  std::unique_ptr<handler_chain> message;
  std::vector<std::unique_ptr<handler_chain>> events;
};

/// Filled at start, then read by all loops.
/// @par Thread safety `find` is safe once the last `add_*` has returned.
class message_registry {
 public:
  /// @throws startup_error where the pattern has a message handler already; names both
  void add_message(std::string_view pattern, std::unique_ptr<handler_chain> chain);
  void add_event(std::string_view pattern, std::unique_ptr<handler_chain> chain);

  /// @param raw_pattern the JSON of the packet's `pattern`: a string or any other value (NestJS's object patterns)
  /// @return null: nothing is bound to it
  [[nodiscard]] const pattern_handlers* find(std::string_view raw_pattern) const;

  [[nodiscard]] bool empty() const noexcept { return by_route_.empty(); }
  /// The patterns in their normalised form, with their handlers.
  [[nodiscard]] const auto& patterns() const noexcept { return by_route_; }

 private:
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };
  template <class T>
  using text_map = std::unordered_map<std::string, T, text_hash, std::equal_to<>>;

  pattern_handlers& at(std::string_view pattern);

  text_map<std::unique_ptr<pattern_handlers>> by_route_;
  // The JSON string that a NestJS client sends for a pattern of plain text, so that most packets are found in one
  // look-up.
  text_map<const pattern_handlers*> by_literal_;
};

}  // namespace nestcpp
