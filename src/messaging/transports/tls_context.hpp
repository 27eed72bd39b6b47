#pragma once
// One side's certificates, ready for connections; read again when their files change.

#include <nestcpp/messaging/transports/tcp/tls_options.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace boost::asio::ssl {
class context;
}

namespace nestcpp::detail {

enum class tls_side { server, client };

// Whether the option's text is the PEM itself, not the path of a file.
[[nodiscard]] bool is_pem(std::string_view text) noexcept;

// Thread-safe: used by all loops.
class tls_context {
 public:
  // @throws startup_error: which option and file, and what is wrong
  tls_context(tls_options options, tls_side side);
  ~tls_context();

  [[nodiscard]] const tls_options& options() const noexcept { return options_; }
  [[nodiscard]] tls_side side() const noexcept { return side_; }

  // For the next connection. Looks for changed files, at most once a second.
  [[nodiscard]] std::shared_ptr<boost::asio::ssl::context> current();

 private:
  // What tells a file's versions apart.
  struct file_stamp {
    std::int64_t seconds = 0, nanoseconds = 0, size = 0;
    std::uint64_t inode = 0;
    bool operator==(const file_stamp&) const = default;
  };

  [[nodiscard]] std::vector<file_stamp> stamps() const;

  tls_options options_;
  tls_side side_;
  std::mutex mutex_;
  std::shared_ptr<boost::asio::ssl::context> context_;
  std::vector<file_stamp> stamps_;  // of the last attempt to read them
  std::chrono::steady_clock::time_point looked_at_;
};

}  // namespace nestcpp::detail
