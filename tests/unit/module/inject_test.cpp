#include <nestcpp/core/type_name.hpp>
#include <nestcpp/module/container.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace shop {
class UsersService {};
template <class T>
struct Repository {};
}  // namespace shop

namespace {

using nestcpp::detail::arity_of;
using nestcpp::detail::is_injectable;

struct Repo {
  int number = 7;
};
struct Settings {
  std::string name = "settings";
};
struct Hasher {
  virtual ~Hasher() = default;
  virtual std::string hash() const = 0;
};
struct PlainHasher : Hasher {
  std::string hash() const override { return "plain"; }
};

// What can be deduced.
struct TakesNothing {
  TakesNothing() = default;
};
class TakesReferences {
 public:
  explicit TakesReferences(Repo& repo, const Hasher& hasher) : repo_{repo}, hasher_{hasher} {}
  Repo& repo_;
  const Hasher& hasher_;
};
struct TakesOne {
  TakesOne(Repo& repo) : repo_{&repo} {}  // NOLINT: implicit on purpose
  Repo* repo_;
};
struct TakesTwelve {
  template <int>
  struct part {};
  TakesTwelve(part<0>&, part<1>&, part<2>&, part<3>&, part<4>&, part<5>&, part<6>&, part<7>&, part<8>&, part<9>&,
              part<10>&, const part<11>&) {}
};
struct Aggregate {
  Repo& repo;
  const Settings& settings;
  int counter = 5;
};
struct WithDefault {
  explicit WithDefault(Repo&, std::string prefix = "prefix") : prefix_{std::move(prefix)} {}
  std::string prefix_;
};
struct LongestWins {
  explicit LongestWins(Repo&) {}
  LongestWins(Repo&, Settings& settings) : settings_{&settings} {}
  Settings* settings_ = nullptr;
};
struct Decorated : Hasher {
  explicit Decorated(const PlainHasher& inner) : inner_{inner} {}
  std::string hash() const override { return "decorated " + inner_.hash(); }
  const PlainHasher& inner_;
};
struct MoveOnlyClass {
  explicit MoveOnlyClass(Repo&) {}
  MoveOnlyClass(MoveOnlyClass&&) = default;
};

static_assert(arity_of<TakesNothing> == 0);
static_assert(arity_of<TakesReferences> == 2);
static_assert(arity_of<TakesOne> == 1);
static_assert(arity_of<TakesTwelve> == 12);
static_assert(arity_of<Aggregate> == 2);
static_assert(arity_of<WithDefault> == 1);
static_assert(arity_of<LongestWins> == 2);
static_assert(arity_of<Decorated> == 1);
static_assert(arity_of<MoveOnlyClass> == 1);

// What cannot: values, pointers, two that fit equally well, nothing public.
template <class T>
struct Takes {
  explicit Takes(T) {}
};
struct ReferenceThenValue {
  ReferenceThenValue(Repo&, Settings) {}
};
struct Ambiguous {
  Ambiguous(Repo&, Settings&) {}
  Ambiguous(Repo&, PlainHasher&) {}
};
class Hidden {
  explicit Hidden(Repo&) {}
};
static_assert(arity_of<Takes<std::string>> == -1);
static_assert(arity_of<Takes<Settings>> == -1);
static_assert(arity_of<Takes<const Settings>> == -1);
static_assert(arity_of<Takes<int>> == -1);
static_assert(arity_of<Takes<Repo*>> == -1);
static_assert(arity_of<Takes<std::string_view>> == -1);
static_assert(arity_of<Takes<std::shared_ptr<Repo>>> == -1);
static_assert(arity_of<Takes<std::unique_ptr<Repo>>> == -1);
static_assert(arity_of<Takes<std::function<void()>>> == -1);
static_assert(arity_of<ReferenceThenValue> == -1);
static_assert(arity_of<Ambiguous> == -1);
static_assert(arity_of<Hidden> == -1);
static_assert(!is_injectable<Hasher>());
static_assert(!is_injectable<int>());
static_assert(is_injectable<TakesReferences>());

class Stated {
  NEST_INJECT(Settings, const Repo&, std::shared_ptr<Repo>, Hasher*, TakesNothing*);

