#include "io/message.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "io/utf8.hpp"

namespace mixbern::io {
namespace {

constexpr std::size_t kShownCharacters = 40;

// U+0080 … U+009F are control characters too, and some terminals obey them.
bool is_c1_control(std::string_view sequence) {
  return sequence.size() == 2 && sequence[0] == '\xC2' && static_cast<unsigned char>(sequence[1]) < 0xA0;
}

void append_escaped_byte(std::string& result, char c) {
  switch (c) {
    case '\n':
      result += "\\n";
      break;
    case '\r':
      result += "\\r";
      break;
    case '\t':
      result += "\\t";
      break;
    default:
      result += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
}

// Appends the first character of `text` and returns how many bytes it took.
std::size_t append_escaped(std::string& result, std::string_view text) {
  const std::size_t length = utf8_sequence(text);
  const auto lead = static_cast<unsigned char>(text[0]);
  if (length == 0 || lead < 0x20 || lead == 0x7F) {
    append_escaped_byte(result, text[0]);
    return 1;
  }
  const std::string_view sequence = text.substr(0, length);
  if (is_c1_control(sequence)) {
    for (const char c : sequence) append_escaped_byte(result, c);
  } else {
    result += sequence;
  }
  return length;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) i += append_escaped(result, text.substr(i));
  return result;
}

std::string in_quotes(std::string_view text) {
  std::string result = "'";
  std::size_t i = 0;
  for (std::size_t shown = 0; i < text.size() && shown < kShownCharacters; ++shown) {
    i += append_escaped(result, text.substr(i));
  }
  if (i < text.size()) result += "…";
  return result + "'";
}

std::string listed(std::span<const std::string> texts, std::size_t limit) {
  std::string result;
  for (std::size_t i = 0; i < std::min(texts.size(), limit); ++i) {
    if (i > 0) result += ", ";
    result += texts[i];
  }
  if (texts.size() > limit) result += fmt::format(" and {} more", texts.size() - limit);
  return result;
}

std::string wrong_number_of_cells(std::size_t found, std::size_t expected) {
  return fmt::format("{} cell{} where {} {} expected", found, found == 1 ? "" : "s", expected,
                     expected == 1 ? "is" : "are");
}

}  // namespace mixbern::io
