#pragma once

#include "shared/nest.hpp"

#include <nestcpp/app/controller_registrar.hpp>
#include <nestcpp/http/http_response.hpp>
#include <nestcpp/http/redirect_to.hpp>

#include <string_view>

namespace gateway {

/// The page at the gateway's root, where a person registers a user and sees what happens. It is part of the executable,
/// and asks nothing of any other host.
class PageController {
  NEST_CONTROLLER(PageController);

 public:
  NEST_GET(index, "/", api_exclude_endpoint());
  nest::http_response index() { return file(index_html, "text/html; charset=utf-8"); }
  NEST_GET(style, "/page/style.css", api_exclude_endpoint());
  nest::http_response style() { return file(style_css, "text/css; charset=utf-8"); }
  NEST_GET(script, "/page/app.js", api_exclude_endpoint());
  nest::http_response script() { return file(app_js, "text/javascript; charset=utf-8"); }

 private:
  static nest::http_response file(std::string_view text, const char* type);

  static const std::string_view index_html, style_css, app_js;  // made of the files beside this one
};

}  // namespace gateway
