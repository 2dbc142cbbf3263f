// FPS: hexadecimal bytes, the first bit of a fingerprint in the lowest bit of the first byte, then a tab and
// a name.
#include <algorithm>
#include <string>

#include "io/text_buffer.hpp"
#include "io/writers.hpp"

namespace mixbern::io {

namespace {

std::string on_one_line(std::string_view id) {
  std::string text(id);
  std::ranges::replace_if(
      text, [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return text;
}

}  // namespace

void write_fps(const ByteSink& sink, const Dataset& data) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const BitMatrix rows = to_packed(data.ones);
  TextBuffer text(sink);
  text << "#FPS1";
  text.end_line();
  text << "#num_bits=" << std::to_string(rows.n_features());
  text.end_line();
  for (std::size_t i = 0; i < rows.n_rows(); ++i) {
    for (std::size_t byte = 0; byte < (rows.n_features() + 7) / 8; ++byte) {
      const auto bits = rows.row(i)[byte / 8] >> (byte % 8 * 8) & 0xFF;
      text << kDigits[bits >> 4] << kDigits[bits & 0xF];
    }
    text << '\t';
    if (data.ids.empty()) {
      text << std::to_string(i + 1);
    } else {
      text << on_one_line(data.ids[i]);
    }
    text.end_line();
  }
  text.flush();
}

}  // namespace mixbern::io
