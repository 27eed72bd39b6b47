#pragma once
#include <httplib.h>
