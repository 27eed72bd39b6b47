// What a start that fails says, word for word: the classes, the place, the way out.

#include <nestcpp/nestcpp.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

namespace nest = nestcpp;

struct Text {
  std::string text;
};
NEST_DTO(Text, NEST_FIELD(text));
using say = nest::message<"say", Text, Text>;

template <class Root>
std::string start_error(Root root) {
  nest::application app{std::move(root), {.io_threads = 1}};
  app.listen_http({.host = "127.0.0.1", .port = 0});
  try {
    app.start();
  } catch (const nest::startup_error& error) {
    EXPECT_TRUE(app.listeners().empty()) << "nothing may be open";
    return error.what();
  }
  return "started";
}

struct Mailer {};
struct UsersService {
  explicit UsersService(Mailer&) {}
};
class UsersController {
  NEST_CONTROLLER(UsersController, "/users");

 public:
  explicit UsersController(UsersService&) {}
  NEST_MESSAGE_PATTERN(speak, say);
  NEST_GET(speak, "/");
  Text speak() { return {}; }
};
class AdminController {
  NEST_CONTROLLER(AdminController, "/users");

 public:
  NEST_MESSAGE_PATTERN(talk, say);
  Text talk() { return {}; }
};
class TwinController {
  NEST_CONTROLLER(TwinController);

 public:
  NEST_GET(speak, "/users");
  Text speak() { return {}; }
};

struct UsersModule : nest::module {
  UsersModule() {
    provide<UsersService>();
    controllers<UsersController>();
  }
};
struct MailModule : nest::module {
  MailModule() { provide<Mailer>(); }
};
struct SharedMailModule : nest::module {
  SharedMailModule() {
    provide<Mailer>();
    exports<Mailer>();
  }
};
struct WithMail : nest::module {
  WithMail() {
    provide<Mailer>();
    provide<UsersService>();
    controllers<UsersController>();
  }
};

TEST(StartErrors, AMissingProvider) {
  EXPECT_EQ(
      start_error(UsersModule{}),
      "nestcpp can't resolve dependencies of UsersService: Mailer is not provided in UsersModule. Provide it there "
      "with provide<Mailer>(), or import a module that exports it.");
}

struct Greeter {
  explicit Greeter(UsersService&) {}
};

TEST(StartErrors, AMissingProviderWithItsPath) {
  nest::module root;
  root.key("AppModule");
  root.provide<Greeter>();
  root.provide<UsersService>();
  EXPECT_EQ(
      start_error(std::move(root)),
      "nestcpp can't resolve dependencies of UsersService: Mailer (path: Greeter -> UsersService -> Mailer) is not "
      "provided in AppModule. Provide it there with provide<Mailer>(), or import a module that exports it.");
}

TEST(StartErrors, AProviderThatIsNotExported) {
  struct Root : nest::module {
    Root() { imports(MailModule{}, UsersModule{}); }
  };
  EXPECT_EQ(start_error(Root{}),
            "nestcpp can't resolve dependencies of UsersService: Mailer is not provided in UsersModule. MailModule "
            "provides it but does not export it: add exports<Mailer>() to MailModule, and imports(MailModule{…}) to "
            "UsersModule.");
}

TEST(StartErrors, AModuleThatIsNotImported) {
  struct Root : nest::module {
    Root() { imports(SharedMailModule{}, UsersModule{}); }
  };
  EXPECT_EQ(
      start_error(Root{}),
      "nestcpp can't resolve dependencies of UsersService: Mailer is not provided in UsersModule. SharedMailModule "
      "exports it: add imports(SharedMailModule{…}) to UsersModule.");
}

TEST(StartErrors, AProviderThatStandsTwice) {
  nest::module root;
  root.key("AppModule");
  root.provide<Mailer>();
  root.provide<Mailer>();
  EXPECT_EQ(start_error(std::move(root)),
            "nestcpp: Mailer is provided twice in AppModule. Keep one of the two; a controller is listed in "
            "controllers<Mailer>() only.");
}

