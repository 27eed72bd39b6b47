#pragma once

#include "notification_service/delivery/sender.hpp"

#include <nestcpp/core/runtime.hpp>

#include <string>

namespace notifications {

/// One file for each notification, `<id>.eml`, whole or not at all; a mail program opens it. Given one twice, it writes
/// the same file.
class FileSender final : public Sender {
 public:
  FileSender(nest::runtime& loops, std::string folder, std::string from, std::size_t concurrency);
  [[nodiscard]] nest::task<void> send(Notification notification) override;

 private:
  std::string folder_, from_;
  nest::blocking_pool& pool_;
};

}  // namespace notifications
