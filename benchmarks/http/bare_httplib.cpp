// What cpp-httplib does by itself, with as many threads as the load has connections, and no end to keep-alive.
//
//   bare_httplib <port> <threads>

#include <httplib.h>

#include <cstdlib>

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const auto threads = static_cast<std::size_t>(std::atoi(argv[2]));
  httplib::Server server;
  server.new_task_queue = [threads] { return new httplib::ThreadPool{threads}; };
  server.set_keep_alive_max_count(1'000'000'000);
  server.set_tcp_nodelay(true);
  server.Get("/hello", [](const httplib::Request&, httplib::Response& response) {
    response.set_header("X-Request-Id", "0f8a0c7e-52b4-4a53-9c1f-0d4c3a0f1c5e");
    response.set_header("Date", "Thu, 26 Nov 2026 12:00:00 GMT");
    response.set_content("hello", "text/html; charset=utf-8");
  });
  return server.listen("127.0.0.1", std::atoi(argv[1])) ? 0 : 1;
}
