// A request's head and body: whatever comes is refused or read, and what is read from a form is JSON and parts of it.
#include "fuzz/expect.hpp"
#include "http/body_parser.hpp"
#include "http/byte_range.hpp"
#include "http/compression.hpp"
#include "http/http_head.hpp"
#include "http/multipart.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/dto/json_error.hpp>

#include <cstdint>
#include <functional>

namespace {

using namespace nestcpp;

void expect_form(const http_form& form, std::string_view body) {
  EXPECT(!find_json_error(form.json));
  EXPECT(form.json.starts_with('{'));
  for (const form_file& each : form.files) {
    EXPECT(!std::less<>{}(each.content.data(), body.data()) || each.content.empty());
    EXPECT(each.content.size() <= body.size());
    EXPECT(each.original_name.find('/') == std::string::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  detail::head_scanner scanner;
  detail::head_scanner again;
  const auto status = scanner.scan(text, 8192, 16384);
  // In two pieces the head is the same.
  const auto half = again.scan(text.substr(0, size / 2), 8192, 16384);
  if (half == detail::head_scanner::status::incomplete) EXPECT(again.scan(text, 8192, 16384) == status);
  if (status != detail::head_scanner::status::complete) return 0;
  detail::http_head head = detail::parse_http_head(text.substr(0, scanner.size()));
  if (head.refused != 0) return 0;
  http_request& request = head.request;
  request.body = text.substr(scanner.size());
  const std::string_view type = request.headers.get("Content-Type").value_or("");
  static_cast<void>(request.cookie("a"));
  static_cast<void>(detail::negotiate_coding(request.headers.get("Accept-Encoding").value_or("")));
  const auto range = detail::parse_range(request.headers.get("Range").value_or(""), 1000);
  if (range.what == detail::byte_range::kind::part) EXPECT(range.count > 0 && range.first + range.count <= 1000);
  try {
    detail::check_body(request);
    if (request.form) expect_form(*request.form, request.body);
    upload_fields any;
    any.any = true;
    if (detail::is_multipart(type)) expect_form(detail::parse_multipart(type, request.body, any), request.body);
  } catch (const http_exception& refused) {
    EXPECT(refused.status() >= 400 && refused.status() < 500);
  }
  return 0;
}
