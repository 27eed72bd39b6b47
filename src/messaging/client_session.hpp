#pragma once
// One connection of a client, without its socket: pending calls, replies matched to them. Transports derive from it.
// All members run on the connection's loop.

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/messaging/envelope.hpp>
#include <nestcpp/messaging/frame.hpp>
#include <nestcpp/pipeline/reply.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <unordered_map>

namespace nestcpp::detail {

class client_session : public boost::intrusive_ref_counter<client_session, boost::thread_safe_counter> {
 public:
  using completion = boost::asio::any_completion_handler<void(std::exception_ptr, reply)>;

  client_session(event_loop& loop, std::string name, std::size_t max_buffer_size)
      : loop_{&loop}, name_{std::move(name)}, decoder_{max_buffer_size} {}
  virtual ~client_session() = default;

  [[nodiscard]] event_loop& loop() noexcept { return *loop_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] bool open() const noexcept { return open_; }

  // Appends frames to send; followed by flush_later().
  [[nodiscard]] std::string& output() noexcept { return output_; }
  virtual void flush_later() = 0;
  // Ends the connection; pending calls fail with "Connection closed".
  void close();

  // An id for the next request.
  [[nodiscard]] request_id next_id() noexcept { return ids_.next(); }
  // Registers a call by its id's key; `done` is called exactly once.
  void expect(std::uint64_t key, completion done) { pending_.emplace(key, std::move(done)); }
  // Ends a call early (time limit, cancellation); its late reply is dropped. Does nothing if it has ended.
  void give_up(std::uint64_t key, std::exception_ptr why);

 protected:
  // False: the service does not speak the protocol; the connection must be closed.
  [[nodiscard]] bool take_replies();
  [[nodiscard]] frame_decoder& decoder() noexcept { return decoder_; }
  virtual void close_transport() noexcept = 0;

 private:
  bool on_reply(std::string_view text);
  void complete(std::unordered_map<std::uint64_t, completion>::iterator call, std::exception_ptr failure, reply value);

  event_loop* loop_;
  std::string name_;
  frame_decoder decoder_;
  std::string output_;
  request_id_generator ids_;
  std::unordered_map<std::uint64_t, completion> pending_;  // by the id's key
  bool open_ = true;
};

}  // namespace nestcpp::detail
