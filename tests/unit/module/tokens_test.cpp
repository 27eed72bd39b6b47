// Aliases, named providers, several providers of one type, modules that need each other, modules replaced in tests.
#include "unit/module/expect_startup_error.hpp"
#include "unit/module/run_task.hpp"

#include <nestcpp/module/container.hpp>
#include <nestcpp/module/module_ref.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace {

using nestcpp::named;
using testing::ElementsAre;
using testing::HasSubstr;

struct Database {
  std::string url;
};
using primary = named<"primary", Database>;
using replica = named<"replica", Database>;

struct Reports {
  NEST_INJECT(primary, replica, named<"archive", Database>*);
  Reports(Database& primary, const Database& replica, Database* archive)
      : primary_{primary}, replica_{replica}, archive_{archive} {}
  Database& primary_;
  const Database& replica_;
  Database* archive_;
};

TEST(Named, TellsProvidersOfOneTypeApart) {
  nestcpp::module root;
  root.provide_value<primary>(Database{"p"});
  root.provide_factory<replica>([](primary of) { return std::make_unique<Database>(of->url + "'"); });
  root.provide<Reports>();
  nestcpp::container container{std::move(root)};
  container.build_all();
  auto& reports = container.resolve<Reports>();
  EXPECT_EQ(reports.primary_.url, "p");
  EXPECT_EQ(reports.replica_.url, "p'");
  EXPECT_EQ(reports.archive_, nullptr);
  EXPECT_EQ(&container.resolve<primary>(), &reports.primary_);
  EXPECT_EQ(container.try_resolve<Database>(), nullptr);
}

TEST(Named, IsToldByItsNameInErrors) {
  nestcpp::module root;
  root.key("AppModule");
  root.provide_value<primary>(Database{"p"});
  root.provide<Reports>();
  nestcpp::container container{std::move(root)};
  EXPECT_EQ(startup_error_of([&] { container.build_all(); }),
            "nestcpp can't resolve dependencies of Reports: named<\"replica\", Database> is not provided in AppModule. "
            "Provide it there with provide<named<\"replica\", Database>>(), or import a module that exports it.");
}

TEST(Named, CanBeExportedAndOverridden) {
  struct DatabaseModule : nestcpp::module {
    DatabaseModule() {
      provide_value<primary>(Database{"real"});
      provide_value<replica>(Database{"real"});
      exports<primary, replica>();
    }
  };
  struct AppModule : nestcpp::module {
    AppModule() {
      imports(DatabaseModule{});
      provide<Reports>();
    }
  };
  nestcpp::container container{AppModule{}};
  Database fake{"fake"};
  container.override_provider<primary>(fake);
  container.build_all();
  EXPECT_EQ(&container.resolve<Reports>().primary_, &fake);
  EXPECT_EQ(container.resolve<Reports>().replica_.url, "real");
}

struct Check {
  virtual ~Check() = default;
  virtual std::string name() const = 0;
};
struct DiskCheck : Check {
  explicit DiskCheck(Database& database) : url_{database.url} {}
  std::string name() const override { return "disk " + url_; }
  std::string url_;
};
struct MemoryCheck : Check {
  std::string name() const override { return "memory"; }
};
struct Health {
  explicit Health(const std::vector<Check*>& checks) {
    for (const Check* each : checks) names.push_back(each->name());
  }
  std::vector<std::string> names;
};

TEST(Multi, GivesAllImplementationsInTheOrderOfTheLines) {
  nestcpp::module root;
  root.provide_value(Database{"here"});
  root.provide_multi<Check, DiskCheck>();
  root.provide<Health>();
  root.provide_multi<Check, MemoryCheck>();
  nestcpp::container container{std::move(root)};
  container.build_all();
  EXPECT_THAT(container.resolve<Health>().names, ElementsAre("disk here", "memory"));
}

TEST(Multi, NamesTheClassThatLacksSomething) {
  nestcpp::module root;
  root.key("AppModule");
  root.provide_multi<Check, DiskCheck>();
  nestcpp::container container{std::move(root)};
  EXPECT_THAT(
      startup_error_of([&] { container.build_all(); }),
      HasSubstr(
          "DiskCheck: Database (path: std::vector<Check *> -> DiskCheck -> Database) is not provided in AppModule"));
}

TEST(Multi, TheSameClassTwiceIsRefused) {
  nestcpp::module root;
  root.provide_multi<Check, MemoryCheck>();
  root.provide_multi<Check, MemoryCheck>();
  nestcpp::container container{std::move(root)};
  EXPECT_THAT(startup_error_of([&] { container.build_all(); }), HasSubstr("is provided twice"));
}

TEST(Existing, IsTheSameObjectUnderAnotherName) {
  nestcpp::module root;
  root.provide<MemoryCheck>();
  root.provide_existing<Check, MemoryCheck>();
  nestcpp::container container{std::move(root)};
  container.build_all();
  EXPECT_EQ(&container.resolve<Check>(), &container.resolve<MemoryCheck>());
}

TEST(Existing, SaysWhatIsNotThere) {
  nestcpp::module root;
  root.key("AppModule");
  root.provide_existing<Check, MemoryCheck>();
  nestcpp::container container{std::move(root)};
  EXPECT_EQ(startup_error_of([&] { container.build_all(); }),
            "nestcpp can't resolve dependencies of Check: MemoryCheck is not provided in AppModule. Provide it there "
            "with provide<MemoryCheck>(), or import a module that exports it.");
}

// Modules that need each other.

