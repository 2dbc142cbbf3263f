#include "io/random_access_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "io/input.hpp"
#include "mixbern/io/error.hpp"

namespace mixbern::io {
namespace {

// Bytes that are asked for ahead: the disk then has two such windows to work on.
constexpr std::uint64_t kWindow = std::uint64_t{8} << 20;

}  // namespace

RandomAccessFile::RandomAccessFile(std::string path) : path_(std::move(path)) {
  descriptor_ = open_to_read(path_);
  struct ::stat status = {};
  if (::fstat(descriptor_, &status) != 0) return;
  size_ = static_cast<std::uint64_t>(status.st_size);
  changed_ = status.st_mtim;
}

RandomAccessFile::~RandomAccessFile() {
  ::close(descriptor_);
}

void RandomAccessFile::read(std::uint64_t offset, std::span<char> bytes) const {
  check_unchanged();
  read_ahead(offset, bytes.size());
  while (!bytes.empty()) {
    const ::ssize_t n = ::pread(descriptor_, bytes.data(), bytes.size(), static_cast<::off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw FileError(Place{path_}, "cannot read", errno);
    if (n == 0) {
      throw InputError(Place{path_}, fmt::format("the file ends at byte {}, before its last row", offset),
                       "it was cut short: copy or download it again");
    }
    offset += static_cast<std::uint64_t>(n);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

void RandomAccessFile::check_unchanged() const {
  struct ::stat status = {};
  const bool same = ::fstat(descriptor_, &status) == 0 &&
                    static_cast<std::uint64_t>(status.st_size) == size_ &&
                    status.st_mtim.tv_sec == changed_.tv_sec && status.st_mtim.tv_nsec == changed_.tv_nsec;
  if (same) return;
  throw InputError(Place{path_}, "the file was changed while it was read",
                   "start again once nothing writes to it");
}

// Whoever comes to a new window asks for the one behind it.
void RandomAccessFile::read_ahead(std::uint64_t offset, std::uint64_t n_bytes) const {
  const std::uint64_t window = offset / kWindow;
  if (offset % kWindow != 0 && (offset + n_bytes) / kWindow == window) return;
  ::posix_fadvise(descriptor_, static_cast<::off_t>((window + 1) * kWindow), 2 * kWindow,
                  POSIX_FADV_WILLNEED);
}

}  // namespace mixbern::io
