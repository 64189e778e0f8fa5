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
  /** Whatever stands in its place by now: never what a link leads to. */
  void own(int folder, const std::string &name, const std::string &path) const {
    if ((uid >= 0 || gid >= 0) &&
        ::fchownat(folder, name.c_str(), static_cast<uid_t>(uid), static_cast<gid_t>(gid), AT_SYMLINK_NOFOLLOW) != 0)
      fail("chown " + path);
  }
  long uid, gid;
};

/** The folder above something, opened, and the name in it. */
struct Place {
  Descriptor folder;
  std::string name;
};

/**
 * A folder on the way to what is made or removed. Those who own a folder on that way may put a link in another's place
 * at any moment; links are followed only where root, or whoever we are, has made them.
 */
static Descriptor enter(int above, const std::string &name, const std::string &path) {
  Descriptor folder(::openat(above, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  struct stat facts;
  if (!folder || ::fstat(folder.get(), &facts) != 0)
    fail("open " + path);
  if (!S_ISLNK(facts.st_mode))
    return folder;
  if (facts.st_uid != 0 && facts.st_uid != ::geteuid())
    throw SystemError("not followed: the link " + path + " of user " + std::to_string(facts.st_uid), ELOOP);
  Descriptor target(::openat(above, name.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!target)
    fail("open " + path);
  return target;
}

/** Walks to the folder above `path`; `missing` is asked to make a folder that may not be there yet. */
template <typename Missing> static Place walk(const std::string &path, Missing missing) {
  bool absolute = !path.empty() && path[0] == '/';
  Descriptor folder(::open(absolute ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder)
    fail("open the folder of " + path);
  size_t begin = path.find_first_not_of('/');
  std::string name = begin == std::string::npos ? "." : path.substr(begin);
  for (size_t slash = name.find('/'); slash != std::string::npos; slash = name.find('/')) {
    std::string part = name.substr(0, slash);
    size_t next = name.find_first_not_of('/', slash);
    name = next == std::string::npos ? "." : name.substr(next);
    std::string at = path.substr(0, path.size() - (next == std::string::npos ? 0 : name.size()));
    at.erase(at.find_last_not_of('/') + 1);
    missing(folder.get(), part, at);
    folder = enter(folder.get(), part, at);
  }
  return {std::move(folder), name};
}

/** The folder above `path`; makes those that are missing, and notes them. */
static Place makeParents(const std::string &path, const Owner &owner, json &made) {
  return walk(path, [&](int above, const std::string &name, const std::string &folder) {
    if (::mkdirat(above, name.c_str(), 0755) == 0) {
      made.push_back(toLatin1(folder));
      owner.own(above, name, folder);
    } else if (errno != EEXIST) {
      fail("mkdir " + folder);
    }
  });
}

/** The folder above `path`, as far as it is there. @throws SystemError */
static Place placeOf(const std::string &path) {
  return walk(path, [](int, const std::string &, const std::string &) {});
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
    Place place = makeParents(path, owner, made);
    int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (exclusive ? O_EXCL : O_TRUNC);
    Descriptor fd(::openat(place.folder.get(), place.name.c_str(), flags, 0600));
    if (!fd)
      fail("open " + path);
    made.push_back(toLatin1(path));
    writeAll(fd.get(), request.bytes.data() + offset, size, path);
    offset += size;
    if ((owner.uid >= 0 || owner.gid >= 0) &&
        ::fchown(fd.get(), static_cast<uid_t>(owner.uid), static_cast<gid_t>(owner.gid)) != 0)
      fail("chown " + path);
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
  Place place;
  try {
    place = placeOf(path);
  } catch (const SystemError &error) {
    // Nothing is there.
    if (error.number == ENOENT || error.number == ENOTDIR)
      return;
    throw;
  }
  Descriptor folder(::openat(place.folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder)
    removeEntry(folder.get(), place.name.c_str(), mountOf(folder.get()));
}

void makeFolder(const Message &request, Message &answer) {
  std::string path = pathOf(request.head);
  if (request.head.value("fresh", false))
    removeTree(path);
  json &made = answer.head["made"] = json::array();
  Place place = makeParents(path + "/", Owner(request.head), made);
  Descriptor folder(::openat(place.folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || ::fchmod(folder.get(), request.head.value("mode", 0755)) != 0)
    fail("chmod " + path);
}

/** A file, or an empty folder. */
static void removeOne(const std::string &path) {
  try {
    Place place = placeOf(path);
    int at = place.folder.get();
    if (::unlinkat(at, place.name.c_str(), 0) == 0 ||
        (errno == EISDIR && ::unlinkat(at, place.name.c_str(), AT_REMOVEDIR) == 0))
      return;
    fail("remove " + path);
  } catch (const SystemError &error) {
    if (error.number != ENOENT && error.number != ENOTEMPTY)
      throw;
  }
}

void remove(const Message &request, Message &) {
  bool tree = request.head.value("tree", false);
  for (const json &entry : request.head.at("paths")) {
    std::string path = fromLatin1(entry.get<std::string>());
    if (tree)
      removeTree(path);
    else
      removeOne(path);
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
