// expected: nestcpp: get_all_and_merge<T>: T is a container, or has void merge.const T&.
#include <nestcpp/nestcpp.hpp>

namespace unmergeable_metadata {

struct Roles {
  int mask = 0;
#ifdef FIXED
  void merge(const Roles& other) { mask |= other.mask; }
#endif
};
int mask_of(const nestcpp::execution_context& context) {
  return nestcpp::reflector::get_all_and_merge<Roles>(context).mask;
}

}  // namespace unmergeable_metadata
