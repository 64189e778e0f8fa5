// A loaded BPF object: its links, its records and the thread that reads them.
#pragma once

#include "bpf.hpp"
#include "errors.hpp"
#include "layout.h"

#include <bpf/libbpf.h>
#include <sys/mman.h>

namespace tracerig {

struct BpfObjects::Object {
  bpf_object *object = nullptr;
  /** With the names of their programs. */
  std::vector<std::pair<bpf_link *, std::string>> links;
  ring_buffer *ring = nullptr;
  std::string records;
  std::mutex reading;
  std::atomic<bool> ending{false};
  std::thread drain;
  /** The programs' state of the step, which a root changes without a system call; null: they have none of their own. */
  tr_step_state *step = nullptr;
  tr_task_entry launcher{};
  bool knowsLauncher = false;

  ~Object() {
    ending = true;
    if (drain.joinable())
      drain.join();
    for (auto &[link, program] : links)
      bpf_link__destroy(link);
    ring_buffer__free(ring);
    if (step != nullptr)
      ::munmap(step, sizeof *step);
    bpf_object__close(object);
  }
  bpf_map *map(const std::string &name) const {
    bpf_map *found = bpf_object__find_map_by_name(object, name.c_str());
    if (found == nullptr)
      throw SystemError("the BPF object has no map " + name, ENOENT);
    return found;
  }
  bpf_program *program(const std::string &name) const {
    bpf_program *found = bpf_object__find_program_by_name(object, name.c_str());
    if (found == nullptr)
      throw SystemError("the BPF object has no program " + name, ENOENT);
    return found;
  }
  void consume() {
    std::lock_guard<std::mutex> lock(reading);
    if (ring != nullptr)
      ring_buffer__consume(ring);
  }
};

/** What libbpf and the verifier print in this thread's call. */
extern thread_local std::string libbpfLog;

} // namespace tracerig
