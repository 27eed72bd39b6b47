// The adapter on cpp-httplib, and the only file that includes it. Written for 0.11 to 0.20; what differs between them
// is `process` and the members of `body_stream`.
//
// Of cpp-httplib's server the reading of bodies is used, not their decompression: it takes those that are cut off. Its
// listener shares ports, its keep-alive holds a thread per idle connection, its reader of heads answers in its own
// words, takes what others refuse, knows ten methods and 1024 descriptors, and its writer takes two system calls for an
// answer; so connections, heads and answers are ours, and it gets a head that holds nothing but the body's framing.
//
// It reads by waiting. A body that has come whole is read at once, on its connection's loop; for one that is still on
// its way a thread waits.

#include "http/answers.hpp"
#include "http/body_reader.hpp"
#include "http/elastic_pool.hpp"
#include "http/loop_server.hpp"

#include <nestcpp/core/log.hpp>
#include <nestcpp/http/http_server.hpp>

#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <limits>
#include <mutex>
#include <type_traits>
#include <utility>

namespace nestcpp {

namespace {

using namespace std::chrono_literals;

constexpr logger log{"HttpServer"};
constexpr auto stop_check_interval = 250ms;
constexpr auto thread_patience = 5s;
/// Bodies up to this size are waited for without a thread, where their size is known.
constexpr std::size_t gathered_size = 256 * 1024;
constexpr std::string_view last_chunk = "0\r\n\r\n";

/// What has come of a body, for a thread that waits for more.
struct body_pipe {
  enum class state : std::uint8_t { busy, hungry, finished };

  // On the thread.
  void become(state next, std::unique_lock<std::mutex>& lock) {
    thread = next;
    const auto told = std::exchange(waiter, nullptr);
    lock.unlock();
    if (told) told();
  }

  std::mutex mutex;  // all below
  std::condition_variable changed;
  state thread = state::busy;
  std::function<void()> waiter;  // for another state of the thread
  std::string bytes;             // not taken by the thread yet; in the end what it has left
  bool ended = false;            // nothing more will come
  bool abandoned = false;
  std::string body;
  std::exception_ptr failure;
};

/// What cpp-httplib reads: the head we made for it, then the body. No `override`: which members the base has depends on
/// its version.
class body_stream final : public httplib::Stream {
 public:
  body_stream(std::string head, std::string_view input) : head_{std::move(head)}, left_{head_}, input_{input} {}
  /// @param stopping no more is waited for
  body_stream(std::string head, body_pipe& pipe, const std::atomic<bool>& stopping)
      : head_{std::move(head)}, left_{head_}, pipe_{&pipe}, stopping_{&stopping} {}

  bool is_readable() const { return true; }
  bool is_writable() const { return true; }
  bool wait_readable() const { return true; }
  bool wait_writable() const { return true; }
  ssize_t read(char* to, size_t size) {
    if (left_.empty()) left_ = std::exchange(input_, {});
    if (left_.empty() && !wait()) {
      ran_out_ = true;
      return 0;
    }
    const std::size_t taken = left_.copy(to, size);
    left_.remove_prefix(taken);
    return static_cast<ssize_t>(taken);
  }
  /// What cpp-httplib would say is dropped: all that is answered is ours.
  ssize_t write(const char*, size_t size) { return static_cast<ssize_t>(size); }
  void get_remote_ip_and_port(std::string&, int&) const {}
  void get_local_ip_and_port(std::string&, int&) const {}
  // Not asked for but to be compared with FD_SETSIZE, which does not bind us.
  socket_t socket() const { return 0; }
  time_t duration() const { return 0; }

  /// More was asked for than there is.
  [[nodiscard]] bool ran_out() const noexcept { return ran_out_; }
  [[nodiscard]] std::string_view left() const noexcept { return left_; }

 private:
  // False: there is no more.
  bool wait() {
    if (pipe_ == nullptr) return false;
    std::unique_lock lock{pipe_->mutex};
    if (pipe_->bytes.empty() && !pipe_->ended && !pipe_->abandoned) {
      pipe_->become(body_pipe::state::hungry, lock);
      lock.lock();
      while (pipe_->bytes.empty() && !pipe_->ended && !pipe_->abandoned && !*stopping_) {
        pipe_->changed.wait_for(lock, stop_check_interval);
      }
      pipe_->thread = body_pipe::state::busy;
    }
    if (pipe_->abandoned || pipe_->bytes.empty()) return false;
    head_ = std::exchange(pipe_->bytes, {});
    left_ = head_;
    return true;
  }

  std::string head_;
  std::string_view left_;  // of the head, or of what was taken
  std::string_view input_;
  body_pipe* pipe_ = nullptr;
  const std::atomic<bool>* stopping_ = nullptr;
  bool ran_out_ = false;
};

/// cpp-httplib's server without its sockets. Thread safe.
class httplib_engine final : private httplib::Server {
 public:
  httplib_engine() {
    set_payload_max_length(std::numeric_limits<std::size_t>::max());  // we count what comes out of decompression
    Post("/",
         [](const httplib::Request&, httplib::Response&, const httplib::ContentReader& read) { read_content(read); });
  }

  /// @param stream its head is that of `framing`
  /// @return why the body cannot be taken
  [[nodiscard]] std::exception_ptr read(body_stream& stream, const detail::body_form& form, std::string& body) {
    reading now{detail::body_decoder{form}, body};
    current_ = &now;
    static_cast<void>(process(*this, stream));
    current_ = nullptr;
    if (!now.is_whole && !now.failure) now.failure = detail::refusal(400);
    if (!now.failure) now.failure = now.decoder.finish();
    if (now.failure) body.clear();
    return now.failure;
  }

