// The guest agent: the core behind frames on a byte stream. `tracerig-agent --port /dev/vport0p1`, or `--stdio`.
#include "core.hpp"
#include "errors.hpp"

#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <memory>
#include <thread>

using namespace tracerig;

static int serve(int in, int out, bool survivesHangUp) {
  FrameStream stream(in, out);
  Core core;
  // Ready is said by answering: a peer sends `hello` until it hears back.
  Message request;
  while (stream.read(request, survivesHangUp)) {
    if (request.head.value("call", "") == "ping") {
      stream.write(core.call(request));
      continue;
    }
    std::thread([&core, &stream, work = std::move(request)] { stream.write(core.call(work)); }).detach();
  }
  // The peer is gone for good: its processes go too, and its programs with this process.
  core.leave();
  std::_Exit(0);
}

int main(int count, char **arguments) {
  ::signal(SIGPIPE, SIG_IGN);
  // Descriptors 0 to 2 must be taken, or a port would become some child's standard input.
  for (int fd = ::open("/dev/null", O_RDWR); fd >= 0 && fd <= 2; fd = ::open("/dev/null", O_RDWR)) {
    if (fd == 2)
      break;
  }
  std::string option = count > 1 ? arguments[1] : "";
  if (option == "--stdio") {
    int in = ::fcntl(0, F_DUPFD_CLOEXEC, 3), out = ::fcntl(1, F_DUPFD_CLOEXEC, 3);
    return serve(in, out, false);
  }
  if (option == "--port" && count > 2) {
    int port = ::open(arguments[2], O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (port < 0) {
      std::perror(arguments[2]);
      return 1;
    }
    return serve(port, port, true);
  }
  std::fprintf(stderr, "usage: tracerig-agent --port DEVICE | --stdio\n");
  return 2;
}
