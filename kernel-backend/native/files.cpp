#include "files.hpp"
#include "descriptor.hpp"
#include "errors.hpp"
#include "text.hpp"

#include <algorithm>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <vector>

namespace tracerig::files {

static std::string pathOf(const json &from) { return fromLatin1(from.at("path").get<std::string>()); }

/** `uid` and `gid` of a call, for what it makes. */
struct Owner {
  explicit Owner(const json &head) : uid(head.value("uid", -1L)), gid(head.value("gid", -1L)) {}
  void own(const std::string &path) const {
    if ((uid >= 0 || gid >= 0) && ::lchown(path.c_str(), static_cast<uid_t>(uid), static_cast<gid_t>(gid)) != 0)
      fail("chown " + path);
  }
  long uid, gid;
};

/** Makes the folders above `path` that are missing, and notes them. */
static void makeParents(const std::string &path, const Owner &owner, json &made) {
  for (size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    std::string folder = path.substr(0, slash);
    if (::mkdir(folder.c_str(), 0755) == 0) {
      made.push_back(toLatin1(folder));
      owner.own(folder);
    } else if (errno != EEXIST) {
      fail("mkdir " + folder);
    }
  }
}

static void writeAll(int fd, const char *bytes, size_t length, const std::string &path) {
  while (length > 0) {
    ssize_t put = ::write(fd, bytes, length);
    if (put < 0 && errno == EINTR)
      continue;
    if (put < 0)
      fail("write " + path);
    bytes += put;
    length -= static_cast<size_t>(put);
  }
}

void given(const Message &request, Message &answer) {
  json &made = answer.head["made"] = json::array();
  bool exclusive = request.head.value("exclusive", false);
  Owner owner(request.head);
  size_t offset = 0;
  for (const json &file : request.head.at("files")) {
    std::string path = pathOf(file);
    size_t size = file.at("size").get<size_t>();
    if (size > request.bytes.size() - offset)
      throw SystemError("contents of " + path + " are missing", EINVAL);
    makeParents(path, owner, made);
    int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (exclusive ? O_EXCL : O_TRUNC);
    Descriptor fd(::open(path.c_str(), flags, 0600));
    if (!fd)
      fail("open " + path);
    made.push_back(toLatin1(path));
    writeAll(fd.get(), request.bytes.data() + offset, size, path);
    offset += size;
    owner.own(path);
    if (::fchmod(fd.get(), file.at("mode").get<mode_t>()) != 0)
      fail("chmod " + path);
  }
}

/** Identity of the mount that an opened file is on: a bind mount has the device of the folder around it. */
static uint64_t mountOf(int fd) {
  struct statx facts;
  if (::statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &facts) != 0 || !(facts.stx_mask & STATX_MNT_ID))
    throw SystemError("the kernel does not tell mounts apart: nothing is removed", ENOTSUP);
  return facts.stx_mnt_id;
}

/** What `name` in a folder names, with all below it; never through a link, and never what is on another mount. */
static void removeEntry(int parent, const char *name, uint64_t mount) {
  if (::unlinkat(parent, name, 0) == 0 || errno == ENOENT)
    return;
  Descriptor folder(::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder || mountOf(folder.get()) != mount)
    return;
  std::vector<std::string> names;
  // The stream closes its descriptor.
  DIR *stream = ::fdopendir(::fcntl(folder.get(), F_DUPFD_CLOEXEC, 0));
  while (dirent *entry = stream == nullptr ? nullptr : ::readdir(stream))
    if (std::string entryName = entry->d_name; entryName != "." && entryName != "..")
      names.push_back(entryName);
  if (stream != nullptr)
    ::closedir(stream);
  for (const std::string &entry : names)
    removeEntry(folder.get(), entry.c_str(), mount);
  ::unlinkat(parent, name, AT_REMOVEDIR);
}