  [[nodiscard]] static std::string framing(const detail::body_form& form) {
    return "POST / HTTP/1.1\r\n" +
           (form.content_length ? "Content-Length: " + std::to_string(*form.content_length)
                                : std::string{"Transfer-Encoding: chunked"}) +
           "\r\n\r\n";
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
  static bool process(Engine& engine, body_stream& stream) {
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

/// What the bodies of a server share.
struct reading_threads {
  explicit reading_threads(std::size_t most) : pool{most, thread_patience} {}

  httplib_engine engine;
  std::atomic<bool> stopping{false};
  detail::elastic_pool pool;
};

class httplib_body_reader final : public detail::body_reader {
 public:
  httplib_body_reader(reading_threads& threads, const detail::body_form& form, detail::body_waiter& waiter)
      : threads_{threads}, form_{form}, waiter_{waiter} {}
  ~httplib_body_reader() override {
    if (!pipe_) return;
    const std::lock_guard lock{pipe_->mutex};
    pipe_->abandoned = true;
    pipe_->changed.notify_one();
  }

  progress feed(std::string_view input, std::string& body) override {
    if (pipe_) return give(input, body);
    if (may_be_whole(input)) {
      body_stream stream{httplib_engine::framing(form_), input};
      auto failure = threads_.engine.read(stream, form_, body);
      if (!stream.ran_out()) {
        const std::size_t used = input.size() - stream.left().size();
        return {used, failure ? status::failed : status::done, std::move(failure)};
      }
      body.clear();
    } else if (form_.content_length.value_or(gathered_size + 1) <= gathered_size) {
      return {0, status::needs_more};
    }
    return start(input);
  }

  bool end_of_input() override {
    if (!pipe_) return false;
    const std::lock_guard lock{pipe_->mutex};
    pipe_->waiter = waiter_.wait_for_body();
    pipe_->ended = true;
    pipe_->changed.notify_one();
    return true;
  }

  std::string take_rest() override {
    if (!pipe_) return {};
    const std::lock_guard lock{pipe_->mutex};
    return std::move(pipe_->bytes);
  }

 private:
  [[nodiscard]] bool may_be_whole(std::string_view input) const {
    return form_.content_length ? input.size() >= *form_.content_length
                                : input.size() <= gathered_size && input.ends_with(last_chunk);
  }

  progress start(std::string_view input) {
    pipe_ = std::make_shared<body_pipe>();
    const std::size_t used = put(input);
    try {
      threads_.pool.post([pipe = pipe_, form = form_, threads = &threads_] { read(*pipe, form, *threads); });
    } catch (const std::exception& failure) {
      log.error("no thread for a body: {}", failure.what());
      pipe_->waiter = nullptr;
      return {used, status::failed, std::current_exception()};
    }
    return {used, status::full};
  }

  progress give(std::string_view input, std::string& body) {
    const std::lock_guard lock{pipe_->mutex};
    switch (pipe_->thread) {
      case body_pipe::state::busy: return {0, status::full};
      case body_pipe::state::hungry: break;
      case body_pipe::state::finished:
        body = std::move(pipe_->body);
        auto failure = std::exchange(pipe_->failure, nullptr);
        return {0, failure ? status::failed : status::done, std::move(failure)};
    }
    if (input.empty()) return {0, status::needs_more};
    if (!pipe_->bytes.empty()) return {0, status::full};  // it has not woken yet
    const std::size_t used = put(input);
    pipe_->changed.notify_one();
    return {used, status::full};
  }

  // What is known not to be of the body is left where it is.
  std::size_t put(std::string_view input) {
    pipe_->waiter = waiter_.wait_for_body();
    if (form_.content_length) {
      input = input.substr(
          0, static_cast<std::size_t>(std::min<std::uint64_t>(input.size(), *form_.content_length - put_)));
    }
    put_ += input.size();
    pipe_->bytes = input;
    return input.size();
  }

  // On a thread.
  static void read(body_pipe& pipe, const detail::body_form& form, reading_threads& threads) {
    body_stream stream{httplib_engine::framing(form), pipe, threads.stopping};
    std::string body;
    std::exception_ptr failure;
    try {
      failure = threads.engine.read(stream, form, body);
    } catch (...) {
      failure = std::current_exception();
    }
    std::unique_lock lock{pipe.mutex};
    pipe.bytes.insert(0, stream.left());
    pipe.body = std::move(body);
    pipe.failure = std::move(failure);
    pipe.become(body_pipe::state::finished, lock);
  }

  reading_threads& threads_;
  const detail::body_form form_;
  detail::body_waiter& waiter_;
  std::shared_ptr<body_pipe> pipe_;  // where a thread reads
  std::uint64_t put_ = 0;            // bytes given to it
};

class httplib_body_readers final : public detail::body_readers {
 public:
  explicit httplib_body_readers(std::size_t most_threads) : threads_{most_threads} {}

  std::unique_ptr<detail::body_reader> make(const detail::body_form& form, detail::body_waiter& waiter) override {
    return std::make_unique<httplib_body_reader>(threads_, form, waiter);
  }
  void close() override {
    threads_.stopping = true;
    threads_.pool.finish();
  }

 private:
  reading_threads threads_;
};

}  // namespace

std::unique_ptr<http_server> make_httplib_server(http_dispatcher& dispatcher, http_server_options options) {
  auto bodies = std::make_unique<httplib_body_readers>(options.max_connections);
  return detail::make_loop_server(dispatcher, dispatcher.loops(), std::move(options), std::move(bodies));
}

}  // namespace nestcpp
