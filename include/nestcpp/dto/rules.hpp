#pragma once
/// @file nestcpp/dto/rules.hpp
/// @brief All validation rules and field options.

#include <nestcpp/dto/rules/array.hpp>
#include <nestcpp/dto/rules/common.hpp>
#include <nestcpp/dto/rules/env.hpp>
#include <nestcpp/dto/rules/number.hpp>
#include <nestcpp/dto/rules/options.hpp>
#include <nestcpp/dto/rules/string.hpp>
