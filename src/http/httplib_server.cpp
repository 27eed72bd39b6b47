// The adapter on cpp-httplib, and the only file that includes it. Written for 0.11 to 0.20; what differs between them
// is `process` and the members of `memory_stream`.
//
// Of cpp-httplib's server the reading of bodies is used, not their decompression: it takes those that are cut off. Its
// listener shares ports, its keep-alive holds a thread per idle connection, its reader of heads answers in its own
// words, takes what others refuse, knows ten methods and 1024 descriptors, and its writer takes two system calls for an
// answer; so connections, heads and answers are ours, and it gets a head that holds nothing but the body's framing.
//
// It reads by waiting, so it gets a body when that has come whole: on the loop, or, where that would take long, on a
// thread of a pool.

#include "http/answers.hpp"
#include "http/body_reader.hpp"
#include "http/loop_server.hpp"

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/http/http_server.hpp>

#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <thread>
#include <type_traits>
#include <utility>

namespace nestcpp {

namespace {

constexpr std::size_t largest_on_loop = 256 * 1024;

/// What cpp-httplib reads. No `override`: which members the base has depends on its version.
class memory_stream final : public httplib::Stream {
 public:
  memory_stream(std::string_view head, std::string_view body) : parts_{head, body} {}

  bool is_readable() const { return true; }
  bool is_writable() const { return true; }
  bool wait_readable() const { return true; }
  bool wait_writable() const { return true; }
  ssize_t read(char* to, size_t size) {
    std::string_view& from = parts_[parts_[0].empty() ? 1 : 0];
    const std::size_t taken = from.copy(to, size);
    from.remove_prefix(taken);
    return static_cast<ssize_t>(taken);
  }
  /// What cpp-httplib would say is dropped: all that is answered is ours.
  ssize_t write(const char*, size_t size) { return static_cast<ssize_t>(size); }
  void get_remote_ip_and_port(std::string&, int&) const {}
  void get_local_ip_and_port(std::string&, int&) const {}
  // Not asked for but to be compared with FD_SETSIZE, which does not bind us.
  socket_t socket() const { return 0; }
  time_t duration() const { return 0; }

  [[nodiscard]] bool is_at_end() const noexcept { return parts_[0].empty() && parts_[1].empty(); }

 private:
  std::string_view parts_[2];
};

/// cpp-httplib's server without its sockets. Thread safe.
class httplib_engine final : private httplib::Server {
 public:
  httplib_engine() {
    set_payload_max_length(std::numeric_limits<std::size_t>::max());  // we count what comes out of decompression
    Post("/",
         [](const httplib::Request&, httplib::Response&, const httplib::ContentReader& read) { read_content(read); });
  }

  /// @param wire the whole body, as it came
  /// @return why it cannot be taken
  [[nodiscard]] std::exception_ptr read(std::string_view wire, const detail::body_form& form, std::string& body) {
    const std::string head = "POST / HTTP/1.1\r\n" +
                             (form.content_length ? "Content-Length: " + std::to_string(*form.content_length)
                                                  : std::string{"Transfer-Encoding: chunked"}) +
                             "\r\n\r\n";
    memory_stream stream{head, wire};
    reading now{detail::body_decoder{form}, body};
    current_ = &now;
    static_cast<void>(process(*this, stream));
    current_ = nullptr;
    // It takes some bodies that are cut off, and some that go on.
    if (!now.failure && !(now.is_whole && stream.is_at_end())) now.failure = detail::refusal(400);
    if (!now.failure) now.failure = now.decoder.finish();
    return now.failure;
  }

 private:
  struct reading {
    detail::body_decoder decoder;
    std::string& body;
    bool is_whole = false;
    std::exception_ptr failure{};
  };

  // Called by cpp-httplib.
  static void read_content(const httplib::ContentReader& read) {
    reading& now = *current_;
    now.is_whole = read([&now](const char* data, std::size_t size) {
      now.failure = now.decoder.take({data, size}, now.body);
      return now.failure == nullptr;
    });
  }

  // A template, so that the signature the installed version does not have is not looked at.
  template <class Engine>
  static bool process(Engine& engine, memory_stream& stream) {
    bool closed = false;
    const std::function<void(httplib::Request&)> no_setup;
    if constexpr (requires { engine.process_request(stream, true, closed, no_setup); }) {
      return engine.process_request(stream, true, closed, no_setup);
    } else {
      return engine.process_request(stream, std::string{}, 0, std::string{}, 0, true, closed, no_setup);
    }
  }

  // cpp-httplib calls its handlers on the thread that called `process`.
  static thread_local reading* current_;
};

thread_local httplib_engine::reading* httplib_engine::current_ = nullptr;

class httplib_body_reader final : public detail::body_reader {
 public:
  httplib_body_reader(std::shared_ptr<httplib_engine> engine, runtime& loops, const detail::body_form& form,
                      detail::body_waiter& waiter)
      : job_{std::make_shared<job>(std::move(engine), form)}, loops_{loops}, waiter_{waiter} {}

  std::exception_ptr take(std::string_view wire, std::string&) override {
    job_->wire += wire;
    return nullptr;
  }

  end finish(std::string& body) override {
    if (!has_begun_) {
      has_begun_ = true;
      if (!job_->form.content_length) job_->wire += "\r\n";
      if (job_->wire.size() <= largest_on_loop) {
        job_->run();
      } else {
        loops_.pool("http-bodies", std::max(1U, std::thread::hardware_concurrency()))
            .post([job = job_, tell = waiter_.wait_for_body()] {
              job->run();
              tell();
            });
      }
    }
    if (!job_->is_done.load(std::memory_order_acquire)) return {status::later};
    auto failure = std::exchange(job_->failure, nullptr);
    if (failure) return {status::failed, std::move(failure)};
    body = std::move(job_->body);
    return {status::done};
  }

 private:
  /// Shared with the thread.
  struct job {
    job(std::shared_ptr<httplib_engine> with, const detail::body_form& how) : engine{std::move(with)}, form{how} {}

    void run() noexcept {
      try {
        failure = engine->read(wire, form, body);
      } catch (...) {
        failure = std::current_exception();
      }
      wire = {};
      is_done.store(true, std::memory_order_release);
    }

    const std::shared_ptr<httplib_engine> engine;
    const detail::body_form form;
    std::string wire;
    std::string body;
    std::exception_ptr failure;
    std::atomic<bool> is_done{false};
  };

  std::shared_ptr<job> job_;
  runtime& loops_;
  detail::body_waiter& waiter_;
  bool has_begun_ = false;
};

class httplib_body_readers final : public detail::body_readers {
 public:
  explicit httplib_body_readers(runtime& loops) : loops_{loops} {}

  std::unique_ptr<detail::body_reader> make(const detail::body_form& form, detail::body_waiter& waiter) override {
    return std::make_unique<httplib_body_reader>(engine_, loops_, form, waiter);
  }

 private:
  std::shared_ptr<httplib_engine> engine_ = std::make_shared<httplib_engine>();
  runtime& loops_;
};

}  // namespace

std::unique_ptr<http_server> make_httplib_server(http_dispatcher& dispatcher, http_server_options options) {
  runtime& loops = dispatcher.loops();
  return detail::make_loop_server(dispatcher, loops, std::move(options), std::make_unique<httplib_body_readers>(loops));
}

}  // namespace nestcpp
