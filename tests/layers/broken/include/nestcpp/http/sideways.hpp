#include <nestcpp/messaging/sideways.hpp>
