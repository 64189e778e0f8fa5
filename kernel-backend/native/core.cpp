#include "core.hpp"
#include "errors.hpp"
#include "machine.hpp"

#include <csignal>

namespace tracerig {

Core::Core() {
  steps_.announcements = [this] { return bpf_.announcements(); };
  fence_.members = [this] { return bpf_.members(); };
  auto bind = [](auto &object, auto method) {
    return [&object, method](const Message &request, Message &answer) { (object.*method)(request, answer); };
  };
  handlers_ = {
      {"hello", machine::hello},
      {"ping", [](const Message &, Message &) {}},
      {"clock", machine::clock},
      {"reseed", machine::reseed},
      {"probe", machine::probe},
      {"given", files::given},
      {"mkdir", files::makeFolder},
      {"remove", files::remove},
      {"read", files::read},
      {"stat", files::stat},
      {"list", files::list},
      {"room", files::room},
      {"fence",
       [this](const Message &, Message &answer) {
         fence_.ensure();
         answer.head["path"] = fence_.path();
         answer.head["pids"] = fence_.pids();
       }},
      {"run", bind(steps_, &Steps::run)},
      {"release", bind(steps_, &Steps::release)},
      {"wait", bind(steps_, &Steps::wait)},
      {"kill", bind(steps_, &Steps::kill)},
      {"kallsyms", bind(bpf_, &BpfObjects::kallsyms)},
      {"store", bind(bpf_, &BpfObjects::store)},
      {"load", bind(bpf_, &BpfObjects::load)},
      {"update", bind(bpf_, &BpfObjects::update)},
      {"lookup", bind(bpf_, &BpfObjects::lookup)},
      {"attach", bind(bpf_, &BpfObjects::attach)},
      {"detach", bind(bpf_, &BpfObjects::detach)},
      {"testRun", bind(bpf_, &BpfObjects::testRun)},
      {"losses", bind(bpf_, &BpfObjects::losses)},
      {"flush", bind(bpf_, &BpfObjects::flush)},
  };
}

Core::~Core() {
  leave();
  fence_.members = [] { return std::vector<Member>{}; };
}

Message Core::call(const Message &request) {
  Message answer;
  answer.head = json::object();
  try {
    std::string name = request.head.at("call");
    auto handler = handlers_.find(name);
    if (handler == handlers_.end())
      throw SystemError("no call " + name, ENOSYS);
    handler->second(request, answer);
  } catch (const SystemError &error) {
    answer.head["error"] = error.what();
    answer.head["errno"] = error.number;
  } catch (const std::exception &error) {
    answer.head["error"] = error.what();
    answer.head["errno"] = EINVAL;
  }
  if (request.head.contains("id"))
    answer.head["id"] = request.head["id"];
  return answer;
}

} // namespace tracerig
