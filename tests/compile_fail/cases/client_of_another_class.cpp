// expected: nestcpp: NEST_CLIENT.UserClient.: name the class that it stands in, which is another one
#include <nestcpp/nestcpp.hpp>

namespace client_of_another_class {

class UserClient : public nestcpp::typed_client {
  NEST_CLIENT(UserClient, "user-service");
};
class OrderClient : public nestcpp::typed_client {
#ifdef FIXED
  NEST_CLIENT(OrderClient, "order-service");
#else
  NEST_CLIENT(UserClient, "order-service");
#endif
};

}  // namespace client_of_another_class
