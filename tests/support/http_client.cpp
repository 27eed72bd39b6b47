#include "support/http_client.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <system_error>

namespace support {

namespace {

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

bool has(const http_headers& headers, std::string_view name) {
  return std::ranges::any_of(headers, [&](const auto& entry) { return same_name(entry.first, name); });
}

http_response read_response(tcp_stream& stream, std::string_view method, milliseconds limit) {
  namespace http = boost::beast::http;
  http::response_parser<http::string_body> parser;
  parser.body_limit(boost::none);
  parser.eager(true);
  parser.skip(method == "HEAD");

  const time_limit end{limit};
  std::string pending;
  while (!parser.is_done()) {
    const std::string bytes = stream.receive(end.left());
    boost::system::error_code error;
    if (bytes.empty()) {
      if (!parser.got_some()) throw std::system_error{ECONNRESET, std::generic_category(), "closed without an answer"};
      parser.put_eof(error);
      if (error) throw std::system_error{ECONNRESET, std::generic_category(), "closed within the answer"};
      break;
    }
    pending += bytes;
    while (!pending.empty() && !parser.is_done()) {
      const std::size_t used = parser.put(boost::asio::buffer(pending), error);
      pending.erase(0, used);
      if (error == http::error::need_more) break;
      if (error) throw std::runtime_error{"no HTTP answer: " + error.message() + ": " + pending.substr(0, 200)};
    }
  }

  const auto& message = parser.get();
  http_response response;
  response.status = static_cast<int>(message.result_int());
  response.body = message.body();
  for (const auto& field : message) response.headers.emplace_back(field.name_string(), field.value());
  return response;
}

}  // namespace

std::string http_response::header(std::string_view name) const {
  const auto found = std::ranges::find_if(headers, [&](const auto& entry) { return same_name(entry.first, name); });
  return found == headers.end() ? std::string{} : found->second;
}

boost::json::value http_response::json() const {
  boost::system::error_code error;
  boost::json::value value = boost::json::parse(body, error);
  if (error) throw std::runtime_error{"no JSON in the answer " + std::to_string(status) + ": " + body};
  return value;
}

http_response http_client::get(std::string_view target, const http_headers& headers, milliseconds limit) const {
  return send("GET", target, {}, headers, limit);
}

http_response http_client::post(std::string_view target, std::string_view body, const http_headers& headers,
                                milliseconds limit) const {
  return send("POST", target, body, headers, limit);
}

http_response http_client::send(std::string_view method, std::string_view target, std::string_view body,
                                const http_headers& headers, milliseconds limit) const {
  std::string request{method};
  request += ' ';
  request += target;
  request += " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) + "\r\nConnection: close\r\n";
  if (method != "GET" && method != "HEAD") {
    request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    if (!has(headers, "Content-Type")) request += "Content-Type: application/json\r\n";
  }
  for (const auto& [name, value] : headers) request += name + ": " + value + "\r\n";
  request += "\r\n";
  request += body;

  const time_limit end{limit};
  tcp_stream stream = tcp_stream::connect(port_, end.left());
  try {
    stream.send(request, end.left());
  } catch (const std::system_error&) {
    // A server may answer and close before it has read all (413): the answer counts.
  }
  return read_response(stream, method, end.left());
}

}  // namespace support
