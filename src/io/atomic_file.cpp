// A file appears whole under its name, or not at all: temporary file, fsync, rename, fsync of the folder.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <optional>
#include <random>
#include <system_error>
#include <utility>

#include "io/gzip_sink.hpp"
#include "mixbern/io.hpp"

namespace mixbern {
namespace io {
namespace {

constexpr ::mode_t kNewFileMode = 0666;  // less the umask
constexpr int kNameAttempts = 100;

InputError write_error(const std::string& path, const char* what, int code) {
  const char* remedy = "";
  if (code == ENOSPC || code == EDQUOT || code == EFBIG) remedy = "free some space or write elsewhere";
  if (code == ENOENT || code == ENOTDIR) remedy = "the folder must exist";
  if (code == EACCES || code == EPERM || code == EROFS) remedy = "you lack the permission to write there";
  return {Place{path == "-" ? "standard output" : path, 0, 0},
          fmt::format("{}: {}", what, std::generic_category().message(code)), remedy};
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ > STDERR_FILENO) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return number_; }
  int close() { return ::close(std::exchange(number_, -1)); }

 private:
  int number_;
};

void write_all(int descriptor, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ::ssize_t n = ::write(descriptor, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw write_error(path, "cannot write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

// Hands the bytes of `write` to the descriptor, compressed where the name says so.
void write_through(int descriptor, const std::string& path,
                   const std::function<void(const ByteSink&)>& write) {
  const ByteSink plain = [&](std::string_view bytes) { write_all(descriptor, bytes, path); };
  if (!path.ends_with(".gz")) {
    write(plain);
    return;
  }
  GzipSink gzip(plain);
  write([&](std::string_view bytes) { gzip.write(bytes); });
  gzip.finish();
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// Exists from construction to commit(), or is removed.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string target) : target_(std::move(target)) {
    static std::atomic<unsigned> counter = 0;
    std::random_device random;
    for (int attempt = 0; descriptor_ < 0; ++attempt) {
      // Not made from the target's name, which may be as long as names can be.
      name_ =
          fmt::format("{}/.mixbern-{}-{}-{:08x}.tmp", folder_of(target_), ::getpid(), counter++, random());
      descriptor_ = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kNewFileMode);
      const bool taken = descriptor_ < 0 && (errno == EEXIST || errno == EINTR) && attempt < kNameAttempts;
      if (descriptor_ < 0 && !taken) throw write_error(target_, "cannot create a file beside it", errno);
    }
  }

  ~TemporaryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!committed_) ::unlink(name_.c_str());
  }

  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  int descriptor() const { return descriptor_; }

  void commit(std::optional<::mode_t> mode) {
    if (mode && ::fchmod(descriptor_, *mode) != 0)
      throw write_error(target_, "cannot keep its permissions", errno);
    if (::fsync(descriptor_) != 0) throw write_error(target_, "cannot write", errno);
    if (::close(std::exchange(descriptor_, -1)) != 0) throw write_error(target_, "cannot write", errno);
    if (::rename(name_.c_str(), target_.c_str()) != 0) throw write_error(target_, "cannot replace", errno);
    committed_ = true;
    sync_folder();
  }

 private:
  // The file is in place by now; some file systems cannot sync a folder, and that is no failure of the write.
  void sync_folder() const {
    const Descriptor folder(::open(folder_of(target_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() >= 0) ::fsync(folder.get());
  }

  std::string target_;
  std::string name_;
  int descriptor_ = -1;
  bool committed_ = false;
};

void write_directly(const std::string& path, const std::function<void(const ByteSink&)>& write) {
  Descriptor descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kNewFileMode));
  if (descriptor.get() < 0) throw write_error(path, "cannot open", errno);
  write_through(descriptor.get(), path, write);
  if (descriptor.close() != 0) throw write_error(path, "cannot write", errno);
}

// Where a link to a plain file leads, so that the link stays; links under /dev and /proc stand for open
// files.
std::optional<std::string> replaceable(const std::string& path, std::optional<::mode_t>& mode) {
  struct stat status = {};
  struct stat link = {};
  if (::lstat(path.c_str(), &link) != 0) return path;
  if (path.starts_with("/dev/") || path.starts_with("/proc/")) return {};
  if (::stat(path.c_str(), &status) != 0) return {};
  if (S_ISDIR(status.st_mode)) throw write_error(path, "cannot write", EISDIR);
  if (!S_ISREG(status.st_mode)) return {};
  mode = status.st_mode & 07777;
  if (!S_ISLNK(link.st_mode)) return path;
  const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr), &std::free);
  return resolved ? std::optional<std::string>(resolved.get()) : std::nullopt;
}

// A new name shows only here whether the file system takes it.
void check_name(const std::string& path) {
  struct stat status = {};
  if (::lstat(path.c_str(), &status) != 0 && errno != ENOENT) throw write_error(path, "cannot create", errno);
}

}  // namespace
}  // namespace io

void check_writable(const std::string& path) {
  if (path == "-") return;
  if (path.empty()) throw io::write_error(path, "cannot create a file without a name", EINVAL);
  std::optional<::mode_t> mode;
  const std::optional<std::string> target = io::replaceable(path, mode);
  if (!target) return;
  io::check_name(*target);
  const io::TemporaryFile file(*target);
}

void write_file_atomically(const std::string& path, const std::function<void(const ByteSink&)>& write) {
  // Opening /dev/stdout anew would start at the front of a file that the shell redirected to.
  if (path == "-" || path == "/dev/stdout") {
    io::write_through(STDOUT_FILENO, path, write);
    return;
  }
  std::optional<::mode_t> mode;
  const std::optional<std::string> target = io::replaceable(path, mode);
  if (!target) {
    io::write_directly(path, write);
    return;
  }
  io::TemporaryFile file(*target);
  // The name that was asked for says whether to compress, and is the one to name in errors.
  io::write_through(file.descriptor(), path, write);
  file.commit(mode);
}

}  // namespace mixbern
