#include "unit/module/expect_startup_error.hpp"

#include <nestcpp/module/container.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace {

using testing::HasSubstr;

struct Database {
  std::string url = "default";
};
struct Repository {
  explicit Repository(Database& database) : database_{database} {}
  Database& database_;
};
struct Service {
  explicit Service(Repository& repository) : repository_{repository} {}
  Repository& repository_;
};

struct DatabaseModule : nestcpp::module {
  explicit DatabaseModule(std::string url = "default") {
    provide_value(Database{std::move(url)});
    exports<Database>();
  }
};
struct RepositoryModule : nestcpp::module {
  RepositoryModule() {
    imports(DatabaseModule{"repository"});
    provide<Repository>();
    exports<Repository>();
  }
};

/// Imports `Imports` and needs a Repository.
template <class... Imports>
struct ServiceModule : nestcpp::module {
  explicit ServiceModule(Imports... modules) {
    imports(std::move(modules)...);
    provide<Service>();
  }
};

TEST(Visibility, AnImportedModulesExportsAreVisible) {
  nestcpp::container container{ServiceModule{RepositoryModule{}}};
  EXPECT_EQ(container.resolve<Service>().repository_.database_.url, "repository");
}

TEST(Visibility, WhatAnImportDoesNotExportIsNot) {
  struct KeepsIt : nestcpp::module {
    KeepsIt() {
      imports(DatabaseModule{});
      provide<Repository>();
    }
  };
  struct AppModule : nestcpp::module {
    AppModule() {
      imports(KeepsIt{});
      provide<Service>();
    }
  };
  nestcpp::container container{AppModule{}};
  const std::string message = startup_error_of([&] { container.build_all(); });
  EXPECT_THAT(message, HasSubstr("can't resolve dependencies of Service: Repository is not provided in "));
  EXPECT_THAT(message, HasSubstr("KeepsIt provides it but does not export it: add exports<Repository>() to "));
  EXPECT_THAT(message, testing::Not(HasSubstr("imports(")));
}

TEST(Visibility, WhatANeighbourExportsMustBeImported) {
  struct AppModule : nestcpp::module {
    AppModule() {
      imports(RepositoryModule{});
      imports(ServiceModule<>{});
    }
  };
  nestcpp::container container{AppModule{}};
  EXPECT_THAT(startup_error_of([&] { container.build_all(); }),
              HasSubstr("RepositoryModule exports it: add imports(RepositoryModule{…}) to ServiceModule<>."));
}

TEST(Visibility, ExportsDoNotTravelThroughAnImporterByThemselves) {
  struct Middle : nestcpp::module {
    Middle() { imports(RepositoryModule{}); }
  };
  nestcpp::container container{ServiceModule{Middle{}}};
  EXPECT_THAT(startup_error_of([&] { container.build_all(); }), HasSubstr("RepositoryModule exports it"));
}

TEST(Visibility, AModuleMayReExportAnother) {
  struct Middle : nestcpp::module {
    Middle() {
      imports(RepositoryModule{});
      exports<RepositoryModule>();
    }
  };
  struct Outer : nestcpp::module {
    Outer() {
      imports(Middle{});
      exports<Middle>();
    }
  };
  nestcpp::container container{ServiceModule{Outer{}}};
  EXPECT_EQ(container.resolve<Service>().repository_.database_.url, "repository");
}

TEST(Visibility, AModuleMayReExportOneProvider) {
  struct Middle : nestcpp::module {
    Middle() {
      imports(RepositoryModule{});
      exports<Repository>();
    }
  };
  nestcpp::container container{ServiceModule{Middle{}}};
  EXPECT_NO_THROW(container.build_all());
}

TEST(Visibility, AGlobalModulesExportsAreVisibleEverywhereAndOnlyThose) {
  struct Hidden {};
  struct NeedsHidden {
    explicit NeedsHidden(Hidden&) {}
  };
  struct Global : nestcpp::module {
    Global() {
      global();
      provide_value(Database{"global"});
      provide<Hidden>();
      exports<Database>();
    }
  };
  struct User : nestcpp::module {
    User() { provide<Repository>(); }
  };
  struct HiddenUser : nestcpp::module {
    HiddenUser() { provide<NeedsHidden>(); }
  };
  nestcpp::module root;
  root.imports(User{}, Global{});
  nestcpp::container container{std::move(root)};
  container.build_all();
  EXPECT_EQ(container.resolve<Repository>().database_.url, "global");

  nestcpp::module refused;
  refused.imports(HiddenUser{}, Global{});
  nestcpp::container other{std::move(refused)};
  EXPECT_THAT(startup_error_of([&] { other.build_all(); }), HasSubstr("provides it but does not export it"));
}

