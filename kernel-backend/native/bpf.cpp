#include "bpf-object.hpp"
#include "text.hpp"

#include <bpf/bpf.h>
#include <chrono>
#include <cstdarg>
#include <cstring>
#include <fstream>
#include <poll.h>
#include <sstream>
#include <sys/syscall.h>
#include <time.h>

namespace tracerig {

/** Maps that the core knows by name. */
static constexpr const char *fenceMap = "fence";
static constexpr const char *stepMap = "step";
static constexpr const char *recordsMap = "records";
static constexpr const char *tasksMap = "tasks";

thread_local std::string libbpfLog;

static int collectLog(libbpf_print_level level, const char *format, va_list arguments) {
  if (level == LIBBPF_DEBUG)
    return 0;
  char *line = nullptr;
  int length = ::vasprintf(&line, format, arguments);
  if (length > 0)
    libbpfLog.append(line, static_cast<size_t>(length));
  ::free(line);
  // A refused program prints thousands of lines; the reason stands at the end.
  if (libbpfLog.size() > 65536)
    libbpfLog.erase(0, libbpfLog.size() - 32768);
  return length;
}

static int keepRecord(void *context, void *data, size_t size) {
  auto *into = static_cast<std::string *>(context);
  uint32_t length = static_cast<uint32_t>(size);
  into->append(reinterpret_cast<const char *>(&length), 4);
  into->append(static_cast<const char *>(data), size);
  return 0;
}

std::shared_ptr<BpfObjects::Object> BpfObjects::find(const json &head) {
  std::lock_guard<std::mutex> lock(lock_);
  auto found = objects_.find(head.at("object").get<int>());
  if (found == objects_.end())
    throw SystemError("no such BPF object", ENOENT);
  return found->second;
}

void BpfObjects::store(const Message &request, Message &) {
  std::lock_guard<std::mutex> lock(lock_);
  stored_[request.head.at("name").get<std::string>()] = std::make_shared<const std::string>(request.bytes);
}

std::shared_ptr<const std::string> BpfObjects::findStored(const std::string &name) {
  std::lock_guard<std::mutex> lock(lock_);
  auto found = stored_.find(name);
  if (found == stored_.end())
    throw SystemError("nothing is stored as " + name, ENOENT);
  return found->second;
}

static std::string_view part(const Message &message, const json &range, const char *what) {
  size_t offset = range.at("offset").get<size_t>(), length = range.at("length").get<size_t>();
  if (offset > message.bytes.size() || length > message.bytes.size() - offset)
    throw SystemError(std::string(what) + " lies outside the request", EINVAL);
  return std::string_view(message.bytes).substr(offset, length);
}

/** A file without a name: libbpf takes types by path only. */
static Descriptor memoryFile(const std::string &bytes) {
  Descriptor file(::memfd_create("tracerig-types", MFD_CLOEXEC));
  if (!file)
    fail("memfd_create");
  if (::write(file.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
    fail("writing types");
  return file;
}

static void fill(int map, const json &entries, std::string_view bytes) {
  size_t keySize = entries.at("keySize"), valueSize = entries.at("valueSize"), count = entries.at("count");
  if (bytes.size() < (keySize + valueSize) * count)
    throw SystemError("the map's entries lie outside the request", EINVAL);
  for (size_t i = 0; i < count; i++) {
    const char *key = bytes.data() + i * (keySize + valueSize);
    if (::bpf_map_update_elem(map, key, key + keySize, BPF_ANY) != 0)
      fail("filling map " + entries.at("map").get<std::string>());
  }
}

void BpfObjects::load(const Message &request, Message &answer) {
  auto begin = std::chrono::steady_clock::now();
  libbpf_set_print(collectLog);
  libbpfLog.clear();
  const json &head = request.head;
  auto loaded = std::make_shared<Object>();
  std::shared_ptr<const std::string> stored;
  std::string_view image;
  if (head.at("image").contains("stored")) {
    stored = findStored(head["image"]["stored"]);
    image = *stored;
  } else {
    image = part(request, head["image"], "the BPF object");
  }
  LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "tracerig");
  // The types that the programs use, cut out of the kernel's beforehand: reading all of them takes most of the time.
  Descriptor types;
  std::string typesPath;
  if (head.contains("types")) {
    types = memoryFile(*findStored(head["types"]["stored"]));
    typesPath = "/proc/self/fd/" + std::to_string(types.get());
    options.btf_custom_path = typesPath.c_str();
  }
  loaded->object = bpf_object__open_mem(image.data(), image.size(), &options);
  if (loaded->object == nullptr)
    fail("opening the BPF object");

  bpf_program *program;
  bpf_object__for_each_program(program, loaded->object) bpf_program__set_autoload(program, false);
  for (const json &wanted : head.at("programs")) {
    program = loaded->program(wanted.at("name").get<std::string>());
    bpf_program__set_autoload(program, true);
    if (wanted.value("multi", false))
      bpf_program__set_expected_attach_type(program, BPF_TRACE_KPROBE_MULTI);
    if (wanted.contains("kind"))
      bpf_program__set_type(program,
                            wanted["kind"] == "tracepoint" ? BPF_PROG_TYPE_TRACEPOINT : BPF_PROG_TYPE_RAW_TRACEPOINT);
    if (wanted.contains("target") &&
        bpf_program__set_attach_target(program, 0, wanted["target"].get<std::string>().c_str()) != 0)
      fail("attach target " + wanted["target"].get<std::string>());
  }
  for (const json &name : head.value("unused", json::array()))
    if (bpf_map__set_autocreate(loaded->map(name), false) != 0)
      fail("leaving out map " + name.get<std::string>());
  json sizes = head.value("maps", json::object());
  for (const auto &[name, entries] : sizes.items())
    if (bpf_map__set_max_entries(loaded->map(name), entries.get<uint32_t>()) != 0)
      fail("size of map " + name);
  if (head.contains("share")) {
    std::shared_ptr<Object> from = find(head["share"]);
    for (const json &name : head["share"].at("maps"))
      if (bpf_map__autocreate(loaded->map(name)) &&
          bpf_map__reuse_fd(loaded->map(name), bpf_map__fd(from->map(name))) != 0)
        fail("sharing map " + name.get<std::string>());
  }
  if (head.contains("rodata")) {
    std::string_view values = part(request, head["rodata"], ".rodata");
    bpf_map *rodata = nullptr, *map;
    bpf_object__for_each_map(map, loaded->object) {
      std::string_view name = bpf_map__name(map);
      if (name.size() >= 7 && name.substr(name.size() - 7) == ".rodata")
        rodata = map;
    }
    size_t size = 0;
    void *into = rodata == nullptr ? nullptr : const_cast<void *>(bpf_map__initial_value(rodata, &size));
    if (into == nullptr || size < values.size())
      throw SystemError(".rodata takes " + std::to_string(size) + " bytes, not " + std::to_string(values.size()),
                        EINVAL);
    std::memcpy(into, values.data(), values.size());
  }
  if (int error = bpf_object__load(loaded->object); error != 0) {
    // Not an exception: the log is part of the answer.
    answer.head["error"] = std::string("the kernel refused the programs: ") + std::strerror(-error);
    answer.head["errno"] = -error;
    answer.head["log"] = libbpfLog.size() > 6000 ? libbpfLog.substr(libbpfLog.size() - 6000) : libbpfLog;
    return;
  }
  json filled = head.value("entries", json::array());
  for (const json &entries : filled) {
    json range = {{"offset", entries.at("offset")},
                  {"length", (entries.at("keySize").get<size_t>() + entries.at("valueSize").get<size_t>()) *
                                 entries.at("count").get<size_t>()}};
    fill(bpf_map__fd(loaded->map(entries.at("map"))), entries, part(request, range, "a map's entries"));
  }
  // The slot is filled before anything is attached: what an empty one means must never matter.
  if (bpf_map *slot = bpf_object__find_map_by_name(loaded->object, fenceMap);
      slot != nullptr && head.value("fenced", true)) {
    fence_.ensure();
    uint32_t key = 0;
    int value = fence_.descriptor();
    if (::bpf_map_update_elem(bpf_map__fd(slot), &key, &value, BPF_ANY) != 0)
      fail("filling the fence's slot");
  }
  if (bpf_map *records = bpf_object__find_map_by_name(loaded->object, recordsMap);
      records != nullptr && !head.contains("share")) {
    loaded->ring = ring_buffer__new(bpf_map__fd(records), keepRecord, &loaded->records, nullptr);
    if (loaded->ring == nullptr)
      fail("reading the ring buffer");
  }
  if (bpf_map *step = bpf_object__find_map_by_name(loaded->object, stepMap);
      step != nullptr && !head.contains("share")) {
    void *mapped = ::mmap(nullptr, sizeof *loaded->step, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(step), 0);
    if (mapped == MAP_FAILED)
      fail("mapping the step's state");
    loaded->step = static_cast<tr_step_state *>(mapped);
  }
  if (head.contains("launcher")) {
    std::string_view entry = part(request, head["launcher"], "the launcher's entry");
    if (entry.size() != sizeof loaded->launcher)
      throw SystemError("the launcher's entry has another size", EINVAL);
    std::memcpy(&loaded->launcher, entry.data(), entry.size());
    loaded->knowsLauncher = true;
  }
  auto took = std::chrono::steady_clock::now() - begin;
  answer.head["ms"] = std::chrono::duration<double, std::milli>(took).count();
  std::lock_guard<std::mutex> lock(lock_);
  answer.head["object"] = next_;
  objects_[next_++] = std::move(loaded);
}

void BpfObjects::update(const Message &request, Message &) {
  std::shared_ptr<Object> holder = find(request.head);
  Object &object = *holder;
  fill(bpf_map__fd(object.map(request.head.at("map"))), request.head, request.bytes);
}

void BpfObjects::lookup(const Message &request, Message &answer) {
  std::shared_ptr<Object> object = find(request.head);
  bpf_map *map = object->map(request.head.at("map"));
  size_t size = bpf_map__value_size(map);
  bpf_map_type type = bpf_map__type(map);
  if (type == BPF_MAP_TYPE_PERCPU_ARRAY || type == BPF_MAP_TYPE_PERCPU_HASH)
    size = (size + 7) / 8 * 8 * static_cast<size_t>(libbpf_num_possible_cpus());
  if (request.bytes.size() != bpf_map__key_size(map))
    throw SystemError("the key's size is wrong", EINVAL);
  answer.bytes.resize(size);
  if (::bpf_map_lookup_elem(bpf_map__fd(map), request.bytes.data(), answer.bytes.data()) != 0)
    fail("looking up a key");
}

void BpfObjects::detach(const Message &request, Message &) {
  std::shared_ptr<Object> going; // ends after the lock
  std::lock_guard<std::mutex> lock(lock_);
  auto found = objects_.find(request.head.at("object").get<int>());
  if (found == objects_.end())
    return;
  going = std::move(found->second);
  objects_.erase(found);
}

void BpfObjects::testRun(const Message &request, Message &answer) {
  std::shared_ptr<Object> holder = find(request.head);
  Object &object = *holder;
  int program = bpf_program__fd(object.program(request.head.at("program")));
  const json &entries = request.head.at("entries");
  int map = bpf_map__fd(object.map(entries.at("map")));
  size_t contextSize = request.head.at("contextSize");
  size_t before = (entries.at("keySize").get<size_t>() + entries.at("valueSize").get<size_t>()) *
                  entries.at("count").get<size_t>();
  std::string_view left = request.bytes;
  if (before + contextSize == 0 || left.size() % (before + contextSize) != 0)
    throw SystemError("the runs are cut off", EINVAL);
  json results = json::array();
  for (; !left.empty(); left.remove_prefix(before + contextSize)) {
    fill(map, entries, left);
    std::string context(left.substr(before, contextSize));
    LIBBPF_OPTS(bpf_test_run_opts, options);
    options.ctx_in = context.data();
    options.ctx_size_in = static_cast<uint32_t>(contextSize);
    if (::bpf_prog_test_run_opts(program, &options) != 0)
      fail("BPF_PROG_TEST_RUN");
    results.push_back(options.retval);
  }
  answer.head["results"] = results;
}

/** When a process began, in nanoseconds since boot; 0 if it is gone. The kernel tells it in hundredths of a second. */
static uint64_t beginOf(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  size_t behindName = text.rfind(')');
  if (behindName == std::string::npos)
    return 0;
  std::istringstream words(text.substr(behindName + 1));
  std::string word;
  constexpr int fieldsBefore = 20; // the state is the third of proc(5), starttime the 22nd
  for (int i = 0; i < fieldsBefore && words >> word; i++) {
  }
  return std::stoull(word) * (1000000000ull / static_cast<uint64_t>(::sysconf(_SC_CLK_TCK)));
}

std::vector<Member> BpfObjects::members() {
  std::vector<std::shared_ptr<Object>> all;
  {
    std::lock_guard<std::mutex> lock(lock_);
    for (auto &[handle, object] : objects_)
      if (object->step != nullptr && object->step->left != 0)
        all.push_back(object);
  }
  std::vector<Member> found;
  for (const std::shared_ptr<Object> &object : all) {
    int tasks = bpf_map__fd(object->map(tasksMap));
    uint32_t key, *before = nullptr;
    for (uint32_t next; ::bpf_map_get_next_key(tasks, before, &next) == 0;) {
      key = next;
      before = &key;
      pid_t pid = static_cast<pid_t>(key);
      tr_task_entry entry;
      if (::bpf_map_lookup_elem(tasks, &key, &entry) != 0)
        continue;
      Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
      // Whoever began after the entry was written is another, who was given the pid of one that is gone.
      uint64_t begin = handle ? beginOf(pid) : 0;
      pollfd ended{handle.get(), POLLIN, 0};
      if (begin != 0 && begin <= entry.start_ns && ::poll(&ended, 1, 0) == 0)
        found.push_back({pid, std::move(handle)});
    }
  }
  return found;
}

void BpfObjects::flush(const Message &request, Message &answer) {
  std::shared_ptr<Object> holder = find(request.head);
  Object &object = *holder;
  object.consume();
  std::lock_guard<std::mutex> lock(object.reading);
  answer.bytes.swap(object.records);
}

void BpfObjects::kallsyms(const Message &request, Message &answer) {
  symbols_.readOnce();
  json &addresses = answer.head["addresses"] = json::object();
  for (const json &name : request.head.at("names")) {
    json &list = addresses[name.get<std::string>()] = json::array();
    for (uint64_t address : symbols_.addresses(name))
      list.push_back(std::to_string(address));
  }
}

std::vector<Announcement> BpfObjects::announcements() {
  std::lock_guard<std::mutex> lock(lock_);
  std::vector<Announcement> all;
  for (auto &[handle, object] : objects_)
    if (object->step != nullptr)
      all.push_back(
          {object, object->step, object->knowsLauncher ? bpf_map__fd(object->map(tasksMap)) : -1, object->launcher});
  return all;
}

bool Announcement::root() {
  uint32_t pid = static_cast<uint32_t>(::getpid());
  state->armed = 0;
  state->denied = 0;
  state->root = pid;
  if (tasks < 0)
    return true;
  timespec now;
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  launcher.start_ns = static_cast<uint64_t>(now.tv_sec) * 1000000000 + static_cast<uint64_t>(now.tv_nsec);
  return ::bpf_map_update_elem(tasks, &pid, &launcher, BPF_ANY) == 0;
}

} // namespace tracerig
