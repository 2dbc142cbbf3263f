#include "io/temporary_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string_view>
#include <utility>

namespace mixbern::io {
namespace {

constexpr ::mode_t kOwnerOnly = 0600;
constexpr ::mode_t kRights = 07777;
constexpr int kSlots = 100;        // files that are written under one name at once
constexpr int kSlotsLookedAt = 8;  // for what was left behind

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// FNV-1a: the hidden name is short however long the target's is.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

bool is_name_of(const std::string& name, int descriptor) {
  struct stat named = {};
  struct stat open = {};
  return ::lstat(name.c_str(), &named) == 0 && ::fstat(descriptor, &open) == 0 &&
         named.st_dev == open.st_dev && named.st_ino == open.st_ino;
}

// False if another process has it. Some file systems know no locks, and there nothing is ever taken for left
// behind.
bool lock(int descriptor) {
  return ::flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

std::string own_path(int descriptor) {
  return fmt::format("/proc/self/fd/{}", descriptor);
}

}  // namespace

FileError write_error(const std::string& path, const char* what, int code) {
  const char* remedy = "";
  if (code == ENOSPC || code == EDQUOT || code == EFBIG) remedy = "free some space or write elsewhere";
  if (code == ENOENT || code == ENOTDIR) remedy = "the folder must exist";
  if (code == EACCES || code == EPERM || code == EROFS) remedy = "you lack the permission to write there";
  return {Place{path == "-" ? "standard output" : path, 0, 0}, what, code, remedy};
}

std::string hidden_name(const std::string& target, int slot) {
  const std::string_view name = std::string_view(target).substr(target.rfind('/') + 1);
  return fmt::format("{}/.mixbern-{:016x}-{}.tmp", folder_of(target), hash_of(name), slot);
}

TemporaryFile::TemporaryFile(std::string target) : target_(std::move(target)) {
  remove_left_over();
  open_without_name();
  if (descriptor_ < 0) open_hidden();
  struct stat made = {};
  if (::fstat(descriptor_, &made) == 0) mode_ = made.st_mode & kRights;
  ::fchmod(descriptor_, kOwnerOnly);
}

TemporaryFile::~TemporaryFile() {
  if (!name_.empty()) ::unlink(name_.c_str());
  if (descriptor_ >= 0) ::close(descriptor_);
}

void TemporaryFile::commit() {
  keep_rights();
  if (::fsync(descriptor_) != 0) throw write_error(target_, "cannot write", errno);
  if (!name_.empty() || !link_target()) {
    if (name_.empty()) link_hidden();
    if (::rename(name_.c_str(), target_.c_str()) != 0) throw write_error(target_, "cannot replace", errno);
    name_.clear();
  }
  sync_folder();
}

void TemporaryFile::remove_left_over() const {
  for (int slot = 0; slot < kSlotsLookedAt; ++slot) {
    const std::string name = hidden_name(target_, slot);
    const int left = ::open(name.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (left < 0) continue;
    // Whoever writes it has the lock until the name is gone.
    if (::flock(left, LOCK_EX | LOCK_NB) == 0 && is_name_of(name, left)) ::unlink(name.c_str());
    ::close(left);
  }
}

void TemporaryFile::open_without_name() {
  descriptor_ = ::open(folder_of(target_).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, kNewFileMode);
  if (descriptor_ < 0) return;
  lock(descriptor_);
  // The only way to give it a name leads through here.
  if (::access(own_path(descriptor_).c_str(), F_OK) != 0) ::close(std::exchange(descriptor_, -1));
}

void TemporaryFile::open_hidden() {
  for (int slot = 0; slot < kSlots; ++slot) {
    name_ = hidden_name(target_, slot);
    do descriptor_ = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kNewFileMode);
    while (descriptor_ < 0 && errno == EINTR);
    // It may be taken for left behind before it is locked.
    if (descriptor_ >= 0 && lock(descriptor_) && is_name_of(name_, descriptor_)) return;
    const int code = descriptor_ >= 0 ? EEXIST : errno;
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
    name_.clear();
    if (code != EEXIST) throw write_error(target_, "cannot create a file beside it", code);
  }
  throw write_error(target_, "cannot create a file beside it", EEXIST);
}

void TemporaryFile::keep_rights() const {
  ::mode_t mode = mode_;
  struct stat old = {};
  struct stat own = {};
  if (::lstat(target_.c_str(), &old) == 0 && S_ISREG(old.st_mode) && ::fstat(descriptor_, &own) == 0) {
    mode = old.st_mode & kRights;
    const bool same = old.st_uid == own.st_uid && old.st_gid == own.st_gid;
    if (!same && ::fchown(descriptor_, old.st_uid, old.st_gid) != 0 &&
        ::fchown(descriptor_, static_cast<::uid_t>(-1), old.st_gid) != 0) {
      mode &= ~static_cast<::mode_t>(S_ISUID | S_ISGID);
    }
  }
  if (::fchmod(descriptor_, mode) != 0) throw write_error(target_, "cannot keep its permissions", errno);
}

// Gives it the target's name where that is free.
bool TemporaryFile::link_target() {
  return ::linkat(AT_FDCWD, own_path(descriptor_).c_str(), AT_FDCWD, target_.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

// A link cannot replace a file, only a name can be renamed over another.
void TemporaryFile::link_hidden() {
  const std::string own = own_path(descriptor_);
  for (int slot = 0; slot < kSlots; ++slot) {
    // Known before it is given: nothing can fail between the two.
    name_ = hidden_name(target_, slot);
    if (::linkat(AT_FDCWD, own.c_str(), AT_FDCWD, name_.c_str(), AT_SYMLINK_FOLLOW) == 0) return;
    const int code = errno;
    name_.clear();
    if (code != EEXIST) throw write_error(target_, "cannot create a file beside it", code);
  }
  throw write_error(target_, "cannot create a file beside it", EEXIST);
}

// The file is in place by now; some file systems cannot sync a folder, and that is no failure of the write.
void TemporaryFile::sync_folder() const {
  const int folder = ::open(folder_of(target_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  ::fsync(folder);
  ::close(folder);
}

}  // namespace mixbern::io
