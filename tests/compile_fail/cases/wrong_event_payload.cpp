// expected: nestcpp: on_seen: the payload parameter is not the request of seen
#include <nestcpp/nestcpp.hpp>

namespace wrong_event_payload {

using seen = nestcpp::event<"seen", int>;
class Users {
  NEST_CONTROLLER(Users);

 public:
  NEST_EVENT_PATTERN(on_seen, seen);
#ifdef FIXED
  void on_seen(const int& id) { static_cast<void>(id); }
#else
  void on_seen(const std::string& id) { static_cast<void>(id); }
#endif
};

}  // namespace wrong_event_payload
