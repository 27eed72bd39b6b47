// What the library says of payloads under the options of NestJS's ValidationPipe, for comparison with it. Each line of
// the input is `{"dto":…,"options":{…},"payload":"…"}`; each line of the output the messages, `[]` where it passes.

#include <nestcpp/dto/dto.hpp>

#include <iostream>
#include <map>
#include <string>

namespace forms {

namespace nest = nestcpp;

struct Grouped {
  std::string a, b, c, d;
};
NEST_DTO(Grouped, NEST_FIELD(a, with_groups(min_length(2), "create")),
         NEST_FIELD(b, with_groups(min_length(2), "update")), NEST_FIELD(c, min_length(2)),
         NEST_FIELD(d, always(min_length(2))));

struct Account {
  int id = 0;
  std::string password, nick;
};
NEST_DTO(Account, NEST_FIELD(id, with_groups(is_int(), "update", "admin"), with_groups(min(1), "update")),
         NEST_FIELD(password, with_groups(is_optional(), "update"), always(min_length(8))),
         NEST_FIELD(nick, with_groups(allow(), "create", "update")));

struct Address {
  std::string street;
  int zip = 0;
};
NEST_DTO(Address, NEST_FIELD(street, always(is_string()), always(min_length(3))),
         NEST_FIELD(zip, is_int(), with_groups(min(10), "create")));

struct Company {
  Address main;
  std::vector<Address> branches;
};
NEST_DTO(Company, NEST_FIELD(main, with_groups(validate_nested(), "create"), always(is_defined())),
         NEST_FIELD(branches, always(is_array()), always(validate_nested())));

struct Contact {
  std::string phone, email, channel;
  std::vector<std::string> tags;
};
NEST_DTO(Contact,
         NEST_FIELD(phone, validate_if([](const Contact& c) { return c.channel == "sms"; }), is_string(),
                    min_length(6)),
         NEST_FIELD(email, validate_if([](const Contact& c) { return c.channel == "mail"; }),
                    validate_if([](const Contact& c) { return c.phone != "skip"; }), is_email()),
         NEST_FIELD(channel, is_string()),
         NEST_FIELD(tags, is_optional(), is_array(), array_max_size(2), each(is_string()), each(max_length(3))));

struct Told {
  std::string word;
  int number = 0;
};
NEST_DTO(Told,
         NEST_FIELD(word, is_string(),
                    with_message(min_length(3), "$target.$property: $value is shorter than $constraint1"),
                    with_message(max_length(5), "")),
         NEST_FIELD(number, is_int(), with_message(min(1), [](const nest::message_arguments& of) {
                      return std::string{of.property} + " of " + std::string{of.target_name} + ": " +
                             of.constraints.at(0) + " or more, not $value";
                    })));

struct Base {
  int shared = 0, b1 = 0;
};
NEST_DTO(Base, NEST_FIELD(shared, is_int(), min(1)), NEST_FIELD(b1, is_int()));
struct Sub : Base {
  int s1 = 0;
};
NEST_DTO(Sub, NEST_FIELD(s1, is_int()), NEST_FIELD(shared, is_int(), max(5)), fields_of<Base>());

struct Trimmed {
  std::string name, mail;
};
NEST_DTO(Trimmed, NEST_FIELD(name, trim(), is_not_empty(), max_length(5)),
         NEST_FIELD(mail, is_optional(), trim(), to_lower_case(), is_in("a@b.io", "x")));

template <class T>
std::string judge(const std::string& payload, const nest::validation_options& options) {
  T out;
  const auto result = nest::read_json(payload, out, options);
  if (result) return "[]";
  if (result.validation_failure() == nullptr) return "\"malformed\"";
  return nest::to_json(result.validation_failure()->body().at("message"));
}

using judgement = std::string (*)(const std::string&, const nest::validation_options&);
const std::map<std::string, judgement> judges{
    {"Grouped", judge<Grouped>}, {"Account", judge<Account>}, {"Company", judge<Company>}, {"Contact", judge<Contact>},
    {"Told", judge<Told>},       {"Sub", judge<Sub>},         {"Trimmed", judge<Trimmed>},
};

// The pipe's options as they stand in TypeScript.
nest::validation_options options_of(const boost::json::object& given, std::vector<std::string>& names) {
  nest::validation_options options;
  const auto flag = [&given](const char* name, bool& value) {
    if (const auto* found = given.if_contains(name)) value = found->as_bool();
  };
  options.whitelist = false;
  flag("whitelist", options.whitelist);
  flag("forbidNonWhitelisted", options.forbid_non_whitelisted);
  flag("forbidUnknownValues", options.forbid_unknown_values);
  flag("stopAtFirstError", options.stop_at_first_error);
  flag("skipMissingProperties", options.skip_missing_properties);
  flag("skipUndefinedProperties", options.skip_undefined_properties);
  flag("skipNullProperties", options.skip_null_properties);
  flag("always", options.always);
  flag("strictGroups", options.strict_groups);
  flag("dismissDefaultMessages", options.dismiss_default_messages);
  if (const auto* length = given.if_contains("maxErrorMessagesLength")) {
    options.max_error_messages_length = length->to_number<std::size_t>();
  }
  if (const auto* groups = given.if_contains("groups")) {
    for (const auto& name : groups->as_array()) names.emplace_back(std::string_view{name.as_string()});
    if (names.size() == 1) options.groups = {names[0]};
    if (names.size() == 2) options.groups = {names[0], names[1]};
  }
  return options;
}

}  // namespace forms

int main() {
  std::ios::sync_with_stdio(false);
  std::string line;
  while (std::getline(std::cin, line)) {
    const auto input = nestcpp::from_json<boost::json::value>(line);
    std::vector<std::string> names;
    const auto options = forms::options_of(input.at("options").as_object(), names);
    const std::string dto{std::string_view{input.at("dto").as_string()}};
    const std::string payload{std::string_view{input.at("payload").as_string()}};
    std::cout << forms::judges.at(dto)(payload, options) << '\n';
  }
  return 0;
}
