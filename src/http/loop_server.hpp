#pragma once
// A listener whose connections live on the loops.

#include "http/body_reader.hpp"

#include <nestcpp/http/http_server.hpp>

#include <memory>

namespace nestcpp::detail {

[[nodiscard]] std::unique_ptr<http_server> make_loop_server(http_dispatcher& dispatcher, runtime& loops,
                                                            http_server_options options,
                                                            std::unique_ptr<body_readers> bodies);

}  // namespace nestcpp::detail
