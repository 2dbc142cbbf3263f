#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

#include "io/input.hpp"

namespace mixbern::io {
namespace {

constexpr int kGzipWindowBits = 15 + 16;  // zlib.h: + 16 asks for the gzip wrapper
constexpr std::string_view kMagic = "\x1f\x8b";

class GzipSource : public ByteSource {
 public:
  explicit GzipSource(Input compressed) : compressed_(std::move(compressed)) {
    if (inflateInit2(&stream_, kGzipWindowBits) != Z_OK) throw std::bad_alloc();
  }

  ~GzipSource() override { inflateEnd(&stream_); }

  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  std::size_t read(std::span<char> buffer) override {
    std::size_t n = 0;
    while (n == 0 && !(member_ended_ && !start_next_member())) n = inflate_some(buffer);
    return n;
  }

 private:
  std::size_t inflate_some(std::span<char> buffer) {
    const std::string_view input = compressed_.peek(1);
    if (input.empty()) throw compressed_.truncated("the compressed data");
    constexpr std::size_t kMax = std::numeric_limits<uInt>::max();
    // zlib does not write through next_in, but its C interface takes it without const.
    stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(input.data()));
    stream_.avail_in = static_cast<uInt>(std::min(input.size(), kMax));
    stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream_.avail_out = static_cast<uInt>(std::min(buffer.size(), kMax));
    const uInt before_in = stream_.avail_in;
    const uInt before_out = stream_.avail_out;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) throw corrupt();
    compressed_.skip_buffered(before_in - stream_.avail_in);
    member_ended_ = status == Z_STREAM_END;
    return before_out - stream_.avail_out;
  }

  // After a member: another one, zero padding (as tape tools leave it), or the end.
  bool start_next_member() {
    while (!compressed_.at_end()) {
      const std::string_view rest = compressed_.peek(2);
      if (rest.starts_with(kMagic)) {
        if (inflateReset(&stream_) != Z_OK) throw corrupt();
        member_ended_ = false;
        return true;
      }
      const std::size_t zeros = std::min(rest.find_first_not_of('\0'), rest.size());
      if (zeros == 0) throw corrupt();
      compressed_.skip_buffered(zeros);
    }
    return false;
  }

  InputError corrupt() const {
    return compressed_.error(fmt::format("the compressed data is damaged near byte {}", compressed_.offset()),
                             "copy or download the file again");
  }

  Input compressed_;
  z_stream stream_ = {};
  bool member_ended_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> gzip_source(Input compressed) {
  return std::make_unique<GzipSource>(std::move(compressed));
}

}  // namespace mixbern::io
