// set_metadata, NEST_SET_METADATA and the reflector that guards read them with.

#include "support.hpp"

namespace app_test {
namespace {

struct Roles {
  std::vector<std::string_view> names;
  void merge(const Roles& other) { names.insert(names.end(), other.names.begin(), other.names.end()); }
};
struct Public {};
using Tags = std::vector<int>;

using open_m = nest::message<"open", nest::json_text, int>;
using admin_m = nest::message<"admin", nest::json_text, int>;

class RolesGuard : public nest::plain_guard {
 public:
  explicit RolesGuard(nest::reflector& reflector, Trace& trace) : reflector_{reflector}, trace_{trace} {}
  bool can_activate_now(nest::execution_context& context) override {
    const auto words = [](const Roles* roles) {
      std::string text;
      for (const auto name : roles != nullptr ? roles->names : std::vector<std::string_view>{"-"}) text += name;
      return text;
    };
    const Roles all = nest::reflector::get_all_and_merge<Roles>(context);
    trace_(std::string{context.get_handler()} + " method " + words(nest::reflector::get<Roles>(context)) + " class " +
           words(reflector_.get<Roles>(context, nest::metadata_target::controller)) + " nearest " +
           words(reflector_.get_all_and_override<Roles>(context)) + " all " + words(&all) + " tags " +
           std::to_string(nest::reflector::get_all_and_merge<Tags>(context).size()));
    return context.metadata<Public>() != nullptr || context.header("x-role") == "admin";
  }

 private:
  nest::reflector& reflector_;
  Trace& trace_;
};

class Secrets {
  NEST_CONTROLLER(Secrets, "/secrets", set_metadata(Roles{{"user"}}), set_metadata(Tags{1}), use_guards<RolesGuard>());

 public:
  NEST_GET(plain, "/plain");
  int plain() { return 1; }

  NEST_SET_METADATA(admin, Roles{{"admin", "root"}}, Tags{2, 3});
  NEST_GET(admin, "/admin");
  NEST_MESSAGE_PATTERN(admin, admin_m);
  int admin() { return 2; }

  NEST_GET(open, "/open", set_metadata(Public{}));
  NEST_MESSAGE_PATTERN(open, open_m, set_metadata(Roles{{"guest"}}));
  NEST_SET_METADATA(open, Public{}, Roles{{"any"}});  // below is as good
  int open() { return 3; }
};

struct SecretsModule : nest::module {
  explicit SecretsModule(Trace& trace) {
    provide_factory<Trace>([&trace]() -> Trace& { return trace; });
    controllers<Secrets>();
  }
};

TEST(Metadata, GuardsReadMethodAndClass) {
  Trace trace;
  Service service{SecretsModule{trace}};
  EXPECT_EQ(service.http("GET", "/secrets/plain").status, 403);
  EXPECT_EQ(service.http("GET", "/secrets/admin", {}, "X-Role: admin\r\n").body, "2");
  EXPECT_EQ(service.http("GET", "/secrets/open").body, "3");
  EXPECT_THAT(trace.take(),
              testing::ElementsAre("plain method - class user nearest user all user tags 1",
                                   "admin method adminroot class user nearest adminroot all adminrootuser tags 3",
                                   "open method any class user nearest any all anyuser tags 1"));
}

TEST(Metadata, IsThatOfTheMethodOverEitherTransport) {
  Trace trace;
  Service service{SecretsModule{trace}};
  EXPECT_THAT(service.send("admin"), testing::HasSubstr("Forbidden"));
  EXPECT_EQ(service.send("open"), "3");
  EXPECT_THAT(trace.take(),
              testing::ElementsAre("admin method adminroot class user nearest adminroot all adminrootuser tags 3",
                                   "open method guest class user nearest guest all guestuser tags 1"));
}

class Forgotten {
  NEST_CONTROLLER(Forgotten);

 public:
  NEST_SET_METADATA(lonely, Public{});
  int lonely() { return 1; }
};
struct ForgottenModule : nest::module {
  ForgottenModule() { controllers<Forgotten>(); }
};

TEST(Metadata, OfAMethodThatNothingBindsIsRefusedAtStart) {
  nest::application app{ForgottenModule{}, {.io_threads = 1}};
  try {
    app.start();
    FAIL() << "started";
  } catch (const nest::startup_error& error) {
    EXPECT_THAT(error.what(),
                testing::AllOf(testing::HasSubstr("NEST_SET_METADATA(lonely"), testing::HasSubstr("Forgotten")));
  }
}

}  // namespace
}  // namespace app_test
