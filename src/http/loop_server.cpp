#include "http/loop_server.hpp"

#include "http/http_session.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>

#include <boost/asio/post.hpp>
#include <boost/intrusive/list.hpp>

#include <algorithm>
#include <future>
#include <thread>
#include <vector>

namespace nestcpp::detail {

namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;

constexpr logger log{"HttpServer"};
constexpr auto look_interval = 100ms;
constexpr int accepted_at_once = 64;

// The connections of one loop.
struct loop_side {
  explicit loop_side(event_loop& on) : loop{&on}, look{on.context()} {}

  // Ending a connection takes it out of the list: walk over references held.
  [[nodiscard]] std::vector<std::shared_ptr<http_session>> held() {
    std::vector<std::shared_ptr<http_session>> all;
    for (auto& each : sessions) {
      if (auto alive = each.weak_from_this().lock()) all.push_back(std::move(alive));
    }
    return all;
  }

  event_loop* loop;
  timer look;
  bool looking = false;
  boost::intrusive::list<http_session, boost::intrusive::constant_time_size<false>> sessions;
};

class loop_server final : public http_server {
 public:
  loop_server(http_dispatcher& dispatcher, runtime& loops, http_server_options options,
              std::unique_ptr<body_readers> bodies)
      : loops_{loops},
        shared_{std::make_shared<server_shared>(dispatcher, std::move(options), std::move(bodies))},
        state_{std::make_shared<state>(loops, shared_)} {}
  ~loop_server() override { close(); }

  void start() override {
    if (started_.exchange(true)) return;
    if (shared_->options.tls) state_->tls.emplace(*shared_->options.tls, tls_side::server);
    state_->acceptor = open();
    port_ = state_->acceptor->local_endpoint().port();
    boost::asio::post(loops_.loop(0).executor(), [state = state_] { state->accept(); });
  }

  [[nodiscard]] std::uint16_t port() const noexcept override { return port_; }

  void stop_accepting() override {
    if (!started_ || shared_->stopping.exchange(true)) return;
    on_each_loop([state = state_](loop_side& side) {
      if (side.loop->index() == 0) state->close_acceptor();
      for (auto& each : side.held()) each->stop_reading();
    });
  }

  [[nodiscard]] bool drain(deadline limit) override {
    if (!started_) return true;
    return shared_->gate.drain(limit);
  }

  void close() override {
    if (!started_ || closed_.exchange(true)) return;
    stop_accepting();
    on_each_loop([](loop_side& side) {
      for (auto& each : side.held()) each->give_up();
    });
    static_cast<void>(drain(deadline{std::chrono::steady_clock::now() + 1s}));
    on_each_loop([](loop_side& side) {
      side.look.cancel();
      for (auto& each : side.held()) each->cut();
    });
    shared_->gate.forget_waiting();
  }

 private:
  // Shared with the handlers that wait on the loops.
  struct state : std::enable_shared_from_this<state> {
    state(runtime& loops, std::shared_ptr<server_shared> with)
        : shared{std::move(with)}, pause{loops.loop(0).context()} {
      for (std::size_t i = 0; i < loops.loop_count(); ++i) sides.push_back(std::make_unique<loop_side>(loops.loop(i)));
    }

    void accept() {
      if (!acceptor || shared->stopping.load(std::memory_order_relaxed)) return;
      loop_side& side = next_side();
      acceptor->async_accept(side.loop->context(), [self = shared_from_this(), side = &side](
                                                       boost::system::error_code error, tcp::socket socket) {
        self->on_accept(error, std::move(socket), *side);
      });
    }

    void on_accept(boost::system::error_code error, tcp::socket socket, loop_side& side) {
      if (!acceptor || shared->stopping.load(std::memory_order_relaxed)) return;
      if (!error) take(std::move(socket), side);
      // Whoever else waits already: one for each turn of a busy loop would make newcomers wait for very long.
      for (int i = 0; i < accepted_at_once && !error; ++i) {
        loop_side& next = next_side();
        tcp::socket another = acceptor->accept(next.loop->context(), error);
        if (!error) take(std::move(another), next);
      }
      if (!error || error == boost::asio::error::would_block || error == boost::asio::error::try_again ||
          error == boost::asio::error::connection_aborted) {
        return accept();
      }
      // Out of descriptors or memory: the listener stays, and others may end meanwhile.
      log.warn("a connection could not be accepted: {}", error.message());
      pause.expires_after(100ms);
      pause.async_wait([self = shared_from_this()](boost::system::error_code stopped) {
        if (!stopped) self->accept();
      });
    }

