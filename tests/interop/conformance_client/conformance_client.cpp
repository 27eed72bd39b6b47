// Calls a service on TCP as it is told, a line for each call, all at once:
//
//   conformance_client --port N
//
//   {"n":1,"send":<pattern>,"data":…}     a request for its first value
//   {"n":2,"stream":<pattern>,"data":…}   a request for all values
//   {"n":3,"emit":<pattern>,"data":…}     an event
//
// and says what came of it, in the order in which they end: {"n":1,"values":[…]}, with "error" behind them where the
// call failed (the service's `err`, or why there was no answer). Ends when its input has ended and all calls have.

#include <nestcpp/nestcpp.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <string>
#include <string_view>

namespace {

namespace nest = nestcpp;

struct question {
  std::string number, kind, pattern, data;
};

// What came of the calls, on the standard output; counts those that have not ended.
class outcomes {
 public:
  void begin() {
    const std::lock_guard lock{mutex_};
    ++open_;
  }
  void end(const question& of, const std::string& values, const std::string& error) {
    const std::lock_guard lock{mutex_};
    const std::string line = "{\"n\":" + of.number + ",\"values\":[" + values + "]" +
                             (error.empty() ? std::string{} : ",\"error\":" + error) + "}\n";
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fflush(stdout);
    if (--open_ == 0) none_.notify_all();
  }
  void wait() {
    std::unique_lock lock{mutex_};
    none_.wait(lock, [this] { return open_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  int open_ = 0;
};

void append(std::string& values, const nest::reply& value) {
  if (!values.empty()) values += ',';
  values += value.has_value() ? value.text() : "null";
}

nest::task<void> answer(nest::client_proxy& client, outcomes& results, question asked) {
  std::string values, error;
  try {
    if (asked.kind == "emit") {
      co_await client.emit_text(asked.pattern, asked.data);
    } else if (asked.kind == "stream") {
      auto all = client.send_stream_text(asked.pattern, asked.data, {});
      while (auto value = co_await all.next()) append(values, *value);
    } else {
      const nest::reply value = co_await client.send_text(asked.pattern, asked.data, {});
      if (value.has_value()) append(values, value);
    }
  } catch (const nest::rpc_exception& refused) {
    nest::append_json_value(error, refused.error());
  } catch (const std::exception& failed) {
    nest::append_json_string(error, failed.what());
  }
  results.end(asked, values, error);
}

// A string as the text it is, another value as its JSON.
std::string pattern_of(std::string_view token) {
  std::string text;
  return nest::unquote_json(token, text) ? text : std::string{token};
}

question read(const std::string& line) {
  for (const char* kind : {"send", "stream", "emit"}) {
    const std::string_view pattern = nest::find_member(line, kind);
    if (pattern.empty()) continue;
    return {std::string{nest::find_member(line, "n")}, kind, pattern_of(pattern),
            std::string{nest::find_member(line, "data")}};
  }
  std::fprintf(stderr, "conformance_client: neither send, stream nor emit: %.200s\n", line.c_str());
  std::exit(1);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3 || std::string_view{arguments[1]} != "--port") {
    std::fprintf(stderr, "usage: conformance_client --port N\n");
    return 2;
  }
  nest::runtime loops{{.io_threads = 1}};
  loops.start();
  outcomes results;
  {
    const auto client = nest::make_tcp_client(loops, "peer",
                                              {.host = "127.0.0.1",
                                               .port = static_cast<std::uint16_t>(std::atoi(arguments[2])),
                                               .timeout = std::chrono::seconds{60}});
    std::ios::sync_with_stdio(false);
    for (std::string line; std::getline(std::cin, line);) {
      results.begin();
      boost::asio::co_spawn(loops.loop(0).executor(), answer(*client, results, read(line)), boost::asio::detached);
    }
    results.wait();
  }
  loops.stop();
  loops.join();
  return 0;
}
