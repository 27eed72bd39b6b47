#include <nestcpp/pipeline/reply.hpp>

#include <nestcpp/core/stream.hpp>
#include <nestcpp/dto/json_writer.hpp>

#include <boost/json/parse.hpp>

namespace nestcpp {

reply reply::from_value(const boost::json::value& value) {
  std::string text;
  append_json_value(text, value);
  return from_text(std::move(text));
}

reply reply::from_stream(stream<reply> values) {
  reply result;
  result.stream_ = std::make_shared<stream<reply>>(std::move(values));
  return result;
}

stream<reply> reply::take_stream() const { return std::move(*stream_); }

boost::json::value reply::value() const { return has_value_ ? boost::json::parse(text_) : boost::json::value{}; }

}  // namespace nestcpp