    void take(tcp::socket socket, loop_side& side) {
      boost::asio::post(
          side.loop->executor(), [self = shared_from_this(), side = &side, socket = std::move(socket)]() mutable {
            if (self->shared->stopping.load(std::memory_order_relaxed)) return;
            try {
              tcp_stream stream = self->tls ? tcp_stream{std::move(socket), *self->tls} : tcp_stream{std::move(socket)};
              const auto session = std::make_shared<http_session>(*side->loop, std::move(stream), self->shared);
              side->sessions.push_back(*session);
              session->start();
              self->look(*side);
            } catch (const std::exception& failure) {
              log.error("a connection could not be kept: {}", failure.what());
            }
          });
    }

    void look(loop_side& side) {
      if (side.looking) return;
      side.looking = true;
      side.look.expires_after(look_interval);
      side.look.async_wait([self = shared_from_this(), side = &side](boost::system::error_code error) {
        side->looking = false;
        if (error) return;
        const auto now = clock::now();
        for (auto& each : side->held()) each->look_after(now);
        if (!side->sessions.empty()) self->look(*side);
      });
    }

    void close_acceptor() {
      pause.cancel();
      acceptor.reset();
    }

    loop_side& next_side() noexcept { return *sides[next++ % sides.size()]; }

    std::shared_ptr<server_shared> shared;
    std::optional<tls_context> tls;
    std::optional<tcp::acceptor> acceptor;
    timer pause;
    std::vector<std::unique_ptr<loop_side>> sides;
    std::size_t next = 0;
  };

  tcp::acceptor open() {
    const http_server_options& options = shared_->options;
    const std::string place = options.host + ':' + std::to_string(options.port);
    boost::system::error_code error;
    tcp::resolver resolver{loops_.loop(0).context()};
    const auto found = resolver.resolve(options.host, std::to_string(options.port), tcp::resolver::passive, error);
    if (error) throw startup_error{"cannot listen for HTTP on " + place + ": " + error.message()};
    const tcp::endpoint address = found.begin()->endpoint();
    tcp::acceptor acceptor{loops_.loop(0).context()};
    acceptor.open(address.protocol(), error);
    // Only that a port in TIME_WAIT can be used again; SO_REUSEPORT would let two processes share one.
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
    if (!error) acceptor.bind(address, error);
    if (!error) acceptor.listen(boost::asio::socket_base::max_listen_connections, error);
    if (!error) acceptor.non_blocking(true, error);
    if (error) {
      throw startup_error{"cannot listen for HTTP on " + place + ": " +
                          (error == boost::asio::error::address_in_use ? "the port is in use" : error.message())};
    }
    return acceptor;
  }

  // Waits until each loop has done it, but for those that have ended.
  template <class F>
  void on_each_loop(F work) {
    for (auto& side : state_->sides) {
      if (event_loop::current() == side->loop) {
        work(*side);
        continue;
      }
      auto done = std::make_shared<std::promise<void>>();
      auto finished = done->get_future();
      boost::asio::post(side->loop->executor(), [work, done, state = state_, side = side.get()]() mutable {
        work(*side);
        done->set_value();
      });
      while (finished.wait_for(5ms) != std::future_status::ready) {
        if (side->loop->context().stopped()) break;
      }
    }
  }

  runtime& loops_;
  std::shared_ptr<server_shared> shared_;
  std::shared_ptr<state> state_;
  std::atomic<std::uint16_t> port_{0};
  std::atomic<bool> started_{false};
  std::atomic<bool> closed_{false};
};

}  // namespace

std::unique_ptr<http_server> make_loop_server(http_dispatcher& dispatcher, runtime& loops, http_server_options options,
                                              std::unique_ptr<body_readers> bodies) {
  return std::make_unique<loop_server>(dispatcher, loops, std::move(options), std::move(bodies));
}

}  // namespace nestcpp::detail