 public:
  Stated(Settings settings, const Repo& repo, std::shared_ptr<Repo> shared, Hasher* hasher, TakesNothing* nothing)
      : settings_{std::move(settings)}, repo_{&repo}, shared_{std::move(shared)}, hasher_{hasher}, nothing_{nothing} {}
  Settings settings_;
  const Repo* repo_;
  std::shared_ptr<Repo> shared_;
  Hasher* hasher_;
  TakesNothing* nothing_;
};
static_assert(is_injectable<Stated>());

TEST(Inject, PassesTheProvidersThemselvesByReference) {
  nestcpp::module root;
  root.provide<Repo>();
  root.provide<Hasher, PlainHasher>();
  root.provide<TakesReferences>();
  root.provide<TakesOne>();
  nestcpp::container container{std::move(root)};

  auto& service = container.resolve<TakesReferences>();
  EXPECT_EQ(&service.repo_, &container.resolve<Repo>());
  EXPECT_EQ(&service.hasher_, &container.resolve<Hasher>());
  EXPECT_EQ(container.resolve<TakesOne>().repo_, &service.repo_);
}

TEST(Inject, FillsAnAggregatesLeadingReferencesAndKeepsItsDefaults) {
  nestcpp::module root;
  root.provide<Repo>();
  root.provide_value(Settings{"mine"});
  root.provide<Aggregate>();
  nestcpp::container container{std::move(root)};

  auto& aggregate = container.resolve<Aggregate>();
  EXPECT_EQ(&aggregate.repo, &container.resolve<Repo>());
  EXPECT_EQ(aggregate.settings.name, "mine");
  EXPECT_EQ(aggregate.counter, 5);
}

TEST(Inject, TakesTheLongestConstructorOfReferences) {
  nestcpp::module root;
  root.provide<Repo>();
  root.provide_value(Settings{});
  root.provide<LongestWins>();
  root.provide<WithDefault>();
  nestcpp::container container{std::move(root)};

  EXPECT_EQ(container.resolve<LongestWins>().settings_, &container.resolve<Settings>());
  EXPECT_EQ(container.resolve<WithDefault>().prefix_, "prefix");
}

TEST(Inject, StatedParametersMayBeValuesSharedPointersAndOptional) {
  nestcpp::module root;
  auto shared = std::make_shared<Repo>();
  root.provide_value(Settings{"copied"});
  root.provide<Repo>();
  root.provide_value(shared);
  root.provide<Hasher, PlainHasher>();
  root.provide<Stated>();
  nestcpp::container container{std::move(root)};

  auto& stated = container.resolve<Stated>();
  EXPECT_EQ(stated.settings_.name, "copied");
  EXPECT_NE(&stated.settings_, &container.resolve<Settings>());
  EXPECT_EQ(stated.repo_, &container.resolve<Repo>());
  EXPECT_EQ(stated.shared_, shared);
  EXPECT_EQ(stated.hasher_, &container.resolve<Hasher>());
  EXPECT_EQ(stated.nothing_, nullptr);
}

TEST(TypeName, IsWhatTheAuthorWrote) {
  EXPECT_EQ(nestcpp::type_name<shop::UsersService>(), "shop::UsersService");
  EXPECT_EQ(nestcpp::type_name<int>(), "int");
  EXPECT_EQ(nestcpp::short_type_name<shop::UsersService>(), "UsersService");
  EXPECT_EQ(nestcpp::short_type_name<shop::Repository<shop::UsersService>>(), "Repository<shop::UsersService>");
}

TEST(TypeName, LeavesAnonymousNamespacesOut) {
  EXPECT_EQ(nestcpp::type_name<Repo>(), "Repo");
  EXPECT_EQ(nestcpp::type_name<shop::Repository<Repo>>(), "shop::Repository<Repo>");
}

}  // namespace
