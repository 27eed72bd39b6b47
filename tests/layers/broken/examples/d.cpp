#include <nestcpp/core/detail/inner.hpp>
