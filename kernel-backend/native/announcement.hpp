// How a step's root tells loaded BPF programs of itself. Made before the fork, used behind it: by system calls alone.
#pragma once

#include "layout.h"

#include <memory>
#include <unistd.h>

namespace tracerig {

struct Announcement {
  /** Keeps what is below alive. */
  std::shared_ptr<void> owner;
  /** The programs' own state, mapped. */
  volatile tr_step_state *state;
  /** Descriptor of the table of processes; -1: the programs' launcher has no entry. */
  int tasks;
  /** What the programs know of the launcher. */
  tr_task_entry launcher;

  /** The caller is the root of the next step, which is not under way yet. False, and errno, if the kernel refuses. */
  bool root();
  void arm() const { state->armed = 1; }
  /** Back from an exec; true if a policy is why. */
  bool disarm() const {
    state->armed = 0;
    return state->denied != 0;
  }
};

} // namespace tracerig
