#include <nestcpp/messaging/transports/in_memory/in_memory.hpp>

#include "messaging/client_proxy_base.hpp"
#include "messaging/server_session.hpp"

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/exceptions.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <vector>

namespace nestcpp {

namespace {

constexpr std::size_t max_buffer_size = 134217728;

class memory_server_session;

void feed(frame_decoder& decoder, std::string_view bytes) {
  const auto room = decoder.prepare(bytes.size());
  std::memcpy(room.data(), bytes.data(), bytes.size());
  decoder.commit(bytes.size());
}

class memory_client_session final : public detail::client_session {
 public:
  memory_client_session(event_loop& loop, std::shared_ptr<const detail::client_settings> settings)
      : client_session{loop, std::move(settings)} {}

  void connect(boost::intrusive_ptr<memory_server_session> peer) { peer_ = std::move(peer); }
  void flush_later() override;
  void receive(std::string_view bytes) {
    if (!open()) return;
    feed(decoder(), bytes);
    if (!take_replies()) close();
  }

 private:
  void close_transport() noexcept override;
  [[nodiscard]] std::size_t in_flight() const noexcept override { return 0; }

  boost::intrusive_ptr<memory_server_session> peer_;
  bool flush_scheduled_ = false;
};

// The open connections of a server; each lives on its client's loop.
class open_sessions {
 public:
  void add(boost::intrusive_ptr<memory_server_session> session);
  void remove(memory_server_session* session);
  // Closes each on its loop. Returns when all are closed, or after `patience`: a client's loops may have ended.
  void close_all(std::chrono::milliseconds patience);

 private:
  std::mutex mutex_;
  std::condition_variable removed_;
  std::set<boost::intrusive_ptr<memory_server_session>> sessions_;
};

class memory_server_session final : public detail::server_session {
 public:
  memory_server_session(event_loop& loop, message_dispatcher& dispatcher, std::shared_ptr<open_sessions> among)
      : server_session{loop, dispatcher, max_buffer_size}, among_{std::move(among)}, loop_end_{loop.context()} {}

  // Lets go of the session when it closes, or when its client's loop is destroyed before the server: a wait that only
  // ends by being cancelled or destroyed.
  void watch_loop() {
    struct watch {
      explicit watch(boost::intrusive_ptr<memory_server_session> of) : session{std::move(of)} {}
      watch(watch&&) noexcept = default;
      ~watch() {
        if (!session) return;
        if (const auto peer = std::exchange(session->peer_, nullptr)) peer->connect(nullptr);
        session->among_->remove(session.get());
      }
      boost::intrusive_ptr<memory_server_session> session;
    };
    loop_end_.expires_at(timer::time_point::max());
    loop_end_.async_wait([of = watch{this}](boost::system::error_code) {});
  }

  void connect(boost::intrusive_ptr<memory_client_session> peer) { peer_ = std::move(peer); }
  void receive(std::string_view bytes) {
    if (!peer_ || done_reading_) return;
    feed(decoder(), bytes);
    done_reading_ = !dispatch_frames();
    flush();
    if (done_reading_) close();
  }
  void flush_later() noexcept override {
    if (flush_scheduled_) return;
    flush_scheduled_ = true;
    boost::asio::post(loop().executor(), [self = boost::intrusive_ptr<memory_server_session>{this}] {
      self->flush_scheduled_ = false;
      self->flush();
    });
  }
  [[nodiscard]] bool congested() const noexcept override { return false; }  // the peer takes everything at once
  [[nodiscard]] bool closed() const noexcept override { return !peer_; }
  void close() {
    if (const auto peer = std::exchange(peer_, nullptr)) peer->close();
    abandon_streams();
    loop_end_.cancel();
  }

 private:
  void flush() {
    if (!peer_ || output().empty()) return;
    std::string bytes;
    bytes.swap(output());
    const auto peer = peer_;
    peer->receive(bytes);
  }

  std::shared_ptr<open_sessions> among_;
  timer loop_end_;
  boost::intrusive_ptr<memory_client_session> peer_;
  bool flush_scheduled_ = false;
  bool done_reading_ = false;
};

void open_sessions::add(boost::intrusive_ptr<memory_server_session> session) {
  const std::lock_guard lock{mutex_};
  sessions_.insert(std::move(session));
}

void open_sessions::remove(memory_server_session* session) {
  boost::intrusive_ptr<memory_server_session> last;  // released after the lock
  {
    const std::lock_guard lock{mutex_};
    const auto found = sessions_.find(session);
    if (found == sessions_.end()) return;
    last = *found;
    sessions_.erase(found);
  }
  removed_.notify_all();
}

void open_sessions::close_all(std::chrono::milliseconds patience) {
  std::unique_lock lock{mutex_};
  for (const auto& each : sessions_) {
    boost::asio::post(each->loop().executor(), [each] { each->close(); });
  }
  removed_.wait_for(lock, patience, [this] { return sessions_.empty(); });
}

void memory_client_session::flush_later() {
  if (flush_scheduled_) return;
  flush_scheduled_ = true;
  boost::asio::post(loop().executor(), [self = boost::intrusive_ptr<memory_client_session>{this}] {
    self->flush_scheduled_ = false;
    std::string bytes;
    bytes.swap(self->output());
    if (const auto peer = self->peer_; peer && !bytes.empty()) peer->receive(bytes);
  });
}

void memory_client_session::close_transport() noexcept {
  if (const auto peer = std::exchange(peer_, nullptr)) peer->close();
}

}  // namespace

struct in_memory_network::impl {
  struct listener {
    message_dispatcher* dispatcher;
    std::shared_ptr<open_sessions> sessions = std::make_shared<open_sessions>();
  };

