#include <nestcpp/messaging/transports/tcp/tcp_server.hpp>

#include "messaging/log_limit.hpp"
#include "messaging/transports/tcp_server_connection.hpp"

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>
#include <nestcpp/core/process.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <fmt/format.h>

#include <atomic>
#include <cerrno>
#include <future>
#include <optional>
#include <thread>
#include <vector>

namespace nestcpp {

namespace {

using boost::asio::ip::tcp;

constexpr logger log{"TcpServer"};
constexpr int accepted_at_once = 64;

// The part of the server that lives on one loop.
struct loop_side {
  loop_side(event_loop& on, const std::shared_ptr<detail::tcp_server_load>& load)
      : loop{&on}, sweep{on.context()}, connections{detail::tcp_server_load::add_loop(load, on)} {}
  event_loop* loop;
  timer sweep;
  bool ended = false;
  std::shared_ptr<detail::loop_connections> connections;
};

class tcp_server final : public transport_server, public std::enable_shared_from_this<tcp_server> {
 public:
  tcp_server(runtime& run, message_dispatcher& dispatcher, tcp_options options)
      : run_{&run}, dispatcher_{&dispatcher}, options_{std::move(options)}, acceptor_{run.loop(0).context()} {
    if (options_.tls) tls_.emplace(*options_.tls, detail::tls_side::server);
    for (std::size_t i = 0; i < run.loop_count(); ++i)
      sides_.push_back(std::make_unique<loop_side>(run.loop(i), load_));
  }

  void listen() override {
    const std::string address = options_.host + ":" + std::to_string(options_.port);
    boost::system::error_code error;
    tcp::resolver resolver{run_->loop(0).context()};
    const auto found = resolver.resolve(options_.host, std::to_string(options_.port), error);
    if (error) throw startup_error{"cannot listen on tcp " + address + ": " + error.message()};
    const tcp::endpoint endpoint = found.begin()->endpoint();
    acceptor_.open(endpoint.protocol(), error);
    // Not SO_REUSEPORT: two processes never share a port.
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address{true}, error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(boost::asio::socket_base::max_listen_connections, error);
    if (error) {
      acceptor_.close();
      throw startup_error{"cannot listen on tcp " + address + ": " + error.message()};
    }
    acceptor_.non_blocking(true);
    bound_ = acceptor_.local_endpoint();
    boost::asio::post(run_->loop(0).executor(), [self = shared_from_this()] { self->accept(); });
    for (auto& side : sides_) {
      boost::asio::post(side->loop->executor(), [self = shared_from_this(), side = side.get()] { self->sweep(*side); });
    }
  }

  [[nodiscard]] std::string describe() const override {
    const auto address = bound_.address();
    return "tcp " + (address.is_v6() ? "[" + address.to_string() + "]" : address.to_string()) + ":" +
           std::to_string(bound_.port());
  }

  void stop_accepting() override {
    if (stopping_.exchange(true)) return;
    boost::asio::post(run_->loop(0).executor(), [self = shared_from_this()] {
      boost::system::error_code ignored;
      self->acceptor_.close(ignored);
    });
  }

  void close(std::chrono::milliseconds patience) override {
    stop_accepting();
    on_each_loop([](loop_side& side) {
      side.ended = true;
      side.sweep.cancel();
      for (auto& each : held(side)) each->close_gracefully();
    });
    // A thread waits for others here: not on `nestcpp::clock`, which a mock may have stopped.
    const auto limit = std::chrono::steady_clock::now() + patience;
    while (open_connections() != 0 && std::chrono::steady_clock::now() < limit) {
      std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    on_each_loop([](loop_side& side) {
      for (auto& each : held(side)) each->cut();
      side.connections->forget_waiting();
    });
  }

 private:
  [[nodiscard]] loop_side& next_side() noexcept { return *sides_[next_++ % sides_.size()]; }

  // Closing may destroy a connection, which takes itself out of the set: walk over references held.
  static std::vector<boost::intrusive_ptr<detail::tcp_server_connection>> held(loop_side& side) {
    return {side.connections->open.begin(), side.connections->open.end()};
  }

  template <class F>
  void on_each_loop(F work) {
    for (auto& side : sides_) {
      std::promise<void> done;
      boost::asio::post(side->loop->executor(), [&work, &done, side = side.get()] {
        work(*side);
        done.set_value();
      });
      done.get_future().wait();
    }
  }

  std::size_t open_connections() {
    std::size_t count = 0;
    on_each_loop([&count](loop_side& side) { count += side.connections->open.size(); });
    return count;
  }

  void accept() {
    if (stopping_) return;
    loop_side& side = next_side();
    acceptor_.async_accept(side.loop->context(), [self = shared_from_this(), side = &side](
                                                     boost::system::error_code error, tcp::socket socket) {
      self->on_accept(error, std::move(socket), *side);
    });
  }

  void on_accept(boost::system::error_code error, tcp::socket socket, loop_side& side) {
    if (stopping_) return;
    if (!error) take(std::move(socket), side);
    // Whoever else waits already: one for each turn of a busy loop would make newcomers wait for very long.
    for (int i = 0; i < accepted_at_once && !error; ++i) {
      loop_side& next = next_side();
      tcp::socket another = acceptor_.accept(next.loop->context(), error);
      if (!error) take(std::move(another), next);
    }
    if (!error || error == boost::asio::error::would_block || error == boost::asio::error::connection_aborted) {
      return accept();
    }
    // Out of descriptors or memory: the connection stays in the backlog; trying again at once would spin.
    tell_accept_failed(error);
    retry_.expires_after(std::chrono::milliseconds{100});
    retry_.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
      if (!cancelled) self->accept();
    });
  }

