#include "http/multipart.hpp"

#include "http/form_fields.hpp"
#include "http/percent.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/http/http_headers.hpp>

#include <boost/json/string.hpp>

#include <algorithm>
#include <optional>
#include <string>

namespace nestcpp::detail {

namespace {

constexpr std::size_t max_parts = 1000;
constexpr std::size_t max_part_header = 16 * 1024;
constexpr std::size_t largest_index = 1000;

[[noreturn]] void refuse(const std::string& message) {
  throw bad_request_exception{boost::json::value(boost::json::string{message})};
}

// A parameter's value of `form-data; name="a"; filename=b`; quotes and backslashes undone.
std::optional<std::string> parameter(std::string_view header, std::string_view wanted) {
  std::size_t at = header.find(';');
  while (at != std::string_view::npos && at < header.size()) {
    ++at;
    const auto equals = header.find_first_of("=;", at);
    if (equals == std::string_view::npos) return std::nullopt;
    if (header[equals] == ';') {
      at = equals;
      continue;
    }
    const std::string_view name = trim_blanks(header.substr(at, equals - at));
    std::string value;
    at = equals + 1;
    while (at < header.size() && (header[at] == ' ' || header[at] == '\t')) ++at;
    if (at < header.size() && header[at] == '"') {
      for (++at; at < header.size() && header[at] != '"'; ++at) {
        // Browsers write backslashes of file names as they are.
        if (header[at] == '\\' && at + 1 < header.size() && (header[at + 1] == '"' || header[at + 1] == '\\')) ++at;
        value += header[at];
      }
      at = header.find(';', at);
    } else {
      const auto end = std::min(header.find(';', at), header.size());
      value = trim_blanks(header.substr(at, end - at));
      at = end;
    }
    if (equals_ignoring_case(name, wanted)) return value;
  }
  return std::nullopt;
}

// What browsers escape in names (WHATWG HTML): line ends and quotes.
std::string unescaped(std::string_view name) {
  std::string out;
  for (std::size_t at = 0; at < name.size(); ++at) {
    const std::string_view three = name.substr(at, 3);
    if (equals_ignoring_case(three, "%0a") || equals_ignoring_case(three, "%0d") || three == "%22") {
      out += three == "%22" ? '"' : (three[2] | 0x20) == 'a' ? '\n' : '\r';
      at += 2;
    } else {
      out += name[at];
    }
  }
  return repair_utf8(out);
}

// filename*=UTF-8''caf%C3%A9.txt
std::optional<std::string> extended_name(std::string_view disposition) {
  const auto value = parameter(disposition, "filename*");
  if (!value) return std::nullopt;
  const auto first = value->find('\'');
  const auto second = first == std::string::npos ? first : value->find('\'', first + 1);
  if (second == std::string::npos) return std::nullopt;
  return decode_uri_component(std::string_view{*value}.substr(second + 1));
}

std::string base_name(std::string name) {
  const auto slash = name.find_last_of("/\\");
  if (slash != std::string::npos) name.erase(0, slash + 1);
  return name;
}

struct part {
  std::string name;
  std::optional<std::string> file_name;
  std::string type = "text/plain";
  bool is_form_data = false;  // else it does not count
  bool has_name = false;
  bool is_file = false;
};

part parse_part_header(std::string_view header) {
  if (header.empty()) refuse("Multipart: Malformed part header");
  part made;
  while (!header.empty()) {
    const std::string_view line = header.substr(0, header.find("\r\n"));
    header.remove_prefix(std::min(line.size() + 2, header.size()));
    const auto colon = line.find(':');
    if (colon == 0 || colon == std::string_view::npos || !is_http_token(line.substr(0, colon))) {
      refuse("Multipart: Malformed part header");
    }
    const std::string_view value = trim_blanks(line.substr(colon + 1));
    if (equals_ignoring_case(line.substr(0, colon), "Content-Disposition")) {
      if (!equals_ignoring_case(trim_blanks(value.substr(0, value.find(';'))), "form-data")) continue;
      made.is_form_data = true;
      if (const auto name = parameter(value, "name")) {
        made.name = unescaped(*name);
        made.has_name = true;
      }
      made.file_name = extended_name(value);
      if (!made.file_name) {
        if (const auto name = parameter(value, "filename")) made.file_name = unescaped(*name);
      }
    } else if (equals_ignoring_case(line.substr(0, colon), "Content-Type")) {
      made.type = value.substr(0, value.find(';'));
      for (char& c : made.type) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    }
  }
  if (made.file_name && made.file_name->empty()) made.file_name.reset();
  made.is_file = made.file_name || made.type == "application/octet-stream";
  return made;
}

class reader {
 public:
  reader(std::string_view body, std::string boundary, const upload_fields& expected)
      : body_{body}, delimiter_{"\r\n--" + std::move(boundary)}, expected_{expected} {}

