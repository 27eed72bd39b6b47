#pragma once
// One peer of a server, without its socket: bytes in, frames dispatched, replies collected. Transports derive from it.

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/log.hpp>
#include <nestcpp/messaging/frame.hpp>
#include <nestcpp/messaging/message_dispatcher.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace nestcpp::detail {

class server_session : public message_link {
 public:
  server_session(event_loop& loop, message_dispatcher& dispatcher, std::size_t max_buffer_size)
      : loop_{&loop}, dispatcher_{&dispatcher}, decoder_{max_buffer_size} {}

  [[nodiscard]] event_loop& loop() noexcept final { return *loop_; }
  [[nodiscard]] std::string& output() noexcept final { return output_; }

 protected:
  // Dispatches the frames that are complete, as long as `may_dispatch` says so. False: the peer does not speak the
  // protocol; replies collected so far should be sent and the connection closed.
  [[nodiscard]] bool dispatch_frames() {
    const auto now = clock::now();
    std::string_view text;
    for (unsigned served = 1;; ++served) {
      held_ = !may_dispatch() || (served % 8 == 0 && clock::now() - now > turn && yield());
      if (held_) return true;
      switch (decoder_.next(text)) {
        case frame_decoder::status::need_more:
          return !decoder_.hopeless() || refuse("Corrupted length value supplied in a packet");
        case frame_decoder::status::error: return refuse(decoder_.error_text());
        case frame_decoder::status::frame:
          if (const std::string error = dispatcher_->dispatch(text, *this, now); !error.empty()) {
            return refuse("Could not parse JSON: " + error);
          }
      }
    }
  }
  // Whether the next frame may be served now; asked before each. Who says no calls `dispatch_frames` again in time.
  [[nodiscard]] virtual bool may_dispatch() { return true; }
  // The connection has had its turn. True: others go first, and `dispatch_frames` is called again behind them.
  [[nodiscard]] virtual bool yield() { return false; }
  // The last `dispatch_frames` stopped before the frames ended: nothing more should be read.
  [[nodiscard]] bool is_held() const noexcept { return held_; }

  [[nodiscard]] const std::string& pending_output() const noexcept { return output_; }
  [[nodiscard]] frame_decoder& decoder() noexcept { return decoder_; }

 private:
  // What a connection may take at once where others wait. A thousand that all send as fast as they can then hold
  // everybody up for 50 ms.
  static constexpr std::chrono::microseconds turn{50};

  static bool refuse(const std::string& why) {
    static constexpr logger log{"Server"};
    log.error("{}; the connection is closed", why);
    return false;
  }

  event_loop* loop_;
  message_dispatcher* dispatcher_;
  frame_decoder decoder_;
  std::string output_;
  bool held_ = false;
};

}  // namespace nestcpp::detail
