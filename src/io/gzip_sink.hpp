// Bytes out, compressed.
#pragma once

#include <memory>
#include <string_view>

#include "mixbern/io/io.hpp"

namespace mixbern::io {

/// Compresses what it is given and hands it on. No time stamp, no name: equal input gives equal bytes.
class GzipSink {
 public:
  explicit GzipSink(ByteSink next);
  ~GzipSink();
  GzipSink(const GzipSink&) = delete;
  GzipSink& operator=(const GzipSink&) = delete;

  void write(std::string_view bytes);
  /// Writes what is left. REQUIRES: called once, at the end.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mixbern::io
