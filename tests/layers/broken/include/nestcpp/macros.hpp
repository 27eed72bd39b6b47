#pragma once
#include <nestcpp/core/upwards.hpp>
