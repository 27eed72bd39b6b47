#pragma once
/// @file nestcpp/dto/rules.hpp
/// @brief All validation rules and field options.

#include <nestcpp/dto/rules/api_property.hpp>
#include <nestcpp/dto/rules/array.hpp>
#include <nestcpp/dto/rules/common.hpp>
#include <nestcpp/dto/rules/date.hpp>
#include <nestcpp/dto/rules/encoding.hpp>
#include <nestcpp/dto/rules/env.hpp>
#include <nestcpp/dto/rules/identifier.hpp>
#include <nestcpp/dto/rules/locale.hpp>
#include <nestcpp/dto/rules/matches.hpp>
#include <nestcpp/dto/rules/modifiers.hpp>
#include <nestcpp/dto/rules/network.hpp>
#include <nestcpp/dto/rules/number.hpp>
#include <nestcpp/dto/rules/options.hpp>
#include <nestcpp/dto/rules/string.hpp>
#include <nestcpp/dto/rules/transform.hpp>
#include <nestcpp/dto/rules/validate.hpp>
