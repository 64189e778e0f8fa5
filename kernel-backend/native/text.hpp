// Kernel bytes travel in JSON as Latin-1: one code unit a byte.
#pragma once

#include <stdexcept>
#include <string>

namespace tracerig {

/** UTF-8 text whose code points are bytes, of bytes. */
inline std::string toLatin1(const std::string &bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (unsigned char byte : bytes) {
    if (byte < 0x80) {
      text.push_back(static_cast<char>(byte));
    } else {
      text.push_back(static_cast<char>(0xc0 | (byte >> 6)));
      text.push_back(static_cast<char>(0x80 | (byte & 0x3f)));
    }
  }
  return text;
}

/** Bytes of such a text; throws where a code point is no byte. */
inline std::string fromLatin1(const std::string &text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (size_t i = 0; i < text.size(); i++) {
    unsigned char unit = static_cast<unsigned char>(text[i]);
    if (unit < 0x80) {
      bytes.push_back(static_cast<char>(unit));
    } else if ((unit == 0xc2 || unit == 0xc3) && i + 1 < text.size()) {
      bytes.push_back(static_cast<char>(((unit & 3) << 6) | (text[++i] & 0x3f)));
    } else {
      throw std::runtime_error("a text that stands for bytes has a character above 255");
    }
  }
  return bytes;
}

} // namespace tracerig
