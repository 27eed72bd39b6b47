#pragma once
#include <nestcpp/core/detail/inner.hpp>
