#include "fence.hpp"
#include "errors.hpp"

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <poll.h>
#include <sstream>
#include <sys/stat.h>
#include <sys/syscall.h>

namespace tracerig {

using clock = std::chrono::steady_clock;

/** Where cgroup2 is mounted: hybrid machines have it at /sys/fs/cgroup/unified. */
static std::string findCgroup2() {
  std::ifstream mounts("/proc/self/mountinfo");
  std::string line;
  while (std::getline(mounts, line)) {
    std::istringstream words(line);
    std::string skip, root, mountPoint, word;
    words >> skip >> skip >> skip >> root >> mountPoint;
    while (words >> word && word != "-") {
    }
    std::string type;
    words >> type;
    if (type == "cgroup2" && root == "/")
      return mountPoint;
  }
  throw SystemError("no cgroup2 file system is mounted", ENOENT);
}

/** The cgroups in a cgroup: a step that may write there can make some. */
static std::vector<std::string> cgroupsIn(const std::string &path) {
  std::vector<std::string> found;
  std::error_code ignored;
  for (const auto &entry : std::filesystem::directory_iterator(path, ignored))
    if (entry.is_directory(ignored) && !entry.is_symlink(ignored))
      found.push_back(entry.path());
  return found;
}

static void removeCgroup(const std::string &path) {
  for (const std::string &inner : cgroupsIn(path))
    removeCgroup(inner);
  // A process that was just killed holds the cgroup for a moment longer than it is listed.
  for (int round = 0; ::rmdir(path.c_str()) != 0 && errno == EBUSY && round < 50; round++)
    ::usleep(10000);
}

void Fence::remove() {
  std::lock_guard<std::mutex> lock(making_);
  if (path_.empty())
    return;
  kill();
  stepProcs_.reset();
  procs_.reset();
  folder_.reset();
  removeCgroup(path_);
  // path_ stays: calls under way may be reading it, and find nothing there.
}

static Descriptor openProcs(const std::string &path) {
  Descriptor procs(::open((path + "/cgroup.procs").c_str(), O_RDWR | O_CLOEXEC));
  if (!procs)
    fail("open " + path + "/cgroup.procs");
  return procs;
}

static void makeCgroup(const std::string &path) {
  if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST)
    fail("mkdir " + path);
}

void Fence::ensure() {
  std::lock_guard<std::mutex> lock(making_);
  if (folder_)
    return;
  static int count = 0;
  std::string path = findCgroup2() + "/tracerig-" + std::to_string(::getpid()) + "-" + std::to_string(count++);
  makeCgroup(path);
  makeCgroup(path + "/step");
  Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder)
    fail("open " + path);
  Descriptor procs = openProcs(path), stepProcs = openProcs(path + "/step");
  path_ = path;
  folder_ = std::move(folder);
  procs_ = std::move(procs);
  stepProcs_ = std::move(stepProcs);
}

static void collect(const std::string &path, std::vector<pid_t> &into) {
  std::ifstream list(path + "/cgroup.procs");
  pid_t pid;
  while (list >> pid)
    into.push_back(pid);
  for (const std::string &inner : cgroupsIn(path))
    collect(inner, into);
}

static std::vector<pid_t> pidsIn(const std::string &path) {
  std::vector<pid_t> found;
  if (!path.empty())
    collect(path, found);
  return found;
}

std::vector<pid_t> Fence::pids() const { return pidsIn(path_); }

std::vector<Member> Fence::strays() const {
  std::vector<Member> found = members();
  if (found.empty())
    return found;
  // Read behind the others: who is forked meanwhile is no stray.
  std::vector<pid_t> inside = pids();
  std::set<pid_t> known(inside.begin(), inside.end());
  std::erase_if(found, [&known](const Member &one) { return known.contains(one.pid); });
  return found;
}

static bool populated(const std::string &path) {
  std::ifstream events(path + "/cgroup.events");
  std::string name;
  int value;
  while (events >> name >> value)
    if (name == "populated")
      return value != 0;
  return false;
}

bool Fence::waitEmpty(const std::string &path, int timeoutMs) const {
  if (path.empty())
    return true;
  auto end = clock::now() + std::chrono::milliseconds(timeoutMs);
  Descriptor events(::open((path + "/cgroup.events").c_str(), O_RDONLY | O_CLOEXEC));
  while (populated(path) || !strays().empty()) {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - clock::now()).count();
    if (left <= 0)
      return false;
    // cgroup.events wakes with POLLPRI; the short limit covers a change between the look and the poll.
    char drop[256];
    ::lseek(events.get(), 0, SEEK_SET);
    (void)!::read(events.get(), drop, sizeof drop);
    pollfd waiting{events.get(), POLLPRI, 0};
    ::poll(&waiting, 1, static_cast<int>(left < 50 ? left : 50));
  }
  return true;
}

std::vector<pid_t> Fence::killIn(const std::string &path) const {
  std::set<pid_t> seen;
  for (int round = 0; !path.empty() && round < 200; round++) {
    std::vector<pid_t> now = pidsIn(path);
    std::vector<Member> gone = strays();
    seen.insert(now.begin(), now.end());
    for (const Member &stray : gone) {
      seen.insert(stray.pid);
      ::syscall(SYS_pidfd_send_signal, stray.handle.get(), SIGKILL, nullptr, 0);
    }
    if (now.empty() && gone.empty() && !populated(path))
      break;
    // cgroup.kill (5.14) takes forks on the run too; before it several rounds do.
    Descriptor killer(::open((path + "/cgroup.kill").c_str(), O_WRONLY | O_CLOEXEC));
    if (!killer || ::write(killer.get(), "1", 1) != 1)
      for (pid_t pid : now)
        ::kill(pid, SIGKILL);
    waitEmpty(path, 20);
  }
  return {seen.begin(), seen.end()};
}

bool Fence::waitStepEmpty(int timeoutMs) const { return waitEmpty(stepPath(), timeoutMs); }

std::vector<pid_t> Fence::kill() const { return killIn(path_); }

std::vector<pid_t> Fence::killStep() const { return killIn(stepPath()); }

} // namespace tracerig
