// Text on its way to a file, handed on in large pieces.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "mixbern/io/io.hpp"

namespace mixbern::io {

class TextBuffer {
 public:
  explicit TextBuffer(const ByteSink& sink) : sink_(sink) {}

  TextBuffer& operator<<(std::string_view text) {
    text_ += text;
    return *this;
  }
  TextBuffer& operator<<(char c) {
    text_ += c;
    return *this;
  }

  /// Ends a line; now and then hands the lines on.
  void end_line() {
    text_ += '\n';
    if (text_.size() > kPieceBytes) flush();
  }
  /// REQUIRES: called at the end.
  void flush() {
    sink_(text_);
    text_.clear();
  }

 private:
  static constexpr std::size_t kPieceBytes = 64 * 1024;
  const ByteSink& sink_;
  std::string text_;
};

}  // namespace mixbern::io
