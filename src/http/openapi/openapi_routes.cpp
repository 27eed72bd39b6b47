#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/http/http_context.hpp>
#include <nestcpp/http/openapi/openapi_document.hpp>

#include <boost/json/serialize.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

namespace nestcpp {

namespace {

// A text that does not change.
class fixed_endpoint final : public endpoint {
 public:
  fixed_endpoint(std::string text, std::string type) : text_{std::move(text)}, type_{std::move(type)} {}
  [[nodiscard]] bool is_plain() const noexcept override { return true; }
  [[nodiscard]] bool returns_text() const noexcept override { return true; }
  bool call(execution_context& context, std::string& out) const override {
    context.switch_to_http().response().headers.set("Content-Type", type_);
    out += text_;
    return true;
  }
  [[nodiscard]] task<reply> call_async(execution_context& context) const override {
    std::string out;
    call(context, out);
    co_return reply::from_text(std::move(out));
  }

 private:
  std::string text_, type_;
};

void add(http_dispatcher& to, const std::string& path, std::string text, std::string type) {
  auto chain = std::make_shared<handler_chain>(handler_info{"SwaggerModule", "setup", "GET " + path},
                                               std::vector<const enhancers*>{});
  chain->set_endpoint(std::make_unique<fixed_endpoint>(std::move(text), std::move(type)));
  to.add_route(http_method::get, path, std::move(chain));
}

std::string read(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

constexpr std::string_view page_begin =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

void mount_document(http_dispatcher& dispatcher, const std::string& path, const boost::json::object& document) {
  add(dispatcher, "/" + path + "-json", boost::json::serialize(document), "application/json; charset=utf-8");
  add(dispatcher, "/" + path + "-yaml", to_yaml(document), "text/yaml; charset=utf-8");
}

void mount_openapi(http_dispatcher& dispatcher, const std::string& path, const boost::json::object& document,
                   const std::string& ui_folder) {
  mount_document(dispatcher, path, document);
  const std::string title = escaped(std::string{document.at("info").as_object().at("title").as_string()});
  const std::string base = "/" + path;
  const std::filesystem::path folder{ui_folder};
  std::error_code missing;
  if (ui_folder.empty() || !std::filesystem::exists(folder / "swagger-ui-bundle.js", missing)) {
    add(dispatcher, base,
        std::string{page_begin} + "<title>" + title + "</title>\n</head>\n<body>\n<h1>" + title +
            "</h1>\n<p>Swagger UI is not here: it is the npm package <code>swagger-ui-dist</code>, whose folder the "
            "service was not given (docs/openapi.md says how).</p>\n<p>The document: <a href=\"" +
            base + "-json\">JSON</a>, <a href=\"" + base + "-yaml\">YAML</a></p>\n</body>\n</html>\n",
        "text/html; charset=utf-8");
    return;
  }
  add(dispatcher, base,
      std::string{page_begin} + "<title>" + title + "</title>\n<link rel=\"stylesheet\" href=\"" + base +
          "/swagger-ui.css\">\n</head>\n<body>\n<div id=\"swagger-ui\"></div>\n<script src=\"" + base +
          "/swagger-ui-bundle.js\"></script>\n<script src=\"" + base +
          "/swagger-ui-init.js\"></script>\n</body>\n</html>\n",
      "text/html; charset=utf-8");
  add(dispatcher, base + "/swagger-ui-init.js",
      "window.onload = () => {\n  window.ui = SwaggerUIBundle({ url: \"" + base +
          "-json\", dom_id: \"#swagger-ui\", deepLinking: true, validatorUrl: null });\n};\n",
      "text/javascript; charset=utf-8");
  for (const auto& [name, type] : {std::pair{"swagger-ui.css", "text/css; charset=utf-8"},
                                   std::pair{"swagger-ui-bundle.js", "text/javascript; charset=utf-8"}}) {
    add(dispatcher, base + "/" + name, read(folder / name), type);
  }
}

}  // namespace nestcpp