TEST(Visibility, AGlobalModuleWithoutExportsOffersAllItsProviders) {
  struct Global : nestcpp::module {
    Global() {
      global();
      provide_value(Database{"global"});
    }
  };
  struct User : nestcpp::module {
    User() { provide<Repository>(); }
  };
  nestcpp::module root;
  root.imports(User{}, Global{});
  nestcpp::container container{std::move(root)};
  EXPECT_NO_THROW(container.build_all());
}

TEST(Visibility, OwnProvidersGoBeforeImportedOnes) {
  struct AppModule : nestcpp::module {
    AppModule() {
      imports(DatabaseModule{"imported"});
      provide_value(Database{"own"});
      provide<Repository>();
    }
  };
  nestcpp::container container{AppModule{}};
  EXPECT_EQ(container.resolve<Repository>().database_.url, "own");
}

TEST(Visibility, ObjectsOfOneModuleClassAreOneModule) {
  struct Left : nestcpp::module {
    Left() {
      imports(DatabaseModule{"first"});
      provide_factory<int>([](Database& database) { return static_cast<int>(database.url.size()); });
    }
  };
  struct Right : nestcpp::module {
    Right() {
      imports(DatabaseModule{"the second"});
      provide<Repository>();
    }
  };
  nestcpp::module root;
  root.imports(Left{}, Right{});
  nestcpp::container container{std::move(root)};
  EXPECT_EQ(container.resolve<int>(), 5);
  EXPECT_EQ(container.resolve<Repository>().database_.url, "first");
  EXPECT_EQ(&container.resolve<Repository>().database_, &container.resolve<Database>());
}

TEST(Visibility, KeysTellModulesOfOneClassApart) {
  struct Keyed : DatabaseModule {
    explicit Keyed(const std::string& name) : DatabaseModule{name} { key(name); }
  };
  struct Left : nestcpp::module {
    Left() {
      imports(Keyed{"left"});
      provide_factory<std::string>([](Database& database) { return database.url; });
    }
  };
  struct Right : nestcpp::module {
    Right() {
      imports(Keyed{"right"});
      provide<Repository>();
    }
  };
  nestcpp::module root;
  root.imports(Left{}, Right{});
  nestcpp::container container{std::move(root)};
  EXPECT_EQ(container.resolve<std::string>(), "left");
  EXPECT_EQ(container.resolve<Repository>().database_.url, "right");
}

TEST(Visibility, AModuleThatComesBackBelowItselfIsRead) {
  struct Outer : nestcpp::module {
    explicit Outer(int depth) {
      struct Inner : nestcpp::module {
        explicit Inner(int left) {
          if (left > 0) imports(Outer{left - 1});
          provide<Repository>();
        }
      };
      imports(Inner{depth});
      provide_value(Database{"outer"});
      exports<Database>();
    }
  };
  nestcpp::container container{Outer{2}};
  container.build_all();
  EXPECT_EQ(container.resolve<Repository>().database_.url, "outer");
}

TEST(Visibility, AnExportOfWhatIsNotThereIsRefused) {
  nestcpp::module provider;
  provider.key("EmptyModule");
  provider.exports<Repository>();
  nestcpp::container container{std::move(provider)};
  EXPECT_EQ(startup_error_of([&] { container.build_all(); }),
            "nestcpp: EmptyModule exports Repository but has no such provider. Provide it there with "
            "provide<Repository>(), or "
            "import a module that exports it.");

  nestcpp::module importer;
  importer.key("EmptyModule");
  importer.exports<DatabaseModule>();
  nestcpp::container other{std::move(importer)};
  EXPECT_EQ(startup_error_of([&] { other.build_all(); }),
            "nestcpp: EmptyModule exports DatabaseModule but does not import it. Add imports(DatabaseModule{…}) to "
            "EmptyModule.");
}

TEST(Visibility, AFactorysContainerSeesWhatItsModuleSees) {
  struct Nosy : nestcpp::module {
    Nosy() {
      provide_factory<int>([](nestcpp::container& container) { return container.try_resolve<Database>() ? 1 : 0; });
    }
  };
  nestcpp::module root;
  root.imports(Nosy{}, DatabaseModule{});
  nestcpp::container container{std::move(root)};
  EXPECT_EQ(container.resolve<int>(), 0);
  EXPECT_NE(container.try_resolve<Database>(), nullptr);
}

}  // namespace