  // Closes the socket where there are too many.
  void take(tcp::socket socket, loop_side& side) {
    if (options_.max_connections != 0 && load_->connections.load() >= options_.max_connections) {
      if (const auto silent = refusals_.may_log()) {
        log.error("{}: max_connections, {}, is reached: a new connection is closed ({} more like it)", describe(),
                  options_.max_connections, *silent);
      }
      return;
    }
    load_->connections.fetch_add(1);
    boost::asio::post(side.loop->executor(), [self = shared_from_this(), &side, socket = std::move(socket)]() mutable {
      const boost::intrusive_ptr<detail::tcp_server_connection> connection{new detail::tcp_server_connection{
          *side.loop, *self->dispatcher_, self->options_, self->stream_on(std::move(socket)), side.connections}};
      connection->start();
    });
  }

  void tell_accept_failed(boost::system::error_code error) {
    const auto silent = accept_failures_.may_log();
    if (!silent) return;
    const bool descriptors = error == boost::asio::error::no_descriptors || error.value() == ENFILE;
    log.error("{}: cannot accept a connection: {}{} ({} more like it)", describe(), error.message(),
              descriptors ? fmt::format("; raise the limit of open files, which is {}", raise_open_files_limit())
                          : std::string{},
              *silent);
  }

  detail::tcp_stream stream_on(tcp::socket socket) {
    if (!tls_) return detail::tcp_stream{std::move(socket)};
    return detail::tcp_stream{std::move(socket), *tls_};
  }

  // How often peers are looked at: four times within the shortest limit, at least once a second.
  [[nodiscard]] std::chrono::milliseconds sweep_interval() const {
    std::chrono::milliseconds interval{1000};
    const auto within = [&interval](std::chrono::milliseconds limit) {
      if (limit.count() != 0) interval = std::min(interval, limit / 4 + std::chrono::milliseconds{1});
    };
    within(options_.incomplete_message_timeout);
    within(options_.idle_timeout);
    if (tls_) within(tls_->options().handshake_timeout);
    return interval;
  }

  void sweep(loop_side& side) {
    side.sweep.expires_after(sweep_interval());
    side.sweep.async_wait([self = shared_from_this(), &side](boost::system::error_code cancelled) {
      if (cancelled || side.ended) return;
      const auto now = clock::now();
      for (auto& each : held(side)) each->look_after(now);
      self->sweep(side);
    });
  }

  runtime* run_;
  message_dispatcher* dispatcher_;
  tcp_options options_;
  std::optional<detail::tls_context> tls_;
  tcp::acceptor acceptor_;
  timer retry_{run_->loop(0).context()};
  std::shared_ptr<detail::tcp_server_load> load_{std::make_shared<detail::tcp_server_load>(options_.max_in_flight)};
  std::vector<std::unique_ptr<loop_side>> sides_;
  detail::log_limit refusals_, accept_failures_;
  tcp::endpoint bound_;
  std::size_t next_ = 0;
  std::atomic<bool> stopping_{false};
};

// Owned by its user, kept alive by its pending operations.
class tcp_server_handle final : public transport_server {
 public:
  explicit tcp_server_handle(std::shared_ptr<tcp_server> server) : server_{std::move(server)} {}
  ~tcp_server_handle() override {
    if (open_) server_->close(std::chrono::milliseconds{0});
  }
  void listen() override {
    server_->listen();
    open_ = true;
  }
  [[nodiscard]] std::string describe() const override { return server_->describe(); }
  void stop_accepting() override { server_->stop_accepting(); }
  void close(std::chrono::milliseconds patience) override {
    if (open_) server_->close(patience);
    open_ = false;
  }

 private:
  std::shared_ptr<tcp_server> server_;
  bool open_ = false;
};

}  // namespace

std::unique_ptr<transport_server> make_tcp_server(runtime& run, message_dispatcher& dispatcher, tcp_options options) {
  return std::make_unique<tcp_server_handle>(std::make_shared<tcp_server>(run, dispatcher, std::move(options)));
}

}  // namespace nestcpp
