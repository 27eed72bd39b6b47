// One controller behind HTTP: parameters, results, and the enhancers it shares with messages.

#include <nestcpp/nestcpp.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

namespace nest = nestcpp;
using boost::asio::ip::tcp;

enum class Colour { red, green };
NEST_ENUM(Colour, red, green);

struct Item {
  std::string name;
  int amount = 0;
};
NEST_DTO(Item, NEST_FIELD(name, is_string(), is_not_empty()), NEST_FIELD(amount, is_int()));

using get_item = nest::message<"item.get", Item, Item>;

class Marking : public nest::observer {
 public:
  void before(nest::execution_context& context) override {
    if (context.get_type() == nest::context_type::http) {
      context.switch_to_http().response().headers.set("X-Marked", std::string{context.get_handler()});
    }
  }
  void after(nest::execution_context&, const nest::outcome&) noexcept override {}
};

class KeyGuard : public nest::plain_guard {
 public:
  bool can_activate_now(nest::execution_context& context) override { return context.header("x-key") == "open"; }
};

class ItemsController {
  NEST_CONTROLLER(ItemsController, "/items");

 public:
  NEST_MESSAGE_PATTERN(create, get_item);
  NEST_POST(create, "/");
  Item create(Item item) { return item; }

  NEST_GET(find, "/:id");
  nest::task<Item> find(nest::path<"id", nest::uuid> id) { co_return Item{id->to_string(), 1}; }

  NEST_GET(list, "/by/:colour");
  std::vector<Item> list(nest::path<"colour", Colour> colour, nest::query<"limit", std::optional<int>> limit,
                         nest::header<"x-unit", std::optional<std::string>> unit) {
    return {Item{std::string{*colour == Colour::red ? "red" : "green"} + unit->value_or(""), limit->value_or(7)}};
  }

  NEST_GET(text, "/as/text");
  std::string text() { return "plain \"text\""; }

  NEST_PUT(nothing, "/:id", http_code(202));
  void nothing(nest::path<"id", int>) {}

  NEST_DELETE(guarded, "/:id", use_guards<KeyGuard>());
  std::optional<Item> guarded(nest::path<"id", int>) { return std::nullopt; }

  NEST_PATCH(custom, "/:id");
  Item custom(nest::path<"id", int> id, const Item& item, nest::http_context& context) {
    context.response().status = 207;
    return {item.name, *id};
  }
};

struct ItemsModule : nest::module {
  ItemsModule() { controllers<ItemsController>(); }
};

class Hybrid : public testing::Test {
 protected:
  Hybrid() : app_{ItemsModule{}, {.io_threads = 2}} {
    app_.use_global_interceptors<Marking>();
    app_.use_global_pipes({{.forbid_non_whitelisted = true}});
    app_.listen_http({.host = "127.0.0.1", .port = 0});
    app_.start();
    const std::string line = app_.listeners().front();
    port_ = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
  }

  // The whole answer: head and body.
  std::string send(const std::string& verb, const std::string& path, const std::string& body = {},
                   const std::string& headers = {}) {
    boost::asio::io_context context;
    tcp::socket socket{context};
    socket.connect({boost::asio::ip::make_address("127.0.0.1"), port_});
    std::string request = verb + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers;
    if (!body.empty()) {
      request += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    }
    boost::asio::write(socket, boost::asio::buffer(request + "\r\n" + body));
    std::string answer;
    boost::system::error_code ended;
    boost::asio::read(socket, boost::asio::dynamic_buffer(answer), ended);
    return answer;
  }

  static std::string body_of(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }
  static std::string status_of(const std::string& answer) { return answer.substr(9, 3); }

  nest::application app_;
  std::uint16_t port_ = 0;
};

TEST_F(Hybrid, BodyIsValidatedAndAnswered) {
  const std::string created = send("POST", "/items", R"({"name":"tea","amount":2})");
  EXPECT_EQ(status_of(created), "201");
  EXPECT_EQ(body_of(created), R"({"name":"tea","amount":2})");
  EXPECT_THAT(created, testing::HasSubstr("X-Marked: create"));
  const std::string refused = send("POST", "/items", R"({"name":"","amount":2,"x":1})");
  EXPECT_EQ(status_of(refused), "400");
  EXPECT_EQ(
      body_of(refused),
      R"({"message":["property x should not exist","name should not be empty"],"error":"Bad Request","statusCode":400})");
}

TEST_F(Hybrid, PathParametersAreConverted) {
  EXPECT_EQ(body_of(send("GET", "/items/7d444840-9dc0-11d1-b245-5ffdce74fad2")),
            R"({"name":"7d444840-9dc0-11d1-b245-5ffdce74fad2","amount":1})");
  EXPECT_EQ(body_of(send("GET", "/items/seven")),
            R"_({"message":"Validation failed (uuid is expected)","error":"Bad Request","statusCode":400})_");
  EXPECT_EQ(body_of(send("PUT", "/items/x")),
            R"_({"message":"Validation failed (numeric string is expected)","error":"Bad Request","statusCode":400})_");
  EXPECT_EQ(body_of(send("GET", "/items/by/blue")),
            R"_({"message":"Validation failed (enum string is expected)","error":"Bad Request","statusCode":400})_");
}

TEST_F(Hybrid, OptionalParametersMayBeMissing) {
  EXPECT_EQ(body_of(send("GET", "/items/by/red")), R"([{"name":"red","amount":7}])");
  EXPECT_EQ(body_of(send("GET", "/items/by/green?limit=3", {}, "X-Unit: kg\r\n")),
            R"([{"name":"greenkg","amount":3}])");
  EXPECT_EQ(status_of(send("GET", "/items/by/green?limit=many")), "400");
}

TEST_F(Hybrid, TextIsNotJson) {
  const std::string answer = send("GET", "/items/as/text");
  EXPECT_EQ(body_of(answer), "plain \"text\"");
  EXPECT_THAT(answer, testing::HasSubstr("Content-Type: text/html; charset=utf-8"));
}

TEST_F(Hybrid, StatusIsTheRoutesOrTheHandlers) {
  EXPECT_EQ(status_of(send("PUT", "/items/5")), "202");
  const std::string answer = send("PATCH", "/items/5", R"({"name":"n","amount":1})");
  EXPECT_EQ(status_of(answer), "207");
  EXPECT_EQ(body_of(answer), R"({"name":"n","amount":5})");
}

TEST_F(Hybrid, GuardSeesHeaders) {
  EXPECT_EQ(body_of(send("DELETE", "/items/5")),
            R"({"message":"Forbidden resource","error":"Forbidden","statusCode":403})");
  const std::string allowed = send("DELETE", "/items/5", {}, "X-Key: open\r\n");
  EXPECT_EQ(status_of(allowed), "200");
  EXPECT_EQ(body_of(allowed), "");
}

TEST_F(Hybrid, StoppedApplicationHasClosedItsPort) {
  app_.stop();
  boost::asio::io_context context;
  tcp::socket socket{context};
  boost::system::error_code error;
  socket.connect({boost::asio::ip::make_address("127.0.0.1"), port_}, error);
  EXPECT_TRUE(error);
}

}  // namespace
