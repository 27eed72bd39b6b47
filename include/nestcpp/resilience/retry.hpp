#pragma once
/// @file nestcpp/resilience/retry.hpp
/// @brief Repeating failed calls: when, and when no longer.

#include <nestcpp/resilience/exponential_backoff.hpp>
#include <nestcpp/resilience/retry_budget.hpp>
