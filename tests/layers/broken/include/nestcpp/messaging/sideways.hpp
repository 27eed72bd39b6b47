#pragma once
#include <spdlog/spdlog.h>
#include <nestcpp/nestcpp.hpp>
