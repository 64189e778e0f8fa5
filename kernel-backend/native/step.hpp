// Steps: spawning a command in the fence, and waiting for the whole of it.
#pragma once

#include "fence.hpp"
#include "frames.hpp"

#include <functional>
#include <map>
#include <mutex>

namespace tracerig {

class Steps {
public:
  explicit Steps(Fence &fence) : fence_(fence) {}
  /** Called with the child's pid before it may go on: tells the BPF programs who the step's root is. */
  std::function<void(pid_t pid)> announce;

  void run(const Message &request, Message &answer);
  void release(const Message &request, Message &answer);
  void wait(const Message &request, Message &answer);
  void kill(const Message &request, Message &answer);

private:
  Fence &fence_;
  std::mutex lock_;
  /** Write end that a held child waits on, by pid. */
  std::map<pid_t, Descriptor> held_;
};

} // namespace tracerig
