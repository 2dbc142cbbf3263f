// A file appears whole under its name, or not at all: temporary file, fsync, rename, fsync of the folder.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>

#include "io/gzip_sink.hpp"
#include "io/temporary_file.hpp"
#include "mixbern/io/io.hpp"

namespace mixbern {
namespace io {
namespace {

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

void write_directly(const std::string& path, const std::function<void(const ByteSink&)>& write) {
  Descriptor descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kNewFileMode));
  if (descriptor.get() < 0) throw write_error(path, "cannot open", errno);
  write_through(descriptor.get(), path, write);
  if (descriptor.close() != 0) throw write_error(path, "cannot write", errno);
}

// Where a link to a plain file leads, so that the link stays; links under /dev and /proc stand for open
// files.
std::optional<std::string> replaceable(const std::string& path) {
  struct stat status = {};
  struct stat link = {};
  if (::lstat(path.c_str(), &link) != 0) return path;
  if (path.starts_with("/dev/") || path.starts_with("/proc/")) return {};
  if (::stat(path.c_str(), &status) != 0) return {};
  if (S_ISDIR(status.st_mode)) throw write_error(path, "cannot write", EISDIR);
  if (!S_ISREG(status.st_mode)) return {};
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
  const std::optional<std::string> target = io::replaceable(path);
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
  const std::optional<std::string> target = io::replaceable(path);
  if (!target) {
    io::write_directly(path, write);
    return;
  }
  io::TemporaryFile file(*target);
  // The name that was asked for says whether to compress, and is the one to name in errors.
  io::write_through(file.descriptor(), path, write);
  file.commit();
}

}  // namespace mixbern
