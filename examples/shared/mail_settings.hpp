#pragma once
/// How mail leaves, in the environment's words: MAIL_TRANSPORT, MAIL_SMTP_HOST …

#include "shared/nest.hpp"

#include <nestcpp/dto/load_config.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

enum class MailTransport { file, smtp };
NEST_ENUM(MailTransport, file, smtp);
enum class SmtpSecurity { none, starttls, tls };
NEST_ENUM(SmtpSecurity, none, starttls, tls);

struct SmtpSettings {
  std::string host = "127.0.0.1";
  std::uint16_t port = 25;
  SmtpSecurity security = SmtpSecurity::none;
  std::string username{};  ///< Empty: no login.
  std::string password{};
};
NEST_DTO(SmtpSettings, NEST_FIELD(host), NEST_FIELD(port, min(1)), NEST_FIELD(security), NEST_FIELD(username),
         NEST_FIELD(password));

struct MailSettings {
  MailTransport transport = MailTransport::file;
  std::string folder = "data/mails";  ///< Of `file`: one `.eml` for each mail.
  std::string from = "welcome@localhost";
  SmtpSettings smtp{};
  std::size_t concurrency = 8;  ///< Mails under way at a time.
  int max_attempts = 12;        ///< Then a notification is `failed`. With pauses from 1 s to 5 min: about half an hour.
};
NEST_DTO(MailSettings, NEST_FIELD(transport), NEST_FIELD(folder), NEST_FIELD(from), NEST_FIELD(smtp),
         NEST_FIELD(concurrency, min(1), max(100)), NEST_FIELD(max_attempts, min(1), max(1000)));
