#include "http/file_source.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nestcpp::detail {

namespace {

constexpr std::size_t piece_size = 256 * 1024;
constexpr std::size_t pool_threads = 4;

[[noreturn]] void fail(int reason, const std::string& what) {
  throw std::system_error{reason, std::generic_category(), what};
}

}  // namespace

open_file::open_file(const std::string& path) : descriptor_{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)} {
  if (descriptor_ < 0) fail(errno, path);
  struct stat found{};
  const int reason = ::fstat(descriptor_, &found) != 0 ? errno : S_ISREG(found.st_mode) ? 0 : EISDIR;
  if (reason != 0) {
    ::close(descriptor_);
    fail(reason, path);
  }
  size_ = static_cast<std::uint64_t>(found.st_size);
  modified_ms_ = static_cast<std::int64_t>(found.st_mtim.tv_sec) * 1000 + (found.st_mtim.tv_nsec + 500'000) / 1'000'000;
}

open_file::~open_file() { ::close(descriptor_); }

void open_file::read(std::string& to, std::uint64_t offset, std::size_t count) const {
  std::size_t at = to.size();
  to.resize(at + count);
  while (at < to.size()) {
    const auto got = ::pread(descriptor_, to.data() + at, to.size() - at, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      const int reason = got < 0 ? errno : EIO;
      to.resize(at);
      fail(reason, got < 0 ? "a file could not be read" : "a file has become shorter while it was sent");
    }
    at += static_cast<std::size_t>(got);
    offset += static_cast<std::uint64_t>(got);
  }
}

task<bool> file_source::next(std::string& to) {
  if (left_ == 0) co_return false;
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, piece_size));
  // The pool writes into a text of its own: the caller's may be gone where it was cancelled meanwhile.
  std::string piece = co_await pool_->run([file = file_, offset = offset_, count] {
    std::string read;
    file->read(read, offset, count);
    return read;
  });
  offset_ += count;
  left_ -= count;
  to += piece;
  co_return true;
}

blocking_pool& file_pool(runtime& loops) { return loops.pool("files", pool_threads); }

}  // namespace nestcpp::detail
