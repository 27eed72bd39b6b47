// expected: nestcpp: on_seen: seen is an event; write NEST_EVENT_PATTERN
#include <nestcpp/nestcpp.hpp>

namespace event_as_message {

using seen = nestcpp::event<"seen", int>;
class Users {
  NEST_CONTROLLER(Users);

 public:
#ifdef FIXED
  NEST_EVENT_PATTERN(on_seen, seen);
#else
  NEST_MESSAGE_PATTERN(on_seen, seen);
#endif
  void on_seen(int id) { static_cast<void>(id); }
};

}  // namespace event_as_message
