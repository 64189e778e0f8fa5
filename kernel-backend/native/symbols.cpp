#include "symbols.hpp"
#include "descriptor.hpp"
#include "errors.hpp"

#include <algorithm>
#include <fcntl.h>
#include <string_view>

namespace tracerig {

static uint64_t hashOf(std::string_view name) {
  uint64_t hash = 0xcbf29ce484222325;
  for (unsigned char byte : name)
    hash = (hash ^ byte) * 0x100000001b3;
  return hash;
}

void Symbols::read() {
  Descriptor file(::open("/proc/kallsyms", O_RDONLY | O_CLOEXEC));
  if (!file)
    fail("open /proc/kallsyms");
  std::string rest;
  std::vector<char> chunk(1 << 18);
  ssize_t got;
  entries_.reserve(200000);
  while ((got = ::read(file.get(), chunk.data(), chunk.size())) > 0) {
    rest.append(chunk.data(), static_cast<size_t>(got));
    size_t line = 0;
    for (size_t end; (end = rest.find('\n', line)) != std::string::npos; line = end + 1) {
      // "ffffffff81000000 T name[\t[module]]"
      std::string_view text(rest.data() + line, end - line);
      if (text.size() < 20 || (text[17] | 0x20) != 't')
        continue;
      std::string_view name = text.substr(19, text.find('\t', 19) - 19);
      uint64_t address = 0;
      for (size_t i = 0; i < 16; i++) {
        char digit = text[i];
        address = address << 4 | static_cast<uint64_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
      }
      if (address != 0)
        entries_.push_back({hashOf(name), address});
    }
    rest.erase(0, line);
  }
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry &a, const Entry &b) { return a.hash != b.hash ? a.hash < b.hash : a.address < b.address; });
  entries_.shrink_to_fit();
}

void Symbols::readOnce() {
  std::call_once(once_, [this] { read(); });
}

std::vector<uint64_t> Symbols::addresses(const std::string &name) {
  readOnce();
  std::vector<uint64_t> found;
  Entry key{hashOf(name), 0};
  auto at = std::lower_bound(entries_.begin(), entries_.end(), key,
                             [](const Entry &a, const Entry &b) { return a.hash < b.hash; });
  for (; at != entries_.end() && at->hash == key.hash; ++at)
    found.push_back(at->address);
  return found;
}

} // namespace tracerig
