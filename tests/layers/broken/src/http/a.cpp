#include "http/b.hpp"
#include <httplib.h>
