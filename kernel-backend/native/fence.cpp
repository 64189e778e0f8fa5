#include "fence.hpp"
#include "errors.hpp"

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <set>
#include <sstream>
#include <sys/stat.h>

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

void Fence::remove() {
  std::lock_guard<std::mutex> lock(making_);
  if (path_.empty())
    return;
  kill();
  procs_.reset();
  folder_.reset();
  // A process that was just killed holds the cgroup for a moment longer than it is listed.
  for (int round = 0; ::rmdir(path_.c_str()) != 0 && errno == EBUSY && round < 50; round++)
    ::usleep(10000);
  // path_ stays: calls under way may be reading it, and find nothing there.
}

void Fence::ensure() {
  std::lock_guard<std::mutex> lock(making_);
  if (folder_)
    return;
  static int count = 0;
  std::string path = findCgroup2() + "/tracerig-" + std::to_string(::getpid()) + "-" + std::to_string(count++);
  if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST)
    fail("mkdir " + path);
  Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder)
    fail("open " + path);
  Descriptor procs(::open((path + "/cgroup.procs").c_str(), O_RDWR | O_CLOEXEC));
  if (!procs)
    fail("open " + path + "/cgroup.procs");
  path_ = path;
  folder_ = std::move(folder);
  procs_ = std::move(procs);
}

static void collect(const std::string &path, std::vector<pid_t> &into) {
  std::ifstream list(path + "/cgroup.procs");
  pid_t pid;
  while (list >> pid)
    into.push_back(pid);
}

std::vector<pid_t> Fence::pids() const {
  std::vector<pid_t> found;
  if (!path_.empty())
    collect(path_, found);
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

bool Fence::waitEmpty(int timeoutMs) const {
  if (path_.empty())
    return true;
  auto end = clock::now() + std::chrono::milliseconds(timeoutMs);
  Descriptor events(::open((path_ + "/cgroup.events").c_str(), O_RDONLY | O_CLOEXEC));
  while (populated(path_)) {
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

std::vector<pid_t> Fence::kill() const {
  std::set<pid_t> seen;
  for (int round = 0; !path_.empty() && round < 200; round++) {
    std::vector<pid_t> now = pids();
    seen.insert(now.begin(), now.end());
    if (now.empty() && !populated(path_))
      break;
    // cgroup.kill (5.14) takes forks on the run too; before it several rounds do.
    Descriptor killer(::open((path_ + "/cgroup.kill").c_str(), O_WRONLY | O_CLOEXEC));
    if (!killer || ::write(killer.get(), "1", 1) != 1)
      for (pid_t pid : now)
        ::kill(pid, SIGKILL);
    waitEmpty(20);
  }
  return {seen.begin(), seen.end()};
}

} // namespace tracerig
