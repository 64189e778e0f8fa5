// The machine as a whole: clock, randomness, and what its kernel lets us attach.
#pragma once

#include "frames.hpp"

namespace tracerig::machine {

void hello(const Message &request, Message &answer);
void clock(const Message &request, Message &answer);
void reseed(const Message &request, Message &answer);
void probe(const Message &request, Message &answer);

} // namespace tracerig::machine
