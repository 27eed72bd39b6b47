#include <nestcpp/http/static_files.hpp>

#include "http/answers.hpp"
#include "http/byte_range.hpp"
#include "http/entity_tag.hpp"
#include "http/file_source.hpp"
#include "http/media_type.hpp"
#include "http/text_source.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/http/http_context.hpp>

#include <boost/json/object.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

namespace nestcpp {

namespace {

// The path without `.` and `..`; nullopt: it leads out of the folder, or to what is hidden.
std::optional<std::string> normalized(std::string_view path, bool dot_files) {
  if (path.find('\0') != std::string_view::npos || path.find('\\') != std::string_view::npos) return std::nullopt;
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(segment.size() + 1, path.size()));
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") {
      segments.push_back(segment);
    } else if (segments.empty()) {
      return std::nullopt;
    } else {
      segments.pop_back();
    }
  }
  if (!dot_files && std::ranges::any_of(segments, [](std::string_view each) { return each.starts_with('.'); })) {
    return std::nullopt;
  }
  return fmt::format("{}", fmt::join(segments, "/"));
}

// As the npm package serve-static.
void redirect_into(http_context& http) {
  const http_request& request = http.request();
  const std::string_view query = std::string_view{request.target()}.substr(
      static_cast<std::size_t>(request.path().data() + request.path().size() - request.target().data()));
  const std::string place = std::string{request.path()} + '/' + std::string{query};
  std::string shown;
  for (const char c : place) {
    switch (c) {
      case '&': shown += "&amp;"; break;
      case '<': shown += "&lt;"; break;
      case '>': shown += "&gt;"; break;
      case '"': shown += "&quot;"; break;
      case '\'': shown += "&#39;"; break;
      default: shown += c;
    }
  }
  http_response& response = http.response();
  response.status = 301;
  response.headers.set("Location", place);
  response.headers.set("Content-Security-Policy", "default-src 'none'");
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("Content-Type", "text/html; charset=UTF-8");
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Redirecting</title>\n</head>\n"
      "<body>\n<pre>Redirecting to " +
      shown + "</pre>\n</body>\n</html>\n";
  response.source = std::make_shared<detail::text_source>(*event_loop::current(), std::move(page));  // has no ETag
}

class static_files_endpoint final : public endpoint {
 public:
  static_files_endpoint(runtime& loops, std::string folder, static_files_options options)
      : pool_{&detail::file_pool(loops)}, folder_{std::move(folder)}, options_{std::move(options)} {}

  [[nodiscard]] bool is_plain() const noexcept override { return false; }
  [[nodiscard]] bool returns_text() const noexcept override { return false; }
  bool call(execution_context&, std::string&) const override { throw std::logic_error{"static files are awaited"}; }

  [[nodiscard]] task<reply> call_async(execution_context& context) const override {
    http_context& http = context.switch_to_http();
    const auto path = normalized(http.path_parameter("path").value_or(""), options_.dot_files);
    if (!path) throw not_found(http);
    const bool names_folder = http.request().path().ends_with('/');
    found file = co_await find(*path);
    if (file.is_folder) {
      if (options_.index.empty()) throw not_found(http);
      if (!names_folder) {
        redirect_into(http);
        co_return reply{};
      }
      file = co_await find(path->empty() ? options_.index : *path + '/' + options_.index);
    } else if (names_folder) {
      throw not_found(http);
    }
    if (!file.file) throw not_found(http);
    answer(http, file);
    co_return reply{};
  }

 private:
  struct found {
    std::shared_ptr<const detail::open_file> file;
    std::string name;
    bool is_folder = false;
  };

  [[nodiscard]] task<found> find(std::string path) const {
    const std::string whole = folder_ + '/' + path;
    co_return co_await pool_->run([whole, path] {
      found result{nullptr, path, false};
      try {
        result.file = std::make_shared<const detail::open_file>(whole);
      } catch (const std::system_error& failure) {
        std::error_code ignored;
        result.is_folder = failure.code() == std::errc::is_a_directory && std::filesystem::is_directory(whole, ignored);
        const bool missing =
            failure.code() == std::errc::no_such_file_or_directory || failure.code() == std::errc::not_a_directory ||
            failure.code() == std::errc::is_a_directory || failure.code() == std::errc::filename_too_long;
        if (!missing) throw;
      }
      return result;
    });
  }

  static http_exception not_found(const http_context& http) {
    return not_found_exception{"Cannot " + http.request().method_text() + ' ' + http.request().target()};
  }

  // As the npm package send.
  void answer(http_context& http, const found& what) const {
    const http_request& request = http.request();
    http_headers& headers = http.response().headers;
    const std::uint64_t size = what.file->size();
    const auto set = [&](const char* name, std::string value) {
      if (!headers.contains(name)) headers.set(name, std::move(value));
    };
    set("Accept-Ranges", "bytes");
    set("Cache-Control",
        fmt::format("public, max-age={}{}", options_.max_age.count(), options_.immutable ? ", immutable" : ""));
    set("Last-Modified", detail::http_date(static_cast<std::time_t>(what.file->modified_ms() / 1000)));
    set("ETag", fmt::format("W/\"{:x}-{:x}\"", size, what.file->modified_ms()));
    set("Content-Type", std::string{detail::media_type_of(what.name)});
    std::uint64_t first = 0;
    std::uint64_t count = size;
    if (detail::range_applies(request, headers)) {
      const auto range = detail::parse_range(request.headers.get("Range").value_or(""), size);
      if (range.what == detail::byte_range::kind::unsatisfiable) {
        headers.set("Content-Range", fmt::format("bytes */{}", size));
        throw http_exception{boost::json::object{{"statusCode", 416}, {"message", "Range Not Satisfiable"}}, 416};
      }
      if (range.what == detail::byte_range::kind::part && !detail::is_fresh(request, headers)) {
        first = range.first;
        count = range.count;
        http.response().status = 206;
        headers.set("Content-Range", fmt::format("bytes {}-{}/{}", first, first + count - 1, size));
      }
    }
    event_loop& loop = *event_loop::current();
    http.response().source = std::make_shared<detail::file_source>(loop, *pool_, what.file, first, count);
  }

  blocking_pool* pool_;
  std::string folder_;
  static_files_options options_;
};

}  // namespace

void mount_static_files(http_dispatcher& dispatcher, runtime& loops, const std::string& path, std::string folder,
                        static_files_options options) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    throw startup_error{"serve_static(\"" + path + "\", \"" + folder + "\"): there is no such folder"};
  }
  std::string base = path;
  while (base.ends_with('/')) base.pop_back();
  const std::string route = base + "{/*path}";
  auto chain = std::make_shared<handler_chain>(handler_info{"ServeStaticModule", "serve", "GET " + route},
                                               std::vector<const enhancers*>{});
  chain->set_endpoint(std::make_unique<static_files_endpoint>(loops, std::move(folder), std::move(options)));
  dispatcher.add_route(http_method::get, route, std::move(chain));
}

}  // namespace nestcpp
