// expected: typed_client.*is not a (direct )?base
#include <nestcpp/nestcpp.hpp>

namespace client_of_no_typed_client {

#ifdef FIXED
class UserClient : public nestcpp::typed_client {
#else
class UserClient {
#endif
  NEST_CLIENT(UserClient, "user-service");
};

}  // namespace client_of_no_typed_client
