// Bytes in: one buffered view over files, pipes, memory and gzip.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mixbern/io/error.hpp"

namespace mixbern::io {

class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  /// Fills the front of `buffer` and returns how much of it; 0 only at the end. Throws InputError.
  virtual std::size_t read(std::span<char> buffer) = 0;
  /// How many bytes there are yet, as far as that is known; 0 otherwise.
  virtual std::uint64_t n_known() const { return 0; }
};

/// A stream of bytes with a look-ahead that grows as far as it is asked to, and only as far as bytes arrive.
class Input {
 public:
  Input(std::string name, std::unique_ptr<ByteSource> source);

  const std::string& name() const { return name_; }
  /// Bytes consumed so far, after decompression.
  std::uint64_t offset() const { return offset_; }

  /// All bytes that are buffered, at least `n_bytes` of them unless the end comes first. Valid until the next
  /// call.
  std::string_view peek(std::size_t n_bytes);
  /// Consumes bytes that peek() showed.
  void skip_buffered(std::size_t n_bytes);
  /// Consumes `n_bytes`; false when the end came first.
  bool skip(std::uint64_t n_bytes);
  /// Fills `bytes`, or throws InputError: `what` is cut short.
  void read(std::span<char> bytes, std::string_view what);

  /// Bytes that are surely to come, as far as that is known: room may be made for so many at once.
  std::uint64_t n_known() const { return end_ - begin_ + source_->n_known(); }
  bool at_end() { return peek(1).empty(); }

  InputError error(std::string reason, std::string remedy = {}) const;
  InputError truncated(std::string_view what) const;

 private:
  void make_room(std::size_t n_bytes);

  std::string name_;
  std::unique_ptr<ByteSource> source_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t offset_ = 0;
  bool source_ended_ = false;
};

/// A file, gzip'ed or not; "-" is standard input.
Input open_input(const std::string& path);
/// The same for bytes in memory, which must outlive the result.
Input open_memory(std::string name, std::string_view bytes);

/// The descriptor of a file that is opened for reading. Throws FileError.
int open_to_read(const std::string& path);

std::unique_ptr<ByteSource> file_source(const std::string& path);
std::unique_ptr<ByteSource> memory_source(std::string_view bytes);
/// Decompresses `compressed`: one or more gzip members, zero padding after them allowed.
std::unique_ptr<ByteSource> gzip_source(Input compressed);

}  // namespace mixbern::io
