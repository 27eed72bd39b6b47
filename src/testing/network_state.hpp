#pragma once
// What the parts of a test's network share.

#include <nestcpp/testing/test_network.hpp>

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace nestcpp::testing::detail {

struct network_state : std::enable_shared_from_this<network_state> {
  using stub_function = std::function<task<reply>(std::string)>;

  // What is to become of a call; the call has been recorded.
  struct decision {
    call_fault fault{};
    stub_function stub{};
    bool is_served = false;
  };
  [[nodiscard]] decision decide(const std::string& service, std::string_view pattern, const std::string& payload);
  [[nodiscard]] std::vector<std::string> payloads_of(const std::string& route) const;  // with the mutex held
  [[nodiscard]] std::string summary() const;                                           // with the mutex held

  in_memory_network memory;
  std::unique_ptr<client_connector> connector;

  mutable std::mutex mutex;  // all below
  mutable std::condition_variable published;
  std::vector<sent_message> sent;
  std::vector<fault_rule> faults;
  std::map<std::string, stub_function> stubs;
  std::set<std::string, std::less<>> services;
};

// Goes through the network's faults and stubs before it goes to the service.
[[nodiscard]] std::unique_ptr<client_proxy> make_network_client(std::weak_ptr<network_state> network,
                                                                std::unique_ptr<client_proxy> inner);

}  // namespace nestcpp::testing::detail