static void removeTree(const std::string &path) {
  size_t slash = path.find_last_of('/');
  std::string above = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  Descriptor parent(::open(above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (parent)
    removeEntry(parent.get(), path.c_str() + (slash == std::string::npos ? 0 : slash + 1), mountOf(parent.get()));
}

void makeFolder(const Message &request, Message &answer) {
  std::string path = pathOf(request.head);
  if (request.head.value("fresh", false))
    removeTree(path);
  json &made = answer.head["made"] = json::array();
  makeParents(path + "/", Owner(request.head), made);
  if (::chmod(path.c_str(), request.head.value("mode", 0755)) != 0)
    fail("chmod " + path);
}

void remove(const Message &request, Message &) {
  bool tree = request.head.value("tree", false);
  for (const json &entry : request.head.at("paths")) {
    std::string path = fromLatin1(entry.get<std::string>());
    if (tree)
      removeTree(path);
    else if (::remove(path.c_str()) != 0 && errno != ENOENT && errno != ENOTEMPTY)
      fail("remove " + path);
  }
}

void read(const Message &request, Message &answer) {
  std::string path = pathOf(request.head);
  size_t limit = request.head.value("limit", size_t{64} << 20);
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd)
    fail("open " + path);
  struct stat facts;
  if (::fstat(fd.get(), &facts) != 0)
    fail("stat " + path);
  if (S_ISDIR(facts.st_mode))
    throw SystemError("read " + path, EISDIR);
  off_t offset = request.head.value("offset", off_t{0});
  if (offset > 0 && ::lseek(fd.get(), offset, SEEK_SET) < 0)
    fail("seek " + path);
  char chunk[65536];
  while (answer.bytes.size() < limit) {
    ssize_t got = ::read(fd.get(), chunk, std::min(sizeof chunk, limit - answer.bytes.size()));
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      fail("read " + path);
    if (got == 0)
      break;
    answer.bytes.append(chunk, static_cast<size_t>(got));
  }
  answer.head["size"] = facts.st_size;
}

static std::string nanoseconds(const struct statx_timestamp &time) {
  return std::to_string(time.tv_sec * 1'000'000'000LL + time.tv_nsec);
}

/** Capabilities that the file gives to who executes it, as the attribute's bytes in hexadecimal digits. */
static void addCapability(const std::string &path, json &answer) {
  char value[64];
  ssize_t length = ::lgetxattr(path.c_str(), "security.capability", value, sizeof value);
  if (length < 0)
    return;
  static const char digits[] = "0123456789abcdef";
  std::string hex;
  for (ssize_t at = 0; at < length; ++at) {
    auto byte = static_cast<unsigned char>(value[at]);
    hex += {digits[byte >> 4], digits[byte & 15]};
  }
  answer["capability"] = hex;
}

void stat(const Message &request, Message &answer) {
  std::string path = pathOf(request.head);
  struct statx facts;
  if (::statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_BTIME, &facts) != 0) {
    if (errno != ENOENT && errno != ENOTDIR)
      fail("stat " + path);
    answer.head["exists"] = false;
    return;
  }
  answer.head.update({{"exists", true},
                      {"mode", facts.stx_mode},
                      {"size", facts.stx_size},
                      {"uid", facts.stx_uid},
                      {"gid", facts.stx_gid},
                      {"inode", facts.stx_ino},
                      {"dev", ::makedev(facts.stx_dev_major, facts.stx_dev_minor)},
                      {"rdev", ::makedev(facts.stx_rdev_major, facts.stx_rdev_minor)},
                      {"nlink", facts.stx_nlink},
                      {"changedNs", nanoseconds(facts.stx_ctime)}});
  if (facts.stx_mask & STATX_BTIME)
    answer.head["bornNs"] = nanoseconds(facts.stx_btime);
  if (S_ISREG(facts.stx_mode))
    addCapability(path, answer.head);
  if (S_ISLNK(facts.stx_mode)) {
    std::string target(4096, '\0');
    ssize_t length = ::readlink(path.c_str(), target.data(), target.size());
    if (length >= 0)
      answer.head["target"] = toLatin1(target.substr(0, static_cast<size_t>(length)));
  }
}

void list(const Message &request, Message &answer) {
  std::string path = pathOf(request.head);
  DIR *folder = ::opendir(path.c_str());
  if (folder == nullptr)
    fail("open " + path);
  std::vector<std::string> names;
  while (dirent *entry = ::readdir(folder)) {
    std::string name = entry->d_name;
    if (name != "." && name != "..")
      names.push_back(toLatin1(name));
  }
  ::closedir(folder);
  std::sort(names.begin(), names.end());
  answer.head["names"] = names;
}

void room(const Message &request, Message &answer) {
  std::string path = pathOf(request.head);
  struct statvfs facts;
  if (::statvfs(path.c_str(), &facts) != 0)
    fail("statvfs " + path);
  answer.head["free"] = facts.f_bavail * facts.f_frsize;
}

} // namespace tracerig::files
