set(NESTCPP_WAY_OUT
    "nestcpp needs Clang 16 or later, or GCC 13 or later. On Debian 12: apt-get install clang-19, then configure an empty "
    "build directory with -DCMAKE_CXX_COMPILER=clang++-19 (scripts/setup installs all that nestcpp needs).")
string(CONCAT NESTCPP_WAY_OUT ${NESTCPP_WAY_OUT})
