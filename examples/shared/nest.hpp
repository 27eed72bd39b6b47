#pragma once
/// The examples call the library's namespace `nest`.

namespace nestcpp {}
namespace nest = nestcpp;
