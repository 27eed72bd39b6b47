// Asio's TLS, compiled once for every binary that uses nestcpp (BOOST_ASIO_SEPARATE_COMPILATION).
#include <boost/asio/ssl/impl/src.hpp>
