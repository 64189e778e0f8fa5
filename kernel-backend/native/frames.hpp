// Frames over a byte stream; PROTOCOL.md has the format.
#pragma once

#include <cstdint>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

namespace tracerig {

using json = nlohmann::json;

/** A call or its answer. */
struct Message {
  json head;
  std::string bytes;
};

/** Reads and writes frames on one descriptor; writing is safe from several threads. */
class FrameStream {
public:
  explicit FrameStream(int in, int out) : in_(in), out_(out) {}

  /** Blocks for the next frame. False: the stream has ended (a port without a peer has not, it waits). */
  bool read(Message &message, bool survivesHangUp);
  void write(const Message &message);

private:
  bool readExactly(char *into, size_t length, bool survivesHangUp, bool &hungUp);

  int in_;
  int out_;
  std::mutex writing_;
};

} // namespace tracerig
