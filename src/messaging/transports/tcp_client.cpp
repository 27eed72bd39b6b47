#include <nestcpp/messaging/transports/tcp/tcp_client.hpp>

#include "messaging/client_proxy_base.hpp"
#include "messaging/transports/tcp_client_session.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/with_deadline.hpp>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace nestcpp {

namespace {

using boost::asio::use_awaitable;
using boost::asio::ip::tcp;

// What all connections of a client have in common.
struct tcp_connector {
  explicit tcp_connector(std::shared_ptr<const detail::client_settings> of, tcp_client_options stated)
      : settings{std::move(of)}, options{std::move(stated)} {
    if (options.tls) tls.emplace(*options.tls, detail::tls_side::client);
  }

  std::shared_ptr<const detail::client_settings> settings;
  tcp_client_options options;
  std::optional<detail::tls_context> tls;
};

struct connect_failure : std::runtime_error {
  using runtime_error::runtime_error;
};

// An instance of the service: the addresses at which it may be found, to be tried in turn.
class tcp_address final : public detail::service_address {
 public:
  tcp_address(std::shared_ptr<tcp_connector> connector, std::string host, std::string text,
              std::vector<tcp::endpoint> endpoints)
      : connector_{std::move(connector)},
        host_{std::move(host)},
        text_{std::move(text)},
        endpoints_{std::move(endpoints)} {}

  [[nodiscard]] const std::string& text() const noexcept override { return text_; }

  task<detail::session_ptr> open(event_loop& loop) override {
    std::string why;
    try {
      auto connecting = connect(loop, connector_, host_, endpoints_);
      detail::tcp_stream stream =
          co_await with_deadline(std::move(connecting), deadline::after(connector_->options.connect_timeout));
      const boost::intrusive_ptr<detail::tcp_client_session> session{
          new detail::tcp_client_session{loop, connector_->settings, std::move(stream)}};
      session->start();
      co_return session;
    } catch (const deadline_exceeded&) {
      why = "no connection in time";
    } catch (const connect_failure& failure) {
      why = failure.what();
    } catch (const boost::system::system_error& error) {
      why = error.code().message();
    }
    throw connect_failure{"connect to " + text_ + ": " + why};
  }

 private:
  static task<detail::tcp_stream> connect(event_loop& loop, std::shared_ptr<tcp_connector> connector, std::string host,
                                          std::vector<tcp::endpoint> endpoints) {
    tcp::socket socket{loop.context()};
    co_await boost::asio::async_connect(socket, endpoints, use_awaitable);
    boost::system::error_code error;
    socket.set_option(tcp::no_delay{true}, error);
    detail::keep_alive(socket, connector->options.keep_alive);
    if (!connector->tls) co_return detail::tcp_stream{std::move(socket)};

    const std::string& stated = connector->options.tls->server_name;
    detail::tcp_stream stream{std::move(socket), *connector->tls, stated.empty() ? host : stated};
    co_await stream.async_handshake(boost::asio::redirect_error(use_awaitable, error));
    if (error == boost::asio::error::operation_aborted) throw boost::system::system_error{error};
    if (error) throw connect_failure{"TLS handshake: " + stream.explain(error)};
    co_return stream;
  }

  std::shared_ptr<tcp_connector> connector_;
  std::string host_;
  std::string text_;
  std::vector<tcp::endpoint> endpoints_;
};

class tcp_opener final : public detail::session_opener {
 public:
  explicit tcp_opener(std::shared_ptr<tcp_connector> connector)
      : connector_{std::move(connector)}, endpoints_{connector_->options.endpoints} {
    if (endpoints_.empty()) endpoints_.push_back({connector_->options.host, connector_->options.port});
    for (const tcp_endpoint& each : endpoints_) {
      boost::system::error_code is_name;
      boost::asio::ip::make_address(each.host, is_name);
      if (is_name) may_move_ = true;
    }
  }

