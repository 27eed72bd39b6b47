// Validation where handlers meet it: asynchronous rules, whole queries and paths, what validation_pipe says.

#include "support.hpp"

namespace app_test {
namespace {

// Knows which names are taken, after a while.
class Directory {
 public:
  nest::task<bool> has(std::string name) {
    ++asked;
    co_await nest::sleep_for(std::chrono::milliseconds{1});
    co_return name == "ada" || name == "bob";
  }
  std::atomic<int> asked = 0;
};

class IsFree {
 public:
  static constexpr std::string_view key = "isFree";
  static constexpr std::string_view text = "$property is taken";
  explicit IsFree(Directory& directory) : directory_{directory} {}
  nest::task<bool> validate(const std::string& name) { co_return !co_await directory_.has(name); }

 private:
  Directory& directory_;
};

class IsOfHouse {
 public:
  static constexpr std::string_view key = "isOfHouse";
  static constexpr std::string_view text = "$property of $target is no $value";
  nest::task<bool> validate(std::string_view, const nest::message_arguments& of) { co_return of.property == "house"; }
};

struct Friend {
  std::string name;
  std::optional<std::string> nick;
};
NEST_DTO(Friend, NEST_FIELD(name, min_length(2), validate<IsFree>()), NEST_FIELD(nick, validate<IsFree>()));

struct Person {
  std::string name;
  std::vector<std::string> aliases;
  std::vector<Friend> friends;
  std::optional<std::string> house = "house";
  bool strict = false;
};
NEST_DTO(Person,
         NEST_FIELD(name, validate<IsOfHouse>(), with_message(validate<IsFree>(), "$value cannot be $property"),
                    min_length(2), max_length(9)),
         NEST_FIELD(aliases, each(validate<IsFree>())), NEST_FIELD(friends),
         NEST_FIELD(house, is_optional(), validate_if([](const Person& p) { return p.strict; }), validate<IsFree>()),
         NEST_FIELD(strict));

struct Grouped {
  std::string name;
};
NEST_DTO(Grouped, NEST_FIELD(name, with_groups(validate<IsFree>(), "create"), always(is_string())));

struct ListQuery {
  int page = 1;
  std::vector<std::string> tags;
};
NEST_DTO(ListQuery, NEST_FIELD(page, is_optional(), is_int(), min(1)), NEST_FIELD(tags));

struct Place {
  int floor = 0;
  std::string room;
};
NEST_DTO(Place, NEST_FIELD(floor, is_int(), max(9)), NEST_FIELD(room, trim(), min_length(2)));

struct Item {
  int size = 0;
};
NEST_DTO(Item, NEST_FIELD(size, is_int()));

using join_m = nest::message<"join", Person, std::string>;
using waiting_m = nest::message<"waiting", Person, std::string>;
using refused_m = nest::message<"refused", Item, int>;

class House {
  NEST_CONTROLLER(House, "/house");

 public:
  // A plain function that waits for rules, and a coroutine that does.
  NEST_MESSAGE_PATTERN(join, join_m);
  NEST_POST(join, "/join");
  std::string join(const Person& person) { return person.name; }

  NEST_MESSAGE_PATTERN(waiting, waiting_m, use_pipes(validation_pipe{{.stop_at_first_error = true}}));
  nest::task<std::string> waiting(Person person) { co_return person.name; }

  NEST_POST(create, "/create", use_pipes(validation_pipe{{.groups = {"create"}}}));
  std::string create(const Grouped& grouped) { return grouped.name; }
  NEST_POST(update, "/update", use_pipes(validation_pipe{{.groups = {"update"}}}));
  std::string update(const Grouped& grouped) { return grouped.name; }

  NEST_GET(list, "/list", use_pipes(validation_pipe{{.forbid_non_whitelisted = true}}));
  std::string list(nest::query_of<ListQuery> query) {
    return std::to_string(query->page) + " of " + std::to_string(query->tags.size());
  }

  NEST_GET(place, "/:floor/:room");
  std::string place(const nest::path_of<Place>& place) { return place->room + std::to_string(place->floor); }