  http_form read() {
    find_first();
    while (!ended()) read_part();
    made_.json = fields_.json();
    return std::move(made_);
  }

 private:
  // What stands before the first delimiter does not count.
  void find_first() {
    const std::string_view first = std::string_view{delimiter_}.substr(2);
    if (body_.starts_with(first)) {
      at_ = first.size();
      return;
    }
    const auto found = body_.find(delimiter_);
    if (found == std::string_view::npos) refuse("Multipart: Unexpected end of form");
    at_ = found + delimiter_.size();
  }

  // After a delimiter: "--" is the end, a line's end begins a part.
  bool ended() {
    if (body_.substr(at_).starts_with("--")) return true;
    while (at_ < body_.size() && (body_[at_] == ' ' || body_[at_] == '\t')) ++at_;
    if (!body_.substr(at_).starts_with("\r\n")) refuse("Multipart: Unexpected end of form");
    at_ += 2;
    return false;
  }

  void read_part() {
    if (++parts_ > max_parts) refuse("Too many parts");
    // Where there are no headers, the line end before serves as theirs.
    const auto header_end = body_.substr(at_).starts_with("\r\n") ? at_ - 2 : body_.find("\r\n\r\n", at_);
    const auto next = body_.find(delimiter_, at_ - 2);
    if (header_end == std::string_view::npos && next == std::string_view::npos) {
      refuse("Multipart: Unexpected end of form");
    }
    if (header_end == std::string_view::npos || header_end > next || header_end > at_ + max_part_header) {
      refuse("Multipart: Malformed part header");
    }
    const part found = parse_part_header(header_end < at_ ? std::string_view{} : body_.substr(at_, header_end - at_));
    if (found.is_form_data) check(found);
    if (next == std::string_view::npos) refuse("Multipart: Unexpected end of form");
    const std::size_t begin = header_end + 4;  // behind `next` where the part is empty: they share a line end
    if (found.is_form_data) take(found, next < begin ? std::string_view{} : body_.substr(begin, next - begin));
    at_ = next + delimiter_.size();
  }

  // What can be told before the part has come to its end.
  void check(const part& found) const {
    if (!found.has_name) refuse("Field name missing");
    if (!found.is_file || !found.file_name || expected_.any) return;
    const auto field = std::ranges::find(expected_.fields, std::string_view{found.name}, &upload_fields::field::name);
    const auto taken = std::ranges::count(made_.files, found.name, &form_file::field_name);
    if (field == expected_.fields.end() || static_cast<std::size_t>(taken) >= field->max_count) {
      refuse("Unexpected file field - " + found.name);
    }
  }

  void take(const part& found, std::string_view content) {
    if (found.is_file) {
      // Without a name: what browsers send for a field where nobody chose a file.
      if (found.file_name) made_.files.push_back({found.name, base_name(*found.file_name), found.type, content});
      return;
    }
    switch (fields_.add(found.name, repair_utf8(content))) {
      case form_fields::added::ok: return;
      case form_fields::added::too_deep: refuse("Field name nesting too deep - " + found.name);
      case form_fields::added::index_too_large: refuse("Field name array index too large - " + found.name);
    }
  }

  std::string_view body_;
  std::string delimiter_;
  const upload_fields& expected_;
  std::size_t at_ = 0;
  std::size_t parts_ = 0;
  form_fields fields_{form_fields::style::append_field, largest_index};
  http_form made_;
};

}  // namespace

bool is_multipart(std::string_view content_type) noexcept {
  return equals_ignoring_case(content_type.substr(0, 10), "multipart/");
}

http_form parse_multipart(std::string_view content_type, std::string_view body, const upload_fields& expected) {
  if (!equals_ignoring_case(trim_blanks(content_type.substr(0, content_type.find(';'))), "multipart/form-data")) {
    throw unsupported_media_type_exception{"Unsupported content type"};
  }
  auto boundary = parameter(content_type, "boundary");
  if (!boundary) refuse("Multipart: Boundary not found");
  if (boundary->empty()) return {};  // as multer, which does not take it for a form
  return reader{body, std::move(*boundary), expected}.read();
}

}  // namespace nestcpp::detail
