#include <nestcpp/http/streamable_file.hpp>

#include "http/file_source.hpp"
#include "http/text_source.hpp"

#include <nestcpp/core/exceptions.hpp>

#include <system_error>

namespace nestcpp {

task<streamable_file> streamable_file::open(runtime& loops, std::string path, streamable_file_options options) {
  blocking_pool& pool = detail::file_pool(loops);
  std::shared_ptr<const detail::open_file> file;
  try {
    file = co_await pool.run([path] { return std::make_shared<const detail::open_file>(path); });
  } catch (const std::system_error& failure) {
    if (failure.code() != std::errc::no_such_file_or_directory) throw;
  }
  if (!file) throw not_found_exception{};
  event_loop* const here = event_loop::current();
  const std::uint64_t size = file->size();
  co_return streamable_file{
      std::make_shared<detail::file_source>(here != nullptr ? *here : loops.loop(0), pool, std::move(file), 0, size),
      std::move(options)};
}

void streamable_file::write_to(http_response& response) && {
  const auto set = [&](const char* name, std::string& value) {
    if (!value.empty() && !response.headers.contains(name)) response.headers.set(name, std::move(value));
  };
  set("Content-Type", options_.type);
  set("Content-Disposition", options_.disposition);
  response.body.clear();
  response.source = std::move(source_);
  if (!response.source) {
    response.source = std::make_shared<detail::text_source>(*event_loop::current(), std::move(content_));
  }
}

}  // namespace nestcpp
