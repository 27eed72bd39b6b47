#include "notification_service/delivery/smtp_sender.hpp"

#include "notification_service/delivery/mail_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include <curl/curl.h>

namespace notifications {

namespace {

struct close_handle {
  void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
using curl_handle = std::unique_ptr<CURL, close_handle>;
struct free_list {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

std::size_t give(char* to, std::size_t size, std::size_t count, void* from) {
  auto& rest = *static_cast<std::string_view*>(from);
  const std::size_t now = std::min(size * count, rest.size());
  std::memcpy(to, rest.data(), now);
  rest.remove_prefix(now);
  return now;
}

std::string url_of(const SmtpSettings& server) {
  const bool v6 = server.host.find(':') != std::string::npos;
  return fmt::format("{}://{}{}{}:{}", server.security == SmtpSecurity::tls ? "smtps" : "smtp", v6 ? "[" : "",
                     server.host, v6 ? "]" : "", server.port);
}

}  // namespace

// One handle for each mail under way; each keeps its connection.
struct SmtpSender::connections {
  std::mutex mutex;
  std::vector<curl_handle> idle;

  curl_handle take() {
    {
      const std::lock_guard lock{mutex};
      if (!idle.empty()) {
        curl_handle handle = std::move(idle.back());
        idle.pop_back();
        return handle;
      }
    }
    curl_handle handle{curl_easy_init()};
    if (!handle) throw std::runtime_error{"libcurl cannot be used"};
    return handle;
  }
  void give_back(curl_handle handle) {
    const std::lock_guard lock{mutex};
    idle.push_back(std::move(handle));
  }
};

SmtpSender::SmtpSender(nest::runtime& loops, SmtpSettings server, std::string from, std::size_t concurrency)
    : server_{std::move(server)},
      from_{std::move(from)},
      connections_{std::make_shared<connections>()},
      pool_{loops.pool("mail", concurrency)} {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (initialised != CURLE_OK) throw std::runtime_error{"libcurl cannot be used"};
  if (!is_mail_address(from_)) throw std::runtime_error{"MAIL_FROM is no mail address: " + from_};
}

SmtpSender::~SmtpSender() = default;

nest::task<void> SmtpSender::send(Notification notification) {
  if (notification.type != NotificationType::email) throw DeliveryRefused{"SMTP sends mails only"};
  if (!is_mail_address(notification.recipient)) throw DeliveryRefused{"the recipient is no mail address"};
  co_await pool_.run([server = server_, from = from_, kept = connections_, notification = std::move(notification)] {
    const std::string text = mail_text(notification, from);
    std::string_view rest{text};
    std::array<char, CURL_ERROR_SIZE> reason{};
    const std::unique_ptr<curl_slist, free_list> recipients{
        curl_slist_append(nullptr, ("<" + notification.recipient + ">").c_str())};
    curl_handle handle = kept->take();
    curl_easy_reset(handle.get());  // keeps the connection
    const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(handle.get(), option, value); };
    set(CURLOPT_URL, url_of(server).c_str());
    if (server.security == SmtpSecurity::starttls) set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    if (!server.username.empty()) {
      set(CURLOPT_USERNAME, server.username.c_str());
      set(CURLOPT_PASSWORD, server.password.c_str());
    }
    set(CURLOPT_MAIL_FROM, ("<" + from + ">").c_str());
    set(CURLOPT_MAIL_RCPT, recipients.get());
    set(CURLOPT_READFUNCTION, &give);
    set(CURLOPT_READDATA, static_cast<void*>(&rest));
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, 5000L);
    set(CURLOPT_TIMEOUT_MS, 20000L);
    set(CURLOPT_ERRORBUFFER, reason.data());
    const CURLcode result = curl_easy_perform(handle.get());
    long status = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
    set(CURLOPT_ERRORBUFFER, static_cast<char*>(nullptr));
    if (result == CURLE_OK) return kept->give_back(std::move(handle));
    const std::string told =
        fmt::format("{}: {}", url_of(server), reason[0] != '\0' ? reason.data() : curl_easy_strerror(result));
    const bool answered = result == CURLE_SEND_ERROR || result == CURLE_RECV_ERROR || result == CURLE_QUOTE_ERROR ||
                          result == CURLE_WEIRD_SERVER_REPLY;
    if (status >= 500 && status < 600 && result != CURLE_LOGIN_DENIED && answered) {
      throw DeliveryRefused{fmt::format("{} ({})", told, status)};
    }
    throw std::runtime_error{told};
  });
}

}  // namespace notifications
