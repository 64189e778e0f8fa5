#include "step.hpp"
#include "errors.hpp"
#include "text.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <vector>

namespace tracerig {

namespace {

std::vector<std::string> texts(const json &list) {
  std::vector<std::string> all;
  for (const json &entry : list)
    all.push_back(fromLatin1(entry.get<std::string>()));
  return all;
}

std::vector<char *> pointers(std::vector<std::string> &from) {
  std::vector<char *> all;
  for (std::string &text : from)
    all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

/** The program of an argv, found in the PATH of its environment: so that there is one execve. */
std::string findProgram(const std::string &name, const std::vector<std::string> &env, const std::string &cwd) {
  if (name.empty())
    throw SystemError("the command is empty", ENOENT);
  if (name.find('/') != std::string::npos)
    return name;
  std::string path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  for (const std::string &entry : env)
    if (entry.rfind("PATH=", 0) == 0)
      path = entry.substr(5);
  for (size_t from = 0; from <= path.size();) {
    size_t colon = std::min(path.find(':', from), path.size());
    std::string folder = path.substr(from, colon - from);
    std::string candidate = (folder.empty() ? "." : folder) + "/" + name;
    std::string looked = candidate[0] == '/' ? candidate : cwd + "/" + candidate;
    struct stat facts;
    if (::stat(looked.c_str(), &facts) == 0 && S_ISREG(facts.st_mode) && ::access(looked.c_str(), X_OK) == 0)
      return candidate;
    from = colon + 1;
  }
  throw SystemError(name + " is not in PATH", ENOENT);
}

/** Exit codes of a launcher that executes nothing, as shells use them. */
constexpr int denied = 126, failed = 127;

/** What the child tells when it cannot go as far as exec. */
struct Failure {
  int number;
  char what[60];
};

/** A page that parent and child share: a pipe would be a file that closes within the command's exec, where hooks see
 * it. */
class Report {
public:
  Report() {
    void *page = ::mmap(nullptr, sizeof(Failure), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
      fail("mmap");
    failure_ = static_cast<Failure *>(page);
  }
  Report(const Report &) = delete;
  Report &operator=(const Report &) = delete;
  ~Report() { ::munmap(failure_, sizeof(Failure)); }
  [[noreturn]] void giveUp(const char *what) {
    int number = errno;
    std::strncpy(failure_->what, what, sizeof failure_->what - 1);
    failure_->number = number;
    ::_exit(failed);
  }
  const Failure &failure() const { return *failure_; }

private:
  Failure *failure_;
};

struct Launch {
  std::string program, cwd, out, err;
  std::vector<char *> argv, env;
  std::vector<gid_t> groups;
  long uid = -1, gid = -1;
  mode_t mask = 022;
  int join = -1;
  /** Where a child that is held says that it is ready and waits for a byte, before exec; -1: nobody holds it. */
  int go = -1;
  std::vector<Announcement> announcements;
};

/** Closes what is above the three standard descriptors and not kept (what is kept closes by exec). */
void closeAllBut(std::array<int, 2> keep) {
  std::sort(keep.begin(), keep.end());
  unsigned from = 3;
  auto closeTo = [&from](unsigned last) {
    if (from <= last && ::syscall(SYS_close_range, from, last, 0) != 0)
      for (unsigned fd = from; fd <= std::min(last, 4096u); fd++)
        ::close(static_cast<int>(fd));
    from = last + 2;
  };
  for (int fd : keep)
    if (fd > 2)
      closeTo(static_cast<unsigned>(fd) - 1);
  closeTo(~0u - 2);
}

/** What the launcher is called as a task (core/events/launcher.ts has the same). */
constexpr const char *launcherName = "launch";

/** Between fork and exec: system calls only. */
[[noreturn]] void becomeChild(Launch &launch, Report &report) {
  for (Announcement &announcement : launch.announcements)
    if (!announcement.root())
      report.giveUp("announcing the step of");
  ::setsid();
  ::prctl(PR_SET_NAME, launcherName);
  sigset_t none;
  sigemptyset(&none);
  for (int number = 1; number < NSIG; number++)
    ::signal(number, SIG_DFL);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::umask(launch.mask);
  if (::chdir(launch.cwd.c_str()) != 0)
    report.giveUp("chdir to the working folder");

  int in = ::open("/dev/null", O_RDONLY);
  int out = ::open(launch.out.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0644);
  int err = ::open(launch.err.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0644);
  if (in < 0 || out < 0 || err < 0)
    report.giveUp("open of the step's input or output");
  ::dup2(in, 0);
  ::dup2(out, 1);
  ::dup2(err, 2);
  closeAllBut({launch.go, launch.join});

  if (launch.join >= 0) {
    if (::write(launch.join, "0", 1) != 1)
      report.giveUp("joining the fence");
    // Not left to exec, which is the step's.
    ::close(launch.join);
  }
  if (launch.gid >= 0) {
    if (::syscall(SYS_setgroups, launch.groups.size(), launch.groups.data()) != 0)
      report.giveUp("setgroups");
    gid_t gid = static_cast<gid_t>(launch.gid);
    if (::syscall(SYS_setresgid, gid, gid, gid) != 0)
      report.giveUp("setresgid");
  }
  if (launch.uid >= 0) {
    uid_t uid = static_cast<uid_t>(launch.uid);
    if (::syscall(SYS_setresuid, uid, uid, uid) != 0)
      report.giveUp("setresuid");
  }
  char byte = 'r';
  if (launch.go >= 0 && (::write(launch.go, &byte, 1) != 1 || ::read(launch.go, &byte, 1) != 1))
    ::_exit(failed);
  for (const Announcement &announcement : launch.announcements)
    announcement.arm();
  ::execve(launch.program.c_str(), launch.argv.data(), launch.env.data());
  bool forbidden = false;
  for (const Announcement &announcement : launch.announcements)
    forbidden = announcement.disarm() || forbidden;
  if (forbidden)
    ::_exit(denied);
  report.giveUp("execve");
}

/** A fork; the parent goes on once the child has executed its command or ended. */
pid_t forkUntilExec() { return static_cast<pid_t>(::syscall(SYS_clone, CLONE_VFORK | SIGCHLD, 0, 0, 0, 0)); }

int openPidfd(pid_t pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); }

} // namespace

void Steps::run(const Message &request, Message &answer) {
  const json &head = request.head;
  std::vector<std::string> argv = texts(head.at("argv"));
  std::vector<std::string> env = texts(head.at("env"));
  if (argv.empty())
    throw SystemError("the command is empty", ENOENT);
  Launch launch;
  launch.cwd = fromLatin1(head.at("cwd").get<std::string>());
  launch.program = findProgram(argv[0], env, launch.cwd);
  launch.argv = pointers(argv);
  launch.env = pointers(env);
  launch.out = fromLatin1(head.at("stdout").get<std::string>());
  launch.err = fromLatin1(head.at("stderr").get<std::string>());
  launch.uid = head.value("uid", -1L);
  launch.gid = head.value("gid", -1L);
  launch.groups = head.value("groups", std::vector<gid_t>{});
  launch.mask = head.value("umask", mode_t{022});
  if (head.value("fenced", true)) {
    fence_.ensure();
    launch.join = fence_.joinDescriptor(!head.value("stays", false));
    launch.announcements = announcements();
  }

  Report report;
  if (!head.value("hold", false)) {
    pid_t pid = forkUntilExec();
    if (pid < 0)
      fail("fork");
    if (pid == 0)
      becomeChild(launch, report);
    if (report.failure().number != 0) {
      ::waitpid(pid, nullptr, 0);
      fail(std::string(report.failure().what) + " " + launch.program, report.failure().number);
    }
    answer.head["pid"] = pid;
    answer.head["program"] = toLatin1(launch.program);
    return;
  }
  int go[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, go) != 0)
    fail("socketpair");
  Descriptor childs(go[0]), ours(go[1]);
  launch.go = go[0];
  pid_t pid = ::fork();
  if (pid < 0)
    fail("fork");
  if (pid == 0)
    becomeChild(launch, report);
  childs.reset();
  // Until then a reader of /proc would see a child that is only half of what the command starts with.
  char ready;
  if (::read(ours.get(), &ready, 1) != 1) {
    ::waitpid(pid, nullptr, 0);
    fail(std::string(report.failure().what) + " " + launch.program, report.failure().number);
  }
  answer.head["pid"] = pid;
  answer.head["program"] = toLatin1(launch.program);
  // What a reader of /proc/PID/fd must not take for the step's.
  answer.head["plumbing"] = {go[0]};
  std::lock_guard<std::mutex> lock(lock_);
  held_[pid] = std::move(ours);
}

void Steps::release(const Message &request, Message &) {
  pid_t pid = request.head.at("pid").get<pid_t>();
  std::lock_guard<std::mutex> lock(lock_);
  auto found = held_.find(pid);
  if (found == held_.end())
    throw SystemError("process " + std::to_string(pid) + " is not held", ESRCH);
  (void)!::write(found->second.get(), "g", 1);
  held_.erase(found);
}

void Steps::wait(const Message &request, Message &answer) {
  const json &head = request.head;
  pid_t pid = head.at("pid").get<pid_t>();
  int timeoutMs = head.value("timeoutMs", -1);
  bool fenced = head.value("fence", true);
  Descriptor handle(openPidfd(pid));
  if (!handle)
    fail("wait for process " + std::to_string(pid));
  pollfd waiting{handle.get(), POLLIN, 0};
  int ready;
  do
    ready = ::poll(&waiting, 1, timeoutMs);
  while (ready < 0 && errno == EINTR);
  std::vector<pid_t> left;
  answer.head["timedOut"] = ready == 0;
  if (ready == 0) {
    if (fenced)
      left = fence_.killStep();
    ::kill(pid, SIGKILL);
  }
  int status = 0;
  if (::waitpid(pid, &status, 0) == pid)
    answer.head["status"] = status;
  {
    std::lock_guard<std::mutex> lock(lock_);
    held_.erase(pid);
  }
  if (fenced && ready != 0 && !fence_.waitStepEmpty(head.value("graceMs", 1000)))
    left = fence_.killStep();
  answer.head["left"] = left;
}

void Steps::kill(const Message &, Message &answer) { answer.head["left"] = fence_.kill(); }

} // namespace tracerig