  NEST_MESSAGE_PATTERN(refused, refused_m, use_pipes(validation_pipe{{.exception_factory = [](const auto& errors) {
                         return nest::rpc_exception{boost::json::object{{"bad", errors.at(0).property}}};
                       }}}));
  int refused(Item item) { return item.size; }
  NEST_POST(strict, "/strict", use_pipes(validation_pipe{{.error_http_status_code = 422}}));
  int strict(Item item) { return item.size; }
};

struct HouseModule : nest::module {
  HouseModule() {
    provide<Directory>();
    controllers<House>();
  }
};

class Validation : public testing::Test {
 protected:
  Service service_{HouseModule{}};
};

TEST_F(Validation, AsynchronousRulesAreAskedBeforeTheHandler) {
  EXPECT_EQ(service_.send("join", R"({"name":"house","aliases":[],"friends":[]})"),
            R"(err {"message":["name of Person is no house"],"error":"Bad Request","statusCode":400})");
}

TEST_F(Validation, AllThatFailedIsToldInOrder) {
  const std::string text =
      R"({"name":"ada","aliases":["x","bob"],"friends":[{"name":"bob","nick":"ada"},{"name":"eve"},{"name":"ada"}]})";
  const std::string messages =
      R"({"message":["ada cannot be name","name of Person is no ada","each value in aliases is taken",)"
      R"("friends.0.name is taken","friends.0.nick is taken","friends.2.name is taken"],)"
      R"("error":"Bad Request","statusCode":400})";
  EXPECT_EQ(service_.send("join", text), "err " + messages);
  const Answer answer = service_.http("POST", "/house/join", text);
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, messages);
}

TEST_F(Validation, AsynchronousRulesAreAskedOnlyWhereAllOthersPass) {
  const int before = service_.app.get<Directory>().asked;
  EXPECT_EQ(
      service_.send("join", R"({"name":"a","aliases":["ada"],"friends":[]})"),
      R"(err {"message":["name must be longer than or equal to 2 characters"],"error":"Bad Request","statusCode":400})");
  EXPECT_EQ(service_.app.get<Directory>().asked, before);
}

TEST_F(Validation, StopAtFirstErrorHolds) {
  EXPECT_EQ(
      service_.send("waiting", R"({"name":"ada","aliases":["bob"],"friends":[]})"),
      R"(err {"message":["ada cannot be name","each value in aliases is taken"],"error":"Bad Request","statusCode":400})");
}

TEST_F(Validation, GroupsHoldForAsynchronousRules) {
  EXPECT_EQ(service_.http("POST", "/house/create", R"({"name":"ada"})").status, 400);
  EXPECT_EQ(service_.http("POST", "/house/create", R"({"name":"cyd"})").body, "cyd");
  EXPECT_EQ(service_.http("POST", "/house/update", R"({"name":"ada"})").body, "ada");
}

TEST_F(Validation, WholeQueriesAreValidated) {
  EXPECT_EQ(service_.http("GET", "/house/list?page=2&tags=a&tags=b%20c").body, "2 of 2");
  EXPECT_EQ(service_.http("GET", "/house/list").body, "1 of 0");
  const Answer refused = service_.http("GET", "/house/list?page=0&x=1");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(
      refused.body,
      R"({"message":["property x should not exist","page must not be less than 1"],"error":"Bad Request","statusCode":400})");
}

TEST_F(Validation, WholePathsAreValidated) {
  EXPECT_EQ(service_.http("GET", "/house/3/%20ab%20").body, "ab3");
  EXPECT_EQ(service_.http("GET", "/house/12/a").body,
            R"({"message":["floor must not be greater than 9","room must be longer than or equal to 2 characters"],)"
            R"("error":"Bad Request","statusCode":400})");
}

TEST_F(Validation, ExceptionsAreThoseOfThePipe) {
  EXPECT_EQ(service_.send("refused", R"({"size":"x"})"), R"(err {"bad":"size"})");
  EXPECT_EQ(service_.send("refused", R"({"size":3})"), "3");
  const Answer answer = service_.http("POST", "/house/strict", R"({"size":"x"})");
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.body,
            R"({"message":["size must be an integer number"],"error":"Unprocessable Entity","statusCode":422})");
}

// A validator's dependency that nobody provides.
struct Lonely : nest::module {
  Lonely() { controllers<House>(); }
};

TEST(ValidationAtStart, NamesWhatAValidatorLacks) {
  try {
    Service service{Lonely{}};
    FAIL() << "started";
  } catch (const std::exception& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("Directory"));
  }
}

}  // namespace
}  // namespace app_test
