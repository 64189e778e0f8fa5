#include "bpf-object.hpp"

#include <bpf/bpf.h>
#include <numeric>

namespace tracerig {

/** Where the programs count what was lost. */
static constexpr const char *lostMap = "lost";

static bpf_link *attachOne(bpf_program *program, const json &wanted) {
  std::string kind = wanted.at("kind"), target = wanted.value("target", "");
  if (kind == "kprobe" || kind == "kretprobe") {
    LIBBPF_OPTS(bpf_kprobe_opts, options);
    options.retprobe = kind == "kretprobe";
    options.bpf_cookie = wanted.value("cookie", uint64_t{0});
    return bpf_program__attach_kprobe_opts(program, target.c_str(), &options);
  }
  if (kind == "kprobe.multi") {
    std::vector<unsigned long> addresses;
    for (const json &address : wanted.at("addresses"))
      addresses.push_back(std::stoul(address.get<std::string>()));
    std::vector<uint64_t> cookies = wanted.at("cookies");
    LIBBPF_OPTS(bpf_kprobe_multi_opts, options);
    options.addrs = addresses.data();
    options.cnt = addresses.size();
    options.cookies = reinterpret_cast<const __u64 *>(cookies.data());
    return bpf_program__attach_kprobe_multi_opts(program, nullptr, &options);
  }
  if (kind == "uprobe" || kind == "uretprobe") {
    LIBBPF_OPTS(bpf_uprobe_opts, options);
    std::string symbol = wanted.value("symbol", "");
    options.retprobe = kind == "uretprobe";
    options.bpf_cookie = wanted.value("cookie", uint64_t{0});
    options.ref_ctr_offset = wanted.value("refCtrOffset", size_t{0});
    options.func_name = symbol.empty() ? nullptr : symbol.c_str();
    constexpr pid_t everyProcess = -1;
    return bpf_program__attach_uprobe_opts(program, everyProcess, target.c_str(), wanted.value("offset", size_t{0}),
                                           &options);
  }
  if (kind == "raw_tracepoint")
    return bpf_program__attach_raw_tracepoint(program, target.c_str());
  if (kind == "tracepoint") {
    size_t slash = target.find('/');
    return bpf_program__attach_tracepoint(program, target.substr(0, slash).c_str(), target.substr(slash + 1).c_str());
  }
  if (kind == "lsm")
    return bpf_program__attach_lsm(program);
  if (kind == "trace")
    return bpf_program__attach_trace(program);
  throw SystemError("unknown way to attach: " + kind, EINVAL);
}

void BpfObjects::attach(const Message &request, Message &answer) {
  libbpfLog.clear();
  std::shared_ptr<Object> holder = find(request.head);
  Object &object = *holder;
  for (const json &wanted : request.head.at("links")) {
    bpf_program *program = object.program(wanted.at("program"));
    bpf_link *link = attachOne(program, wanted);
    if (link == nullptr) {
      int number = errno;
      answer.head["program"] = wanted.at("program");
      answer.head["log"] = libbpfLog;
      fail("attaching to " + wanted.value("target", wanted.at("program").get<std::string>()), number);
    }
    object.links.emplace_back(link, bpf_program__name(program));
  }
  if (object.ring != nullptr && !object.drain.joinable())
    object.drain = std::thread([&object] {
      while (!object.ending) {
        object.consume();
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      }
    });
}

/**
 * How many hits a link's probe passed over because it was busy. Kernels before 6.7 do not say: 0. The structure is that
 * of <linux/bpf.h>, which older headers do not have in full.
 */
static uint64_t missedByLink(const bpf_link *link) {
  struct {
    uint32_t type, id, program, spare;
    union {
      struct {
        uint64_t addresses;
        uint32_t count, flags;
        uint64_t missed;
      } multi;
      struct {
        uint32_t type, spare;
        uint64_t name;
        uint32_t length, offset;
        uint64_t address, missed;
      } event;
      uint64_t room[8];
    };
  } info{};
  constexpr uint32_t eventKprobe = 3, typeEvent = 7, typeMulti = 8;
  uint32_t size = sizeof info;
  if (::bpf_obj_get_info_by_fd(bpf_link__fd(link), reinterpret_cast<bpf_link_info *>(&info), &size) != 0)
    return 0;
  if (info.type == typeMulti)
    return info.multi.missed;
  return info.type == typeEvent && info.event.type == eventKprobe ? info.event.missed : 0;
}

void BpfObjects::losses(const Message &request, Message &answer) {
  std::shared_ptr<Object> holder = find(request.head);
  Object &object = *holder;
  std::map<std::string, uint64_t> skipped;
  bpf_program *program;
  bpf_object__for_each_program(program, object.object) {
    bpf_prog_info info{};
    uint32_t size = sizeof info;
    if (bpf_program__fd(program) >= 0 && ::bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size) == 0)
      skipped[bpf_program__name(program)] += info.recursion_misses;
  }
  for (const auto &[link, name] : object.links)
    skipped[name] += missedByLink(link);
  std::erase_if(skipped, [](const auto &entry) { return entry.second == 0; });
  answer.head["skipped"] = skipped;

  json &counted = answer.head["counted"] = json::object();
  bpf_map *map = object.ring == nullptr ? nullptr : bpf_object__find_map_by_name(object.object, lostMap);
  if (map == nullptr)
    return;
  std::vector<uint64_t> values(static_cast<size_t>(libbpf_num_possible_cpus()));
  for (uint32_t key = 0; key < bpf_map__max_entries(map); key++) {
    if (::bpf_map_lookup_elem(bpf_map__fd(map), &key, values.data()) != 0)
      fail("reading what was lost");
    if (uint64_t sum = std::accumulate(values.begin(), values.end(), uint64_t{0}); sum > 0)
      counted[std::to_string(key)] = sum;
  }
}

} // namespace tracerig
