#pragma once
/// @file nestcpp/dto/dto.hpp
/// @brief Everything of this folder, and what its macros expand to.

#include <nestcpp/dto/decimal.hpp>
#include <nestcpp/dto/enums.hpp>
#include <nestcpp/dto/field.hpp>
#include <nestcpp/dto/inherited_fields.hpp>
#include <nestcpp/dto/json.hpp>
#include <nestcpp/dto/json_codec.hpp>
#include <nestcpp/dto/json_cursor.hpp>
#include <nestcpp/dto/json_text.hpp>
#include <nestcpp/dto/json_writer.hpp>
#include <nestcpp/dto/maybe.hpp>
#include <nestcpp/dto/naming.hpp>
#include <nestcpp/dto/parse_text.hpp>
#include <nestcpp/dto/query.hpp>
#include <nestcpp/dto/rules.hpp>
#include <nestcpp/dto/serialize_options.hpp>
#include <nestcpp/dto/tagged_variant.hpp>
#include <nestcpp/dto/text.hpp>
#include <nestcpp/dto/validation.hpp>
#include <nestcpp/macros.hpp>

#include <array>
#include <tuple>
#include <type_traits>
