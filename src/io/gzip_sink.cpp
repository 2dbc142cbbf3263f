#include "io/gzip_sink.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <utility>

namespace mixbern::io {

struct GzipSink::State {
  ByteSink next;
  z_stream stream = {};
  std::array<char, 64 * 1024> buffer = {};

  void deflate_all(int flush) {
    int status = Z_OK;
    do {
      stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream.avail_out = static_cast<uInt>(buffer.size());
      status = deflate(&stream, flush);
      next({buffer.data(), buffer.size() - stream.avail_out});
    } while (stream.avail_out == 0 || (flush == Z_FINISH && status != Z_STREAM_END));
  }
};

GzipSink::GzipSink(ByteSink next) : state_(std::make_unique<State>()) {
  state_->next = std::move(next);
  // zlib.h: + 16 asks for the gzip wrapper, whose header has no time and no name unless it is given them.
  if (deflateInit2(&state_->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    throw std::bad_alloc();
  }
}

GzipSink::~GzipSink() {
  deflateEnd(&state_->stream);
}

void GzipSink::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, std::numeric_limits<uInt>::max());
    // zlib does not write through next_in, but its C interface takes it without const.
    state_->stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(part.data()));
    state_->stream.avail_in = static_cast<uInt>(part.size());
    state_->deflate_all(Z_NO_FLUSH);
    bytes.remove_prefix(part.size());
  }
}

void GzipSink::finish() {
  state_->deflate_all(Z_FINISH);
}

}  // namespace mixbern::io
