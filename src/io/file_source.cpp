#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "io/input.hpp"

namespace mixbern::io {
namespace {

FileError system_error(const std::string& path, const char* what, int code) {
  const char* remedy = "";
  if (code == ENOENT) remedy = "check the name and the folder";
  if (code == EACCES) remedy = "you lack the permission to read it";
  return {Place{path, 0, 0}, what, code, remedy};
}

class FileSource : public ByteSource {
 public:
  explicit FileSource(const std::string& path) : path_(path) {
    if (path == "-") return;
    descriptor_ = open_to_read(path);
    struct ::stat status = {};
    if (::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode)) {
      n_left_ = static_cast<std::uint64_t>(status.st_size);
    }
  }

  ~FileSource() override {
    if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
  }

  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  std::size_t read(std::span<char> buffer) override {
    for (;;) {
      const ::ssize_t n = ::read(descriptor_, buffer.data(), buffer.size());
      if (n >= 0) {
        n_left_ -= std::min(n_left_, static_cast<std::uint64_t>(n));
        return static_cast<std::size_t>(n);
      }
      if (errno == EISDIR) throw InputError(Place{path_, 0, 0}, "is a directory", "name a file in it");
      if (errno != EINTR) throw system_error(path_, "cannot read", errno);
    }
  }

  std::uint64_t n_known() const override { return n_left_; }

 private:
  std::string path_;
  int descriptor_ = STDIN_FILENO;
  std::uint64_t n_left_ = 0;  // of a regular file
};

}  // namespace

int open_to_read(const std::string& path) {
  for (;;) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor >= 0) return descriptor;
    if (errno != EINTR) throw system_error(path, "cannot open", errno);
  }
}

std::unique_ptr<ByteSource> file_source(const std::string& path) {
  return std::make_unique<FileSource>(path);
}

}  // namespace mixbern::io
