#include "io/line_reader.hpp"

#include <fmt/format.h>

#include <cstring>
#include <utility>

namespace mixbern::io {
namespace {

std::size_t find_byte(std::string_view text, char byte, std::size_t from) {
  const void* found = std::memchr(text.data() + from, byte, text.size() - from);
  if (found == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

}  // namespace

bool LineReader::next(std::string_view& line) {
  input_.skip_buffered(std::exchange(pending_, 0));
  std::size_t searched = 0;
  std::string_view view = input_.peek(1);
  if (view.empty()) return false;
  ++line_number_;
  std::size_t end = find_byte(view, '\n', 0);
  while (end == std::string_view::npos) {
    searched = view.size();
    if (searched > kMaxLineBytes) {
      throw error(fmt::format("the line is longer than {} MiB", kMaxLineBytes >> 20),
                  "is it text? Wide tables read better as .npy or .mtx");
    }
    view = input_.peek(searched + 1);
    if (view.size() == searched) break;
    end = find_byte(view, '\n', searched);
  }
  pending_ = end == std::string_view::npos ? view.size() : end + 1;
  line = view.substr(0, end == std::string_view::npos ? view.size() : end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  const std::size_t nul = find_byte(line, '\0', 0);
  if (nul != std::string_view::npos) {
    throw error(fmt::format("a NUL byte (byte {} of the line); this is no text file", nul + 1),
                "name the format with --format, or save the file as UTF-8 text");
  }
  return true;
}

InputError LineReader::error(std::string reason, std::string remedy, std::size_t column) const {
  return {Place{input_.name(), line_number_, column}, std::move(reason), std::move(remedy)};
}

void skip_byte_order_mark(Input& input) {
  const std::string_view start = input.peek(3);
  if (start.starts_with("\xEF\xBB\xBF")) input.skip_buffered(3);
  if (start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF")) {
    throw input.error("the text is UTF-16", "save it as UTF-8");
  }
}

}  // namespace mixbern::io
