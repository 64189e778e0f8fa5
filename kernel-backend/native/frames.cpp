#include "frames.hpp"

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <unistd.h>

namespace tracerig {

static constexpr char magic[4] = {'T', 'R', 'G', '1'};
static constexpr uint32_t largest = 256u << 20;

bool FrameStream::readExactly(char *into, size_t length, bool survivesHangUp, bool &hungUp) {
  size_t done = 0;
  while (done < length) {
    ssize_t got = ::read(in_, into + done, length - done);
    if (got > 0) {
      done += static_cast<size_t>(got);
      continue;
    }
    if (got < 0 && errno == EINTR)
      continue;
    // A virtio port without a peer reads 0 (or EAGAIN) at once: look again until somebody connects.
    if (!survivesHangUp)
      return false;
    hungUp = true;
    pollfd waiting{in_, POLLIN, 0};
    ::poll(&waiting, 1, 5);
    if ((waiting.revents & POLLHUP) != 0)
      ::usleep(2000);
  }
  return true;
}

bool FrameStream::read(Message &message, bool survivesHangUp) {
  char head[12];
  while (true) {
    bool hungUp = false;
    if (!readExactly(head, 4, survivesHangUp, hungUp))
      return false;
    while (std::memcmp(head, magic, 4) != 0) {
      std::memmove(head, head + 1, 3);
      if (!readExactly(head + 3, 1, survivesHangUp, hungUp))
        return false;
    }
    hungUp = false;
    if (!readExactly(head + 4, 8, survivesHangUp, hungUp))
      return false;
    uint32_t length, jsonLength;
    std::memcpy(&length, head + 4, 4);
    std::memcpy(&jsonLength, head + 8, 4);
    if (hungUp || length > largest || jsonLength > length)
      continue;
    std::string body(length, '\0');
    if (!readExactly(body.data(), length, survivesHangUp, hungUp))
      return false;
    if (hungUp)
      continue; // half a frame of a peer that went away
    message.head = json::parse(body.data(), body.data() + jsonLength, nullptr, false);
    if (!message.head.is_object())
      continue;
    message.bytes.assign(body, jsonLength, std::string::npos);
    return true;
  }
}

void FrameStream::write(const Message &message) {
  std::string text = message.head.dump(-1, ' ', false, json::error_handler_t::replace);
  uint32_t jsonLength = static_cast<uint32_t>(text.size());
  uint32_t length = static_cast<uint32_t>(text.size() + message.bytes.size());
  std::string frame;
  frame.reserve(12 + length);
  frame.append(magic, 4);
  frame.append(reinterpret_cast<const char *>(&length), 4);
  frame.append(reinterpret_cast<const char *>(&jsonLength), 4);
  frame.append(text);
  frame.append(message.bytes);

  std::lock_guard<std::mutex> lock(writing_);
  size_t done = 0;
  while (done < frame.size()) {
    ssize_t put = ::write(out_, frame.data() + done, frame.size() - done);
    if (put > 0) {
      done += static_cast<size_t>(put);
    } else if (put < 0 && (errno == EINTR || errno == EAGAIN)) {
      if (errno == EAGAIN) {
        pollfd waiting{out_, POLLOUT, 0};
        ::poll(&waiting, 1, 5);
      }
    } else {
      return; // nobody listens any more
    }
  }
}

} // namespace tracerig
