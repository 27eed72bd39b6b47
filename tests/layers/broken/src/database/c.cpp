#include "../http/b.hpp"
