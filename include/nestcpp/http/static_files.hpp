#pragma once
/// @file nestcpp/http/static_files.hpp
/// @brief A folder served as it is: NestJS's ServeStaticModule, Express' `express.static`.

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/http/http_dispatcher.hpp>

#include <chrono>
#include <string>

namespace nestcpp {

struct static_files_options {
  std::string index = "index.html";  ///< Answers for a folder. Empty: folders are not answered.
  std::chrono::seconds max_age{0};   ///< `Cache-Control: public, max-age=…`.
  bool immutable = false;            ///< Files under a name never change: browsers need not ask again.
  bool dot_files = false;            ///< Serve what begins with a dot. Default: as if it were not there.
};

/// Serves `GET <path>/…` (and HEAD) from the files under `folder`, with `Last-Modified`, `ETag`, conditional requests
/// and ranges. Files are read on a pool while they are sent. What is not there is a 404 as of any other route; a path
/// cannot lead out of the folder, but links in it are followed.
/// @param path "/assets"; "/" serves whatever no other route does
/// @throws startup_error where `folder` is none, or the path has a route already
void mount_static_files(http_dispatcher& dispatcher, runtime& loops, const std::string& path, std::string folder,
                        static_files_options options = {});

}  // namespace nestcpp
