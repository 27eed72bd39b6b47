// An outside project: a service with two handlers, started, asked by a typed client of its own, and stopped.
#include <nestcpp/nestcpp.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <cstdio>
#include <string>

namespace nest = nestcpp;

struct GreetDto {
  std::string name;
};
NEST_DTO(GreetDto, NEST_FIELD(name, is_string(), is_not_empty()));

struct GreetingDto {
  std::string text;
};
NEST_DTO(GreetingDto, NEST_FIELD(text));

struct CountDto {
  int greetings = 0;
};
NEST_DTO(CountDto, NEST_FIELD(greetings));

struct NothingDto {};
NEST_DTO(NothingDto);

namespace contracts {
using greet = nest::message<"greet", GreetDto, GreetingDto>;
using count = nest::message<"count", NothingDto, CountDto>;
}  // namespace contracts

class GreetingsController {
  NEST_CONTROLLER(GreetingsController, "/greetings");

 public:
  NEST_MESSAGE_PATTERN(greet, contracts::greet);
  NEST_POST(greet, "/");
  nest::task<GreetingDto> greet(GreetDto dto) {
    ++count_;
    co_return GreetingDto{"Hello, " + dto.name};
  }

  NEST_MESSAGE_PATTERN(count, contracts::count);
  CountDto count(NothingDto) { return {count_}; }

 private:
  int count_ = 0;  // one event loop below
};

class GreetingsClient : public nest::typed_client {
  NEST_CLIENT(GreetingsClient, "greetings");

 public:
  NEST_SEND(greet, contracts::greet);
  NEST_SEND(count, contracts::count);
};

struct GreetingsModule : nest::module {
  explicit GreetingsModule(nest::in_memory_network& network) {
    controllers<GreetingsController>();
    clients<GreetingsClient>(nest::in_memory_client_options{network, "greetings"});
  }
};

nest::task<bool> ask(GreetingsClient& client) {
  const GreetingDto greeting = co_await client.greet({"Zoë"});
  bool refused = false;
  try {
    co_await client.greet({""});
  } catch (const nest::rpc_exception&) {
    refused = true;
  }
  const CountDto count = co_await client.count({});
  std::printf("nestcpp %s: %s, %d\n", nest::version, greeting.text.c_str(), count.greetings);
  co_return greeting.text == "Hello, Zoë" && refused&& count.greetings == 1;
}

int main() {
  nest::in_memory_network network;
  nest::application app{GreetingsModule{network}, {.io_threads = 1}};
  app.connect_microservice(network, "greetings");
  app.start();
  auto answer = boost::asio::co_spawn(app.loops().next_loop().executor(), ask(app.get<GreetingsClient>()),
                                      boost::asio::use_future);
  const bool right = answer.get();
  app.stop();
  return right ? 0 : 1;
}
