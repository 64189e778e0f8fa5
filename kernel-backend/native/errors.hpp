// One exception type: what was tried, and the errno it ended with.
#pragma once

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

namespace tracerig {

struct SystemError : std::runtime_error {
  SystemError(const std::string &what, int number)
      : std::runtime_error(what + ": " + std::strerror(number)), number(number) {}
  int number;
};

[[noreturn]] inline void fail(const std::string &what, int number = errno) { throw SystemError(what, number); }

} // namespace tracerig
