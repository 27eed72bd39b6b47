#pragma once

#include <nestcpp/core/exceptions.hpp>

#include <gtest/gtest.h>

#include <string>

/// The message of the startup_error that `action` throws; fails the test, and is empty, if it throws none.
template <class F>
std::string startup_error_of(F action) {
  try {
    action();
  } catch (const nestcpp::startup_error& error) {
    return error.what();
  }
  ADD_FAILURE() << "no startup_error was thrown";
  return {};
}
