// expected: nestcpp: an abstract class cannot be built: write provide<Interface, Implementation>
#include <nestcpp/nestcpp.hpp>

namespace abstract_provider {

struct Hasher {
  virtual ~Hasher() = default;
  virtual int hash() = 0;
};
struct Argon : Hasher {
  int hash() override { return 1; }
};
struct UsersModule : nestcpp::module {
#ifdef FIXED
  UsersModule() { provide<Hasher, Argon>(); }
#else
  UsersModule() { provide<Hasher>(); }
#endif
};

}  // namespace abstract_provider
