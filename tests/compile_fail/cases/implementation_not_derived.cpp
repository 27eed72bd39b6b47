// expected: nestcpp: provide<Interface, Implementation>.. needs an implementation derived from the interface
#include <nestcpp/nestcpp.hpp>

namespace implementation_not_derived {

struct Hasher {
  virtual ~Hasher() = default;
};
#ifdef FIXED
struct Argon : Hasher {};
#else
struct Argon {};
#endif
struct UsersModule : nestcpp::module {
  UsersModule() { provide<Hasher, Argon>(); }
};

}  // namespace implementation_not_derived
