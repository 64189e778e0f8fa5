// The fence: a cgroup (v2) that holds the step's processes and nothing else.
#pragma once

#include "descriptor.hpp"

#include <mutex>
#include <string>
#include <sys/types.h>
#include <vector>

namespace tracerig {

class Fence {
public:
  ~Fence() { remove(); }
  /** Makes the cgroup at the first call; throws where no cgroup2 is mounted or it may not be written. */
  void ensure();
  const std::string &path() const { return path_; }
  /** Descriptor of the cgroup's folder, as BPF's cgroup array takes it. */
  int descriptor() const { return folder_.get(); }
  /** Descriptor of cgroup.procs: a process that writes "0" to it joins. */
  int joinDescriptor() const { return procs_.get(); }
  /** Processes inside, zombies not counted. */
  std::vector<pid_t> pids() const;
  /** Waits until nobody is inside; false when the time is over. */
  bool waitEmpty(int timeoutMs) const;
  /** Kills all inside and removes the cgroup. */
  void remove();
  /** Kills all inside, again until it is empty. Returns who was there. */
  std::vector<pid_t> kill() const;

private:
  std::string path_;
  Descriptor folder_;
  Descriptor procs_;
  std::mutex making_;
};

} // namespace tracerig
