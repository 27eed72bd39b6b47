#pragma once
// Files as bodies of answers, read by a pool.

#include <nestcpp/core/blocking_pool.hpp>
#include <nestcpp/http/http_body_source.hpp>

#include <cstdint>
#include <ctime>
#include <memory>
#include <string>

namespace nestcpp::detail {

/// A regular file that is open for reading.
class open_file {
 public:
  /// Blocks. @throws std::system_error with the reason; `is_a_directory` for what is no regular file
  explicit open_file(const std::string& path);
  ~open_file();
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] std::int64_t modified_ms() const noexcept { return modified_ms_; }
  /// Blocks. Appends up to `count` bytes from `offset` on. @throws std::system_error, also where the file has become
  /// shorter
  void read(std::string& to, std::uint64_t offset, std::size_t count) const;

 private:
  int descriptor_;
  std::uint64_t size_ = 0;
  std::int64_t modified_ms_ = 0;
};

class file_source final : public http_body_source {
 public:
  /// @param count bytes from `offset` on, which the file has
  file_source(event_loop& on, blocking_pool& pool, std::shared_ptr<const open_file> file, std::uint64_t offset,
              std::uint64_t count) noexcept
      : http_body_source{on}, pool_{&pool}, file_{std::move(file)}, offset_{offset}, left_{count}, size_{count} {}

  [[nodiscard]] task<bool> next(std::string& to) override;
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return size_; }

 private:
  blocking_pool* pool_;
  std::shared_ptr<const open_file> file_;
  std::uint64_t offset_;
  std::uint64_t left_;
  std::uint64_t size_;
};

/// The pool that reads files.
[[nodiscard]] blocking_pool& file_pool(runtime& loops);

}  // namespace nestcpp::detail