struct Egg;
struct Hen {
  explicit Hen(Egg&) {}
};
struct Egg {
  explicit Egg(Hen&) {}
};

TEST(StartErrors, ACycle) {
  nest::module root;
  root.key("FarmModule");
  root.provide<Hen>();
  root.provide<Egg>();
  EXPECT_EQ(start_error(std::move(root)),
            "nestcpp can't build Hen: its dependencies form a cycle: Hen -> Egg -> Hen (in FarmModule). Break it: move "
            "what they share into a provider of its own, or hand one of them the other in on_module_init().");
}

TEST(StartErrors, AnExportOfWhatIsNotThere) {
  nest::module root;
  root.key("AppModule");
  root.exports<Mailer>();
  EXPECT_EQ(start_error(std::move(root)),
            "nestcpp: AppModule exports Mailer but has no such provider. Provide it there with provide<Mailer>(), or "
            "import a module that exports it.");
}

TEST(StartErrors, TwoHandlersOfOneMessage) {
  struct Root : nest::module {
    Root() {
      imports(WithMail{});
      controllers<AdminController>();
    }
  };
  EXPECT_EQ(
      start_error(Root{}),
      "two handlers for the message pattern \"say\": AdminController.talk and UsersController.speak; a message has "
      "one handler: keep one of the two, or give one another pattern");
}

TEST(StartErrors, TwoHandlersOfOneRoute) {
  struct Root : nest::module {
    Root() {
      imports(WithMail{});
      controllers<TwinController>();
    }
  };
  EXPECT_EQ(start_error(Root{}),
            "two handlers for GET /users: TwinController.speak and UsersController.speak; keep one of the two, or give "
            "one another path");
}

class TokenGuard : public nest::plain_guard {
 public:
  explicit TokenGuard(Mailer&) {}
  bool can_activate_now(nest::execution_context&) override { return true; }
};
class LimitGuard : public nest::plain_guard {
 public:
  explicit LimitGuard(int) {}
  bool can_activate_now(nest::execution_context&) override { return true; }
};
class CallerGuard : public nest::plain_guard {
 public:
  explicit CallerGuard(const nest::execution_context&) {}
  bool can_activate_now(nest::execution_context&) override { return true; }
};
template <class Guard>
class Guarded {
  NEST_CONTROLLER(Guarded);

 public:
  NEST_MESSAGE_PATTERN(speak, say, use_guards<Guard>());
  Text speak() { return {}; }
};

template <class Guard>
nest::module guarded_by() {
  nest::module root;
  root.key("AppModule");
  root.controllers<Guarded<Guard>>();
  return root;
}

TEST(StartErrors, AGuardThatLacksSomething) {
  EXPECT_EQ(start_error(guarded_by<TokenGuard>()),
            "nestcpp can't resolve dependencies of TokenGuard (used by Guarded.speak): Mailer is not provided in "
            "AppModule. Provide it there with provide<Mailer>(), or import a module that exports it.");
}

TEST(StartErrors, AGuardThatCannotBeInjected) {
  EXPECT_EQ(start_error(guarded_by<LimitGuard>()),
            "nestcpp can't build LimitGuard (used by Guarded.speak): nothing is provided under this name in AppModule, "
            "and its constructor takes more than references. Write provide_value(LimitGuard{…}) or "
            "provide_factory<LimitGuard>(…) in AppModule, or NEST_INJECT(…) above the constructor.");
}

TEST(StartErrors, AGuardThatWouldBelongToACall) {
  EXPECT_EQ(start_error(guarded_by<CallerGuard>()),
            "nestcpp can't build CallerGuard (used by Guarded.speak): it depends on what each call has of its own: "
            "CallerGuard -> nestcpp::execution_context. Guards, interceptors, pipes and filters are built once. Let it "
            "take nest::module_ref& and call resolve<nestcpp::execution_context>() while it serves a call.");
}

}  // namespace
