// Files of the machine the core runs on: what scenarios need set up, and what expectations look at.
#pragma once

#include "frames.hpp"

namespace tracerig::files {

void given(const Message &request, Message &answer);
void makeFolder(const Message &request, Message &answer);
void remove(const Message &request, Message &answer);
void read(const Message &request, Message &answer);
void stat(const Message &request, Message &answer);
void list(const Message &request, Message &answer);
void room(const Message &request, Message &answer);

} // namespace tracerig::files
