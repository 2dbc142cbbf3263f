// Bytes of a plain file from anywhere in it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <ctime>
#include <span>
#include <string>
#include <vector>

namespace mixbern::io {

/// An open file. Several threads may read at once, and what lies ahead of them is asked for before they come
/// to it.
class RandomAccessFile {
 public:
  /// REQUIRES: a plain file, which opening does not change. Throws InputError if it cannot be opened.
  explicit RandomAccessFile(std::string path);
  ~RandomAccessFile();
  RandomAccessFile(const RandomAccessFile&) = delete;
  RandomAccessFile& operator=(const RandomAccessFile&) = delete;

  const std::string& path() const { return path_; }
  std::uint64_t size() const { return size_; }

  /// Fills `bytes` from `offset` on. Throws InputError if the file ends before, cannot be read, or is not
  /// what it was when it was opened.
  void read(std::uint64_t offset, std::span<char> bytes) const;

  /// n values from `offset` on; the memory of `into` is used again.
  template <class T>
  void read(std::uint64_t offset, std::uint64_t n, std::vector<T>& into) const {
    into.resize(n);
    read(offset, {reinterpret_cast<char*>(into.data()), n * sizeof(T)});
  }

 private:
  void check_unchanged() const;
  void read_ahead(std::uint64_t offset, std::uint64_t n_bytes) const;

  std::string path_;
  int descriptor_;
  std::uint64_t size_ = 0;
  std::timespec changed_ = {};
};

}  // namespace mixbern::io