  task<detail::resolution> resolve(event_loop& loop) override {
    detail::resolution result;
    std::string whys;
    for (const tcp_endpoint& each : endpoints_) {
      std::string why;
      try {
        auto looking_up = look_up(loop, each);
        const std::vector<tcp::endpoint> found =
            co_await with_deadline(std::move(looking_up), deadline::after(connector_->options.connect_timeout));
        add_instances(result.addresses, each, found);
      } catch (const deadline_exceeded&) {
        why = "no address in time";
      } catch (const boost::system::system_error& error) {
        why = error.code().message();
      }
      if (!why.empty()) whys += fmt::format("{}look up {}: {}", whys.empty() ? "" : "; ", each.host, why);
    }
    if (result.addresses.empty()) throw connect_failure{whys};
    result.complete = whys.empty();
    co_return result;
  }

  [[nodiscard]] bool may_move() const noexcept override { return may_move_; }

 private:
  static task<std::vector<tcp::endpoint>> look_up(event_loop& loop, tcp_endpoint of) {
    boost::system::error_code is_name;
    const auto address = boost::asio::ip::make_address(of.host, is_name);
    if (!is_name) co_return std::vector<tcp::endpoint>{{address, of.port}};
    tcp::resolver resolver{loop.context()};
    const auto found = co_await resolver.async_resolve(of.host, std::to_string(of.port), use_awaitable);
    co_return std::vector<tcp::endpoint>{found.begin(), found.end()};
  }

  // Each address of a name is an instance, but a machine with IPv4 and IPv6 is not two of them: the n-th address of one
  // family and the n-th of the other are taken for one instance, and tried in the resolver's order.
  void add_instances(std::vector<detail::address_ptr>& to, const tcp_endpoint& of,
                     const std::vector<tcp::endpoint>& found) const {
    std::array<std::vector<tcp::endpoint>, 2> families;
    const bool first_is_v6 = !found.empty() && found.front().address().is_v6();
    for (const tcp::endpoint& each : found) families[each.address().is_v6() == first_is_v6 ? 0 : 1].push_back(each);
    const std::size_t count = std::max(families[0].size(), families[1].size());
    for (std::size_t i = 0; i < count; ++i) {
      std::vector<tcp::endpoint> instance;
      for (const auto& family : families) {
        if (i < family.size()) instance.push_back(family[i]);
      }
      std::string text = fmt::format("{}:{}", of.host, of.port);
      if (count > 1) text += fmt::format(" ({})", instance.front().address().to_string());
      if (std::ranges::any_of(to, [&](const auto& known) { return known->text() == text; })) continue;
      to.push_back(std::make_shared<tcp_address>(connector_, of.host, std::move(text), std::move(instance)));
    }
  }

  std::shared_ptr<tcp_connector> connector_;
  std::vector<tcp_endpoint> endpoints_;
  bool may_move_ = false;
};

}  // namespace

std::unique_ptr<client_proxy> make_tcp_client(runtime& run, std::string name, tcp_client_options options) {
  detail::client_settings settings{.name = std::move(name),
                                   .timeout = options.timeout,
                                   .rules = options.rules,
                                   .max_buffer_size = options.max_buffer_size,
                                   .incomplete_message_timeout = options.incomplete_message_timeout,
                                   .max_send_buffer_size = options.max_send_buffer_size,
                                   .max_pending = options.max_pending,
                                   .max_stream_buffer_size = options.max_stream_buffer_size,
                                   .loops = options.loops,
                                   .reconnect = options.reconnect,
                                   .reconnect_backoff = options.reconnect_backoff};
  settings.reconnect_backoff.attempts = std::numeric_limits<int>::max();
  settings.reconnect_backoff.validate();
  const auto shared = std::make_shared<const detail::client_settings>(std::move(settings));
  auto opener = std::make_shared<tcp_opener>(std::make_shared<tcp_connector>(shared, std::move(options)));
  return std::make_unique<detail::client_proxy_base>(run, shared, std::move(opener));
}

}  // namespace nestcpp