  std::mutex mutex;
  std::map<std::string, std::shared_ptr<listener>, std::less<>> listeners;
};

in_memory_network::in_memory_network() : impl_{std::make_shared<impl>()} {}
in_memory_network::~in_memory_network() = default;

namespace {

class memory_server final : public transport_server {
 public:
  memory_server(message_dispatcher& dispatcher, std::shared_ptr<in_memory_network::impl> network, std::string address)
      : dispatcher_{&dispatcher}, network_{std::move(network)}, address_{std::move(address)} {}
  ~memory_server() override { close(std::chrono::milliseconds{0}); }

  void listen() override {
    const std::lock_guard lock{network_->mutex};
    auto& place = network_->listeners[address_];
    if (place) throw startup_error{"cannot listen on memory " + address_ + ": the address is in use"};
    place = std::make_shared<in_memory_network::impl::listener>();
    place->dispatcher = dispatcher_;
    listener_ = place;
  }
  [[nodiscard]] std::string describe() const override { return "memory " + address_; }
  void stop_accepting() override {
    const std::lock_guard lock{network_->mutex};
    const auto place = network_->listeners.find(address_);
    if (place != network_->listeners.end() && place->second == listener_) network_->listeners.erase(place);
  }
  void close(std::chrono::milliseconds patience) override {
    if (!listener_) return;
    stop_accepting();
    listener_->sessions->close_all(std::max(patience, std::chrono::milliseconds{100}));
    listener_ = nullptr;
  }

 private:
  message_dispatcher* dispatcher_;
  std::shared_ptr<in_memory_network::impl> network_;
  std::string address_;
  std::shared_ptr<in_memory_network::impl::listener> listener_;
};

class memory_address final : public detail::service_address {
 public:
  memory_address(std::shared_ptr<const detail::client_settings> settings,
                 std::shared_ptr<in_memory_network::impl> network, std::string address)
      : settings_{std::move(settings)}, network_{std::move(network)}, address_{std::move(address)} {}

  [[nodiscard]] const std::string& text() const noexcept override { return address_; }

  task<detail::session_ptr> open(event_loop& loop) override {
    std::shared_ptr<in_memory_network::impl::listener> listener;
    {
      const std::lock_guard lock{network_->mutex};
      const auto found = network_->listeners.find(address_);
      if (found != network_->listeners.end()) listener = found->second;
    }
    if (!listener) throw std::runtime_error{"connect to memory " + address_ + ": nobody listens there"};
    const boost::intrusive_ptr<memory_client_session> client{new memory_client_session{loop, settings_}};
    const boost::intrusive_ptr<memory_server_session> server{
        new memory_server_session{loop, *listener->dispatcher, listener->sessions}};
    client->connect(server);
    server->connect(client);
    listener->sessions->add(server);
    server->watch_loop();
    co_return client;
  }

 private:
  std::shared_ptr<const detail::client_settings> settings_;
  std::shared_ptr<in_memory_network::impl> network_;
  std::string address_;
};

class memory_opener final : public detail::session_opener {
 public:
  explicit memory_opener(detail::address_ptr address) : address_{std::move(address)} {}

  task<detail::resolution> resolve(event_loop&) override { co_return detail::resolution{.addresses = {address_}}; }
  [[nodiscard]] bool may_move() const noexcept override { return false; }

 private:
  detail::address_ptr address_;
};

}  // namespace

std::unique_ptr<transport_server> make_in_memory_server(message_dispatcher& dispatcher, in_memory_network& network,
                                                        std::string address) {
  return std::make_unique<memory_server>(dispatcher, network.shared(), std::move(address));
}

std::unique_ptr<client_proxy> make_in_memory_client(runtime& run, std::string name, in_memory_network& network,
                                                    std::string address, std::chrono::milliseconds timeout) {
  const auto settings = std::make_shared<const detail::client_settings>(
      detail::client_settings{.name = std::move(name), .timeout = timeout});
  auto opener =
      std::make_shared<memory_opener>(std::make_shared<memory_address>(settings, network.shared(), std::move(address)));
  return std::make_unique<detail::client_proxy_base>(run, settings, std::move(opener));
}

}  // namespace nestcpp
