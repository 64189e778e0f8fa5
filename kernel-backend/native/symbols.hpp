// Kernel symbols: /proc/kallsyms read once (1.2 CPU seconds if a shell does it under emulation), kept by hash.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace tracerig {

class Symbols {
public:
  /** Reads the table, unless that was done. */
  void readOnce();
  /** Addresses of functions of this name; several where the kernel has local functions of one name. */
  std::vector<uint64_t> addresses(const std::string &name);

private:
  struct Entry {
    uint64_t hash, address;
  };
  void read();
  std::vector<Entry> entries_;
  std::once_flag once_;
};

} // namespace tracerig
