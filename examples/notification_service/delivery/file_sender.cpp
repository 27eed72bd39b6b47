#include "notification_service/delivery/file_sender.hpp"

#include "notification_service/delivery/mail_text.hpp"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace notifications {

namespace {

[[noreturn]] void fail(const std::string& what) { throw std::system_error{errno, std::generic_category(), what}; }

// On the disk when it returns.
void write_file(const std::string& path, const std::string& text) {
  const std::string part = path + ".part";
  const int file = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (file < 0) fail(part);
  std::size_t written = 0;
  while (written < text.size()) {
    const auto now = ::write(file, text.data() + written, text.size() - written);
    if (now < 0 && errno == EINTR) continue;
    if (now < 0) break;
    written += static_cast<std::size_t>(now);
  }
  const bool whole = written == text.size() && ::fdatasync(file) == 0;
  const int reason = errno;
  ::close(file);
  if (whole && std::rename(part.c_str(), path.c_str()) == 0) return;
  if (!whole) errno = reason;
  const int kept = errno;
  ::unlink(part.c_str());
  errno = kept;
  fail(path);
}

}  // namespace

FileSender::FileSender(nest::runtime& loops, std::string folder, std::string from, std::size_t concurrency)
    : folder_{std::move(folder)}, from_{std::move(from)}, pool_{loops.pool("mail", concurrency)} {}

nest::task<void> FileSender::send(Notification notification) {
  co_await pool_.run([folder = folder_, from = from_, notification = std::move(notification)] {
    std::filesystem::create_directories(folder);
    write_file(folder + "/" + notification.id.to_string() + ".eml", mail_text(notification, from));
  });
}

}  // namespace notifications
