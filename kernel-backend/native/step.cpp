#include "step.hpp"
#include "errors.hpp"
#include "text.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/prctl.h>
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

/** What the child tells when it cannot go as far as exec. */
struct Failure {
  int number;
  char what[60];
};

[[noreturn]] void giveUp(int report, const char *what) {
  Failure failure{errno, {}};
  std::strncpy(failure.what, what, sizeof failure.what - 1);
  (void)!::write(report, &failure, sizeof failure);
  ::_exit(127);
}

struct Launch {
  std::string program, cwd, out, err;
  std::vector<char *> argv, env;
  std::vector<gid_t> groups;
  long uid = -1, gid = -1;
  mode_t mask = 022;
  int join = -1;
};

/** Closes what is above the three standard descriptors and not kept (what is kept closes by exec). */
void closeAllBut(std::array<int, 3> keep) {
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

/** Between fork and exec: system calls only. `go` gives a byte when the parent has announced the step. */
[[noreturn]] void becomeChild(const Launch &launch, int go, int report) {
  ::setsid();
  sigset_t none;
  sigemptyset(&none);
  for (int number = 1; number < NSIG; number++)
    ::signal(number, SIG_DFL);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::umask(launch.mask);
  if (::chdir(launch.cwd.c_str()) != 0)
    giveUp(report, "chdir to the working folder");

  int in = ::open("/dev/null", O_RDONLY);
  int out = ::open(launch.out.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  int err = ::open(launch.err.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (in < 0 || out < 0 || err < 0)
    giveUp(report, "open of the step's input or output");
  ::dup2(in, 0);
  ::dup2(out, 1);
  ::dup2(err, 2);
  closeAllBut({go, report, launch.join});

  char byte;
  if (::read(go, &byte, 1) != 1)
    ::_exit(127);
  if (launch.join >= 0 && ::write(launch.join, "0", 1) != 1)
    giveUp(report, "joining the fence");
  if (launch.gid >= 0) {
    if (::syscall(SYS_setgroups, launch.groups.size(), launch.groups.data()) != 0)
      giveUp(report, "setgroups");
    gid_t gid = static_cast<gid_t>(launch.gid);
    if (::syscall(SYS_setresgid, gid, gid, gid) != 0)
      giveUp(report, "setresgid");
  }
  if (launch.uid >= 0) {
    uid_t uid = static_cast<uid_t>(launch.uid);
    if (::syscall(SYS_setresuid, uid, uid, uid) != 0)
      giveUp(report, "setresuid");
  }
  ::execve(launch.program.c_str(), launch.argv.data(), launch.env.data());
  giveUp(report, "execve");
}

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
    launch.join = fence_.joinDescriptor();
  }

  int go[2], report[2];
  if (::pipe2(go, O_CLOEXEC) != 0)
    fail("pipe");
  Descriptor goRead(go[0]), goWrite(go[1]);
  if (::pipe2(report, O_CLOEXEC) != 0)
    fail("pipe");
  Descriptor reportRead(report[0]), reportWrite(report[1]);

  pid_t pid = ::fork();
  if (pid < 0)
    fail("fork");
  if (pid == 0)
    becomeChild(launch, go[0], report[1]);
  goRead.reset();
  reportWrite.reset();
  if (launch.join >= 0 && announce)
    announce(pid);
  answer.head["pid"] = pid;
  answer.head["program"] = toLatin1(launch.program);
  if (head.value("hold", false)) {
    // What a reader of /proc/PID/fd must not take for the step's.
    answer.head["plumbing"] = {go[0], report[1], launch.join};
    std::lock_guard<std::mutex> lock(lock_);
    held_[pid] = std::move(goWrite);
    return;
  }
  (void)!::write(goWrite.get(), "g", 1);
  // The pipe closes by exec; whatever comes before that is why there was none.
  Failure failure;
  if (::read(reportRead.get(), &failure, sizeof failure) == sizeof failure) {
    ::waitpid(pid, nullptr, 0);
    fail(std::string(failure.what) + " " + launch.program, failure.number);
  }
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
      left = fence_.kill();
    ::kill(pid, SIGKILL);
  }
  int status = 0;
  if (::waitpid(pid, &status, 0) == pid)
    answer.head["status"] = status;
  {
    std::lock_guard<std::mutex> lock(lock_);
    held_.erase(pid);
  }
  if (fenced && ready != 0 && !fence_.waitEmpty(head.value("graceMs", 1000)))
    left = fence_.kill();
  answer.head["left"] = left;
}

void Steps::kill(const Message &, Message &answer) { answer.head["left"] = fence_.kill(); }

} // namespace tracerig
