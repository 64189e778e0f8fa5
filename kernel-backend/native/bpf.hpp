// BPF objects: opened from memory, filled, loaded, attached, read and taken down again. Nothing is pinned.
#pragma once

#include "fence.hpp"
#include "announcement.hpp"
#include "frames.hpp"
#include "symbols.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

struct bpf_object;
struct bpf_link;
struct ring_buffer;

namespace tracerig {

class BpfObjects {
public:
  BpfObjects(Fence &fence, Symbols &symbols) : fence_(fence), symbols_(symbols) {}

  /** Keeps an object's or types' bytes, so that they need not be sent again: a machine's snapshot can hold them. */
  void store(const Message &request, Message &answer);
  void load(const Message &request, Message &answer);
  void update(const Message &request, Message &answer);
  void lookup(const Message &request, Message &answer);
  void attach(const Message &request, Message &answer);
  void detach(const Message &request, Message &answer);
  void testRun(const Message &request, Message &answer);
  void losses(const Message &request, Message &answer);
  void flush(const Message &request, Message &answer);
  void kallsyms(const Message &request, Message &answer);
  /** Where the loaded programs are told of the next step. */
  std::vector<Announcement> announcements();
  /** The living processes that were forked in the fence; none while nobody can have left it. */
  std::vector<Member> members();

private:
  struct Object;
  std::shared_ptr<const std::string> findStored(const std::string &name);
  std::shared_ptr<Object> find(const json &head);

  Fence &fence_;
  Symbols &symbols_;
  std::mutex lock_;
  /** Shared: a call may still use what another one detaches. */
  std::map<int, std::shared_ptr<Object>> objects_;
  std::map<std::string, std::shared_ptr<const std::string>> stored_;
  int next_ = 1;
};

} // namespace tracerig
