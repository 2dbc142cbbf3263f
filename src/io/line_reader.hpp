// Lines of text, without copying them.
#pragma once

#include <cstddef>
#include <string_view>

#include "io/input.hpp"

namespace mixbern::io {

/// Longer lines are refused, so that a file without line ends cannot fill the memory.
inline constexpr std::size_t kMaxLineBytes = std::size_t{64} << 20;

class LineReader {
 public:
  explicit LineReader(Input& input) : input_(input) {}

  /// The next line without its end (\n or \r\n), valid until the next call; false at the end of the input.
  /// Throws InputError on a NUL byte or a line longer than kMaxLineBytes.
  bool next(std::string_view& line);

  /// Number of the line that next() gave last, from 1.
  std::size_t line_number() const { return line_number_; }

  InputError error(std::string reason, std::string remedy = {}, std::size_t column = 0) const;

 private:
  Input& input_;
  std::size_t line_number_ = 0;
  std::size_t pending_ = 0;  // bytes of the last line, consumed when the caller is done with it
};

/// Skips a UTF-8 byte order mark; throws InputError for UTF-16, which a NUL byte would report less clearly.
void skip_byte_order_mark(Input& input);

}  // namespace mixbern::io
