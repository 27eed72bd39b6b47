#pragma once
#include <nestcpp/dto/ok.hpp>
#include <boost/asio.hpp>
