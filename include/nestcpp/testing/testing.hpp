#pragma once
/// @file nestcpp/testing/testing.hpp
/// @brief The whole testing kit, `nestcpp::testing`, but for what needs GoogleTest (`nestcpp/testing/gtest.hpp`).

#include <nestcpp/testing/fault.hpp>
#include <nestcpp/testing/http_agent.hpp>
#include <nestcpp/testing/message_agent.hpp>
#include <nestcpp/testing/mock_clock.hpp>
#include <nestcpp/testing/pending.hpp>
#include <nestcpp/testing/run.hpp>
#include <nestcpp/testing/temporary_database.hpp>
#include <nestcpp/testing/test_network.hpp>
#include <nestcpp/testing/testing_module.hpp>
