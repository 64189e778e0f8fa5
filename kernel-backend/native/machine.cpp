#include "machine.hpp"
#include "descriptor.hpp"
#include "errors.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <linux/perf_event.h>
#include <linux/random.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <vector>

namespace tracerig::machine {

static int64_t now(clockid_t which) {
  timespec time;
  ::clock_gettime(which, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

void hello(const Message &, Message &answer) {
  utsname names;
  ::uname(&names);
  answer.head.update({{"protocol", 1},
                      {"release", names.release},
                      {"machine", names.machine},
                      {"nodeName", names.nodename},
                      {"libbpf", libbpf_version_string()},
                      {"pid", ::getpid()},
                      {"uid", ::getuid()},
                      {"boottimeNs", std::to_string(now(CLOCK_BOOTTIME))},
                      {"realtimeNs", std::to_string(now(CLOCK_REALTIME))}});
}

void clock(const Message &request, Message &answer) {
  if (request.head.contains("realtimeNs")) {
    int64_t to = std::stoll(request.head["realtimeNs"].get<std::string>());
    timespec time{static_cast<time_t>(to / 1000000000), static_cast<long>(to % 1000000000)};
    if (::clock_settime(CLOCK_REALTIME, &time) != 0)
      fail("setting the clock");
  }
  answer.head["boottimeNs"] = std::to_string(now(CLOCK_BOOTTIME));
  answer.head["realtimeNs"] = std::to_string(now(CLOCK_REALTIME));
  answer.head["monotonicNs"] = std::to_string(now(CLOCK_MONOTONIC));
}

void reseed(const Message &request, Message &) {
  // A restored guest has the randomness of its snapshot: credit fresh entropy, and take it up at once.
  Descriptor random(::open("/dev/urandom", O_RDWR | O_CLOEXEC));
  if (!random)
    fail("open /dev/urandom");
  std::vector<char> buffer(sizeof(rand_pool_info) + request.bytes.size());
  auto *info = reinterpret_cast<rand_pool_info *>(buffer.data());
  info->entropy_count = static_cast<int>(request.bytes.size() * 8);
  info->buf_size = static_cast<int>(request.bytes.size());
  std::memcpy(info->buf, request.bytes.data(), request.bytes.size());
  if (::ioctl(random.get(), RNDADDENTROPY, info) != 0)
    fail("RNDADDENTROPY");
  if (::ioctl(random.get(), RNDRESEEDCRNG) != 0)
    fail("RNDRESEEDCRNG");
}

/** A program that returns 0. */
static Descriptor tinyProgram(bpf_prog_type type, bpf_attach_type attach) {
  bpf_insn body[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0},
                     {.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0}};
  LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = attach);
  return Descriptor(::bpf_prog_load(type, "tracerig_probe", "GPL", body, 2, &options));
}

static std::string errorText(const char *what) { return std::string(what) + ": " + std::strerror(errno); }

static std::string probeKprobe() {
  int type = 0;
  std::ifstream("/sys/bus/event_source/devices/kprobe/type") >> type;
  if (type == 0)
    return "the kernel is built without kprobe events (CONFIG_KPROBE_EVENTS)";
  perf_event_attr attributes{};
  attributes.size = sizeof attributes;
  attributes.type = static_cast<unsigned>(type);
  attributes.config1 = reinterpret_cast<uint64_t>("fd_install");
  Descriptor event(static_cast<int>(::syscall(SYS_perf_event_open, &attributes, -1, 0, -1, PERF_FLAG_FD_CLOEXEC)));
  if (!event)
    return errorText("perf_event_open");
  Descriptor program = tinyProgram(BPF_PROG_TYPE_KPROBE, BPF_CGROUP_INET_INGRESS);
  if (!program)
    return errorText("loading a program");
  return ::ioctl(event.get(), PERF_EVENT_IOC_SET_BPF, program.get()) == 0 ? "" : errorText("attaching");
}

static std::string probeKprobeMulti() {
  Descriptor program = tinyProgram(BPF_PROG_TYPE_KPROBE, BPF_TRACE_KPROBE_MULTI);
  if (!program)
    return errorText("loading a program");
  const char *symbol = "fd_install";
  LIBBPF_OPTS(bpf_link_create_opts, options);
  options.kprobe_multi.syms = &symbol;
  options.kprobe_multi.cnt = 1;
  Descriptor link(::bpf_link_create(program.get(), 0, BPF_TRACE_KPROBE_MULTI, &options));
  return link ? "" : errorText("attaching");
}

static std::string probeRawTracepoint() {
  Descriptor program = tinyProgram(BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_CGROUP_INET_INGRESS);
  if (!program)
    return errorText("loading a program");
  Descriptor link(::bpf_raw_tracepoint_open("sched_process_exec", program.get()));
  return link ? "" : errorText("attaching");
}

/** A kprobe program may call the helper with its context (and an error of 0). */
static std::string probeHelper(int helper) {
  bpf_insn body[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 2, .src_reg = 0, .off = 0, .imm = 0},
                     {.code = BPF_JMP | BPF_CALL, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = helper},
                     {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0},
                     {.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0}};
  Descriptor program(::bpf_prog_load(BPF_PROG_TYPE_KPROBE, "tracerig_probe", "GPL", body, 4, nullptr));
  return program ? "" : errorText("loading a program");
}

static json probeAll() {
  return {
      {"btf", ::access("/sys/kernel/btf/vmlinux", R_OK) == 0 ? "" : errorText("/sys/kernel/btf/vmlinux")},
      {"kprobe", probeKprobe()},
      {"kprobe.multi", probeKprobeMulti()},
      {"raw_tracepoint", probeRawTracepoint()},
      {"cookie", probeHelper(BPF_FUNC_get_attach_cookie)},
      {"override", probeHelper(BPF_FUNC_override_return)},
  };
}

void probe(const Message &, Message &answer) {
  // Attaching is dear, and what a kernel can do does not change.
  static const json features = probeAll();
  answer.head["features"] = features;
}

} // namespace tracerig::machine
