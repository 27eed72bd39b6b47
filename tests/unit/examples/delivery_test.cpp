// How notifications leave. SMTP is tested with a server from npm, in tests/interop.
#include "notification_service/delivery/file_sender.hpp"
#include "notification_service/delivery/mail_text.hpp"
#include "notification_service/delivery/smtp_sender.hpp"

#include <nestcpp/testing/run.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace {

using notifications::Notification;
using testing::HasSubstr;
using testing::Not;

Notification notification() {
  return {.id = *nest::uuid::parse("0192d3a0-1111-7222-8333-123456789abc"),
          .recipient = "ada@example.com",
          .subject = "Welcome, Ada!",
          .content = "Hi Ada",
          .createdAt = nest::timestamp::from_unix_ms(1'795'384'475'342)};
}

TEST(MailText, IsAMail) {
  EXPECT_EQ(notifications::mail_text(notification(), "welcome@example.org"),
            "Date: Sun, 22 Nov 2026 21:54:35 +0000\r\n"
            "From: <welcome@example.org>\r\n"
            "To: <ada@example.com>\r\n"
            "Subject: Welcome, Ada!\r\n"
            "Message-ID: <0192d3a0-1111-7222-8333-123456789abc@example.org>\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n"
            "SGkgQWRh\r\n");
}

TEST(MailText, EncodesWhatIsNotAsciiInWholeCharacters) {
  Notification told = notification();
  told.subject = "Zoë " + std::string(40, 'x') + "😀😀 end";
  const std::string text = notifications::mail_text(told, "a@b");
  EXPECT_THAT(text, HasSubstr("Subject: =?UTF-8?B?Wm/DqyB4"));
  for (const char c : text.substr(0, text.find("\r\n\r\n"))) EXPECT_TRUE(c > 0 && c < 0x7f);
}

TEST(MailText, NothingBecomesAHeaderOfItsOwn) {
  Notification told = notification();
  told.subject = "a\r\nBcc: evil@example.com";
  told.recipient = "x\r\nBcc: evil@example.com";
  told.content = "\r\n.\r\nQUIT\r\n";
  const std::string text = notifications::mail_text(told, "a@b");
  EXPECT_THAT(text, Not(HasSubstr("Bcc:")));
  EXPECT_THAT(text, Not(HasSubstr("QUIT")));
}

TEST(MailText, KnowsAnAddress) {
  for (const char* good : {"a@b", "a.b+c@example.com", "ü@example.com"}) {
    EXPECT_TRUE(notifications::is_mail_address(good)) << good;
  }
  for (const char* bad : {"", "a", "@b", "a@", "a b@c", "a@b\r\nRCPT TO:<x@y>", "<a@b>", "a@b,c@d"}) {
    EXPECT_FALSE(notifications::is_mail_address(bad)) << bad;
  }
}

class FileSender : public testing::Test {
 protected:
  FileSender() { loops.start(); }
  ~FileSender() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("nestcpp-mails-" + nest::uuid::v4().to_string());
  nest::runtime loops{{.io_threads = 1}};
};

TEST_F(FileSender, WritesOneFileForEach) {
  notifications::FileSender sender{loops, (folder / "deep").string(), "a@b", 2};
  nest::testing::run(sender.send(notification()));
  nest::testing::run(sender.send(notification()));
  int files = 0;
  for (const auto& each : std::filesystem::directory_iterator{folder / "deep"}) {
    ++files;
    EXPECT_EQ(each.path().filename(), "0192d3a0-1111-7222-8333-123456789abc.eml");
    std::ifstream in{each.path(), std::ios::binary};
    EXPECT_EQ((std::string{std::istreambuf_iterator<char>{in}, {}}), notifications::mail_text(notification(), "a@b"));
  }
  EXPECT_EQ(files, 1);
}

TEST_F(FileSender, SaysWhyItCannot) {
  std::filesystem::create_directories(folder);
  std::ofstream{folder / "file"} << "x";
  notifications::FileSender sender{loops, (folder / "file").string(), "a@b", 1};
  EXPECT_ANY_THROW(nest::testing::run(sender.send(notification())));
}

TEST_F(FileSender, SmtpRefusesWhatIsNoMail) {
  notifications::SmtpSender sender{loops, {.port = 1}, "a@b", 1};
  Notification sms = notification();
  sms.type = notifications::NotificationType::sms;
  EXPECT_THROW(nest::testing::run(sender.send(sms)), notifications::DeliveryRefused);
  Notification nobody = notification();
  nobody.recipient = "nobody";
  EXPECT_THROW(nest::testing::run(sender.send(nobody)), notifications::DeliveryRefused);
  EXPECT_THROW(nest::testing::run(sender.send(notification())), std::runtime_error);  // nobody listens: later perhaps
  EXPECT_THROW((notifications::SmtpSender{loops, {}, "no address", 1}), std::runtime_error);
}

}  // namespace
