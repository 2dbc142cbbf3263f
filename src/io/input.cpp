#include "io/input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace mixbern::io {
namespace {

// Large enough that system calls cost nothing, small enough for the second-level cache.
constexpr std::size_t kBufferBytes = 256 * 1024;
constexpr std::size_t kFirstBytes = 16 * 1024;
constexpr std::string_view kGzipMagic = "\x1f\x8b";

class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes) : rest_(bytes) {}

  std::size_t read(std::span<char> buffer) override {
    const std::size_t n = std::min(buffer.size(), rest_.size());
    std::copy_n(rest_.data(), n, buffer.data());
    rest_.remove_prefix(n);
    return n;
  }

  std::uint64_t n_known() const override { return rest_.size(); }

 private:
  std::string_view rest_;
};

Input unwrapped(Input input) {
  if (!input.peek(2).starts_with(kGzipMagic)) return input;
  std::string name = input.name();
  return {std::move(name), gzip_source(std::move(input))};
}

}  // namespace

Input::Input(std::string name, std::unique_ptr<ByteSource> source)
    : name_(std::move(name)), source_(std::move(source)) {}

void Input::make_room(std::size_t n_bytes) {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  // Doubling from what has arrived: a size that a file only declares costs no memory.
  if (end_ < buffer_.size()) return;
  const std::size_t doubled = 2 * buffer_.size();
  buffer_.resize(std::max(std::clamp(doubled, kFirstBytes, kBufferBytes), std::min(n_bytes, doubled)));
}

std::string_view Input::peek(std::size_t n_bytes) {
  while (end_ - begin_ < n_bytes && !source_ended_) {
    if (end_ == buffer_.size()) make_room(n_bytes);
    const std::size_t n = source_->read({buffer_.data() + end_, buffer_.size() - end_});
    end_ += n;
    source_ended_ = n == 0;
  }
  return {buffer_.data() + begin_, end_ - begin_};
}

void Input::skip_buffered(std::size_t n_bytes) {
  begin_ += n_bytes;
  offset_ += n_bytes;
  if (begin_ == end_) begin_ = end_ = 0;
}

bool Input::skip(std::uint64_t n_bytes) {
  while (n_bytes > 0) {
    const std::size_t n = std::min<std::uint64_t>(peek(1).size(), n_bytes);
    if (n == 0) return false;
    skip_buffered(n);
    n_bytes -= n;
  }
  return true;
}

void Input::read(std::span<char> bytes, std::string_view what) {
  while (!bytes.empty()) {
    const std::string_view view = peek(1);
    if (view.empty()) throw truncated(what);
    const std::size_t n = std::min(view.size(), bytes.size());
    std::copy_n(view.data(), n, bytes.data());
    skip_buffered(n);
    bytes = bytes.subspan(n);
  }
}

InputError Input::error(std::string reason, std::string remedy) const {
  return {Place{name_, 0, 0}, std::move(reason), std::move(remedy)};
}

InputError Input::truncated(std::string_view what) const {
  return error(fmt::format("the file ends after {} bytes, in {}", offset_, what),
               "it was cut short: copy or download it again");
}

std::unique_ptr<ByteSource> memory_source(std::string_view bytes) {
  return std::make_unique<MemorySource>(bytes);
}

Input open_input(const std::string& path) {
  return unwrapped({path, file_source(path)});
}

Input open_memory(std::string name, std::string_view bytes) {
  return unwrapped({std::move(name), memory_source(bytes)});
}

}  // namespace mixbern::io

namespace mixbern {

std::string read_file(const std::string& path) {
  io::Input input = io::open_input(path);
  std::string bytes;
  while (!input.at_end()) {
    const std::string_view part = input.peek(1);
    bytes.append(part);
    input.skip_buffered(part.size());
  }
  return bytes;
}

}  // namespace mixbern
