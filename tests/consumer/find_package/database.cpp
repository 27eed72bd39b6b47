// An outside project: awaits a task on the runtime.
#include <nestcpp/core/runtime.hpp>
#include <nestcpp/core/task.hpp>
#include <nestcpp/core/version.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <cstdio>
#include <string>

nestcpp::task<std::string> answer() { co_return std::string{"nestcpp "} + nestcpp::version; }

int main() {
  nestcpp::runtime runtime{{.io_threads = 1}};
  runtime.start();
  const std::string text = boost::asio::co_spawn(runtime.loop(0).executor(), answer(), boost::asio::use_future).get();
  std::puts(text.c_str());
  return text == "nestcpp 0.1.0" ? 0 : 1;
}
