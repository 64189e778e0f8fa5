// The fence: a cgroup (v2) that holds a scenario's processes and nothing else. Those of the step have one of their own
// in it, so that what `given` started outlives a step. Who was moved out of it is the step's all the same: a stray.
#pragma once

#include "descriptor.hpp"

#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <sys/types.h>
#include <vector>

namespace tracerig {

/** A process that was forked in the fence. */
struct Member {
  pid_t pid;
  /** Refers to this very process, whoever has its pid later. */
  Descriptor handle;
};

class Fence {
public:
  /** Who was forked in the fence and lives, if any of them may have left it; set by whoever knows the processes. */
  std::function<std::vector<Member>()> members = [] { return std::vector<Member>{}; };

  ~Fence() { remove(); }
  /** Makes the cgroup at the first call; throws where no cgroup2 is mounted or it may not be written. */
  void ensure();
  const std::string &path() const { return path_; }
  /** Descriptor of the cgroup's folder, as BPF's cgroup array takes it. */
  int descriptor() const { return folder_.get(); }
  /** Descriptor of cgroup.procs, of the fence itself or of the step's part: a process that writes "0" to it joins. */
  int joinDescriptor(bool step) const { return (step ? stepProcs_ : procs_).get(); }
  /** Processes inside, zombies not counted. */
  std::vector<pid_t> pids() const;
  /** Waits until nobody of the step is inside, and no stray is left; false when the time is over. */
  bool waitStepEmpty(int timeoutMs) const;
  /** Kills all inside and removes the cgroup. */
  void remove();
  /** Kills all inside and the strays, again until none is left. Returns who was there. */
  std::vector<pid_t> kill() const;
  /** The same with those of the step, and the strays. */
  std::vector<pid_t> killStep() const;

private:
  std::string stepPath() const { return path_.empty() ? path_ : path_ + "/step"; }
  std::vector<Member> strays() const;
  bool waitEmpty(const std::string &path, int timeoutMs) const;
  std::vector<pid_t> killIn(const std::string &path) const;

  std::string path_;
  Descriptor folder_;
  Descriptor procs_;
  Descriptor stepProcs_;
  std::mutex making_;
};

} // namespace tracerig
