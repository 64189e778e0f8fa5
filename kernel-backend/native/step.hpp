// Steps: spawning a command in the fence, and waiting for the whole of it.
#pragma once

#include "announcement.hpp"
#include "fence.hpp"
#include "frames.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <vector>

namespace tracerig {

class Steps {
public:
  explicit Steps(Fence &fence) : fence_(fence) {}
  /** Asked before each step in the fence: whom its root tells of itself. */
  std::function<std::vector<Announcement>()> announcements;

  void run(const Message &request, Message &answer);
  void release(const Message &request, Message &answer);
  void wait(const Message &request, Message &answer);
  void kill(const Message &request, Message &answer);

private:
  Fence &fence_;
  std::mutex lock_;
  /** The end that a held child waits on, by pid. */
  std::map<pid_t, Descriptor> held_;
};

} // namespace tracerig