struct Orders {};
struct Users {
  explicit Users(Orders& orders) : orders_{orders} {}
  Orders& orders_;
};
struct Invoices {
  explicit Invoices(Users& users) : users_{users} {}
  Users& users_;
};
struct OrdersModule;
struct UsersModule : nestcpp::module {
  UsersModule() {
    imports(nestcpp::forward_ref<OrdersModule>());
    provide<Users>();
    exports<Users>();
  }
};
struct OrdersModule : nestcpp::module {
  OrdersModule() {
    imports(UsersModule{});
    provide<Orders>();
    provide<Invoices>();
    exports<Orders>();
  }
};

TEST(ForwardRef, LetsModulesImportEachOther) {
  nestcpp::container container{OrdersModule{}};
  container.build_all();
  EXPECT_EQ(&container.resolve<Invoices>().users_.orders_, &container.resolve<Orders>());
}

TEST(ForwardRef, NeedsTheModuleItselfSomewhere) {
  nestcpp::container container{UsersModule{}};
  EXPECT_EQ(startup_error_of([&] { container.build_all(); }),
            "nestcpp: UsersModule imports forward_ref<OrdersModule>(), but no module imports OrdersModule itself. Add "
            "imports(OrdersModule{…}) to the root module, or to one that it imports.");
}

// forRootAsync: a module whose options come from a factory that is injected.

struct Settings {
  std::string url = "from settings";
};
struct SettingsModule : nestcpp::module {
  SettingsModule() {
    global();
    provide<Settings>();
    exports<Settings>();
  }
};
struct Options {
  std::string url;
};
struct Connection {
  explicit Connection(const Options& options) : url{options.url} {}
  std::string url;
};
struct ConnectionModule : nestcpp::module {
  static ConnectionModule for_root(Options options) {
    ConnectionModule made;
    made.provide_value(std::move(options));
    return made;
  }
  template <class Factory>
  static ConnectionModule for_root_async(Factory factory) {
    ConnectionModule made;
    made.provide_factory<Options>(std::move(factory));
    return made;
  }

 private:
  ConnectionModule() {
    provide<Connection>();
    exports<Connection>();
  }
};
struct DynamicAppModule : nestcpp::module {
  DynamicAppModule() {
    imports(SettingsModule{});
    imports(ConnectionModule::for_root_async([](const Settings& settings) { return Options{settings.url}; }));
  }
};

TEST(DynamicModules, TakeTheirOptionsFromAnInjectedFactory) {
  nestcpp::container container{DynamicAppModule{}};
  container.build_all();
  EXPECT_EQ(container.resolve<Connection>().url, "from settings");
}

TEST(DynamicModules, TakeTheirOptionsAsAValue) {
  nestcpp::container container{ConnectionModule::for_root({"here"})};
  container.build_all();
  EXPECT_EQ(container.resolve<Connection>().url, "here");
}

// A module replaced in a test.

struct FakeConnectionModule : nestcpp::module {
  FakeConnectionModule() {
    provide_value(Options{"fake"});
    provide<Connection>();
    exports<Connection>();
  }
};
struct Consumer {
  explicit Consumer(Connection& connection) : url{connection.url} {}
  std::string url;
};
struct ConsumerModule : nestcpp::module {
  ConsumerModule() {
    imports(ConnectionModule::for_root({"real"}));
    provide<Consumer>();
    exports<ConnectionModule>();
  }
};

TEST(OverrideModule, PutsAnotherInItsPlace) {
  nestcpp::container container{ConsumerModule{}};
  container.override_module<ConnectionModule>(FakeConnectionModule{});
  run_task(container.run_init());
  EXPECT_EQ(container.resolve<Consumer>().url, "fake");
}

TEST(OverrideModule, OfWhatNobodyImportsRefusesTheStart) {
  nestcpp::container container{ConsumerModule{}};
  container.override_module<UsersModule>(FakeConnectionModule{});
  EXPECT_EQ(startup_error_of([&] { run_task(container.run_init()); }),
            "nestcpp: override_module<UsersModule>() replaces nothing: no module imports UsersModule.");
}

TEST(OverrideModule, ComesBeforeBuilding) {
  nestcpp::container container{ConsumerModule{}};
  container.build_all();
  EXPECT_THAT(startup_error_of([&] { container.override_module<ConnectionModule>(FakeConnectionModule{}); }),
              HasSubstr("too late"));
}

// ModuleRef.

struct Plugin {
  explicit Plugin(Settings& settings) : settings_{settings} {}
  Settings& settings_;
};
struct Host {
  Host(nestcpp::module_ref& modules, nestcpp::container& all) : modules_{modules}, all_{all} {}
  nestcpp::module_ref& modules_;
  nestcpp::container& all_;
};
struct HostModule : nestcpp::module {
  HostModule() {
    provide<Host>();
    provide<Settings>();
  }
};

TEST(ModuleRef, LooksUpAndBuildsAsItsModuleDoes) {
  nestcpp::module root;
  root.imports(HostModule{});
  nestcpp::container container{std::move(root)};
  container.build_all();
  auto& host = container.resolve<Host>();
  EXPECT_EQ(&host.all_, &container);
  EXPECT_EQ(&host.modules_.get<Settings>(), &container.resolve<Settings>());
  EXPECT_EQ(host.modules_.resolve<Settings>().get(), &container.resolve<Settings>());
  const auto plugin = host.modules_.create<Plugin>();
  EXPECT_EQ(&plugin->settings_, &container.resolve<Settings>());
  EXPECT_NE(host.modules_.create<Plugin>(), plugin);
  EXPECT_EQ(startup_error_of([&] { (void)host.modules_.get<Users>(); }),
            "nestcpp can't resolve Users in HostModule: it is not provided there. Provide it there with "
            "provide<Users>(), or import a module that exports it.");
}

}  // namespace
