#pragma once
/// @file nestcpp/http/streamable_file.hpp
/// @brief NestJS's StreamableFile: a handler's result that is sent as it is, piece by piece.

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/core/task.hpp>
#include <nestcpp/http/http_body_source.hpp>
#include <nestcpp/http/http_context.hpp>
#include <nestcpp/pipeline/result_writer.hpp>

#include <memory>
#include <string>
#include <utility>

namespace nestcpp {

struct streamable_file_options {
  std::string type = "application/octet-stream";
  /// `attachment; filename="report.pdf"`: the browser saves it. Default: not said.
  std::string disposition{};
};

///     NEST_GET(report, "/report");
///     nest::task<nest::streamable_file> report() {
///       return nest::streamable_file::open(loops_, "/srv/report.pdf", {.type = "application/pdf"});
///     }
///
/// Its options give way to headers that the route or the handler has set. For folders of files, with ranges and
/// caching, see `application::serve_static`.
class streamable_file {
 public:
  /// Opens a file and reads it while it is sent, on a pool; nothing of it is kept in memory.
  /// @param loops the application's; any module can inject `runtime&`
  /// @throws not_found_exception where there is no such file, std::system_error where it cannot be read
  [[nodiscard]] static task<streamable_file> open(runtime& loops, std::string path,
                                                  streamable_file_options options = {});
  /// Bytes that are there already.
  explicit streamable_file(std::string content, streamable_file_options options = {})
      : content_{std::move(content)}, options_{std::move(options)} {}
  /// Anything that can be read piece by piece.
  explicit streamable_file(std::shared_ptr<http_body_source> source, streamable_file_options options = {})
      : source_{std::move(source)}, options_{std::move(options)} {}

  /// Makes it the answer's body. To be called on the call's loop.
  void write_to(http_response& response) &&;

 private:
  std::string content_;
  std::shared_ptr<http_body_source> source_;
  streamable_file_options options_;
};

template <>
struct result_writer<streamable_file> {
  static bool write(execution_context& context, streamable_file result) {
    std::move(result).write_to(context.switch_to_http().response());
    return false;
  }
};

}  // namespace nestcpp
