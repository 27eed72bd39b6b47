#include <nestcpp/pipeline/reply.hpp>

#include <nestcpp/dto/json_writer.hpp>

#include <boost/json/parse.hpp>

namespace nestcpp {

reply reply::from_value(const boost::json::value& value) {
  std::string text;
  append_json_value(text, value);
  return from_text(std::move(text));
}

boost::json::value reply::value() const { return has_value_ ? boost::json::parse(text_) : boost::json::value{}; }

}  // namespace nestcpp
