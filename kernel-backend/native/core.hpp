// The native core: one object that answers calls (PROTOCOL.md). The addon and the guest agent are front ends of it.
#pragma once

#include "bpf.hpp"
#include "fence.hpp"
#include "files.hpp"
#include "frames.hpp"
#include "step.hpp"
#include "symbols.hpp"

#include <functional>
#include <map>
#include <string>

namespace tracerig {

class Core {
public:
  Core();
  /** Whoever is destroyed later asks nothing of what is gone. */
  ~Core();
  /** Answers one call; errors are answers too (`error`, `errno`). Safe from several threads. */
  Message call(const Message &request);
  /** Ends what was started, while other calls may still be under way. */
  void leave() { fence_.remove(); }

private:
  using Handler = std::function<void(const Message &request, Message &answer)>;

  Fence fence_;
  Steps steps_{fence_};
  Symbols symbols_;
  BpfObjects bpf_{fence_, symbols_};
  std::map<std::string, Handler> handlers_;
};

} // namespace tracerig
