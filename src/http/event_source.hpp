#pragma once
// The body of a server-sent events answer: between a call's stream and the adapter.

#include <nestcpp/core/clock.hpp>
#include <nestcpp/http/http_body_source.hpp>
#include <nestcpp/pipeline/call.hpp>

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace nestcpp::detail {

class event_source;

/// The event streams of a dispatcher that are open, which end when it shuts down.
/// @par Thread safety Safe.
class open_event_streams {
 public:
  void add(const std::shared_ptr<event_source>& one);
  void remove(const event_source* one) noexcept;
  /// Ends all, on their loops.
  void end_all();

 private:
  std::mutex mutex_;
  std::unordered_map<const event_source*, std::weak_ptr<event_source>> all_;
};

/// Lives on the call's loop. Holds its call until the stream has ended.
class event_source final : public http_body_source {
 public:
  event_source(boost::intrusive_ptr<call> owner, std::shared_ptr<open_event_streams> registry);
  ~event_source() override;

  /// @name For the call
  /// @{
  void push(std::string_view text);
  /// Nothing follows.
  void end() noexcept;
  /// So much waits for the peer that the stream should pause.
  [[nodiscard]] bool is_full() const noexcept { return text_.size() >= high_water; }
  /// `call::resume_stream` is called when there is room.
  void await_room() noexcept { waits_for_room_ = true; }
  /// @}

  /// Ends the call's stream, too: the service stops.
  void close() noexcept;

  [[nodiscard]] task<bool> next(std::string& to) override;
  void abandon() noexcept override;

 private:
  static constexpr std::size_t high_water = 64 * 1024;

  void wake() noexcept;

  boost::intrusive_ptr<call> owner_;
  std::shared_ptr<open_event_streams> registry_;
  std::string text_;
  timer news_;  // never expires: cancelled where there is something to tell
  bool ended_ = false;
  bool waits_for_room_ = false;
};

}  // namespace nestcpp::detail
