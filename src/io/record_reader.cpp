#include "io/record_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "io/delimited_cells.hpp"

namespace mixbern::io {
namespace {

constexpr std::size_t kMaxRecordBytes = kMaxLineBytes;

}  // namespace

bool RecordReader::next() {
  do {
    if (!lines_.next(text_)) return false;
  } while (blank());
  line_ = lines_.line_number();
  has_quotes_ = text_.find('"') != std::string_view::npos;
  if (has_quotes_) parse_quotes();
  if (decimal_comma_) put_points();
  return true;
}

void RecordReader::put_points() {
  const auto put = [](std::string& text, std::size_t begin, std::size_t end) {
    const std::string_view cell = trimmed(std::string_view(text).substr(begin, end - begin));
    if (has_decimal_comma(cell)) text[text.find(',', begin)] = '.';
  };
  if (has_quotes_) {
    for (const ParsedCell& cell : cells_) put(unquoted_, cell.begin, cell.end);
    return;
  }
  pointed_ = text_;
  for (std::size_t begin = 0; begin < pointed_.size();) {
    const std::size_t end = std::min(pointed_.find(delimiter_, begin), pointed_.size());
    put(pointed_, begin, end);
    begin = end + 1;
  }
  text_ = pointed_;
}

// Tabs alone are a record of empty cells where tabs delimit.
bool RecordReader::blank() const {
  return std::ranges::all_of(text_, [&](char c) { return (c == ' ' || c == '\t') && c != delimiter_; });
}

void RecordReader::parse_quotes() {
  unquoted_.clear();
  cells_.clear();
  const char* p = text_.data();
  const char* end = p + text_.size();
  for (;; ++p) {
    p = parse_cell(p, end);
    if (p == end) return;
  }
}

// Parses the cell that starts at p; returns the delimiter behind it, or `end`, which moves with a line that
// follows.
const char* RecordReader::parse_cell(const char* p, const char*& end) {
  const char* const begin = p;
  while (p != end && (*p == ' ' || *p == '\t') && *p != delimiter_) ++p;
  if (p != end && *p == '"') return parse_quoted(p + 1, end);
  while (p != end && *p != delimiter_) ++p;
  add_plain(begin, p);
  return p;
}

void RecordReader::add_plain(const char* begin, const char* end) {
  const std::string_view cell = trimmed({begin, static_cast<std::size_t>(end - begin)});
  cells_.push_back({unquoted_.size(), unquoted_.size() + cell.size(), false});
  unquoted_ += cell;
}

const char* RecordReader::parse_quoted(const char* p, const char*& end) {
  const std::size_t begin = unquoted_.size();
  for (;; ++p) {
    if (p == end) {
      if (unquoted_.size() > kMaxRecordBytes || !lines_.next(text_)) {
        throw error("a quote that opens here is never closed", "close it, or write a quote in a text twice",
                    cells_.size() + 1);
      }
      unquoted_ += '\n';
      p = text_.data() - 1;  // the loop steps onto the first byte
      end = text_.data() + text_.size();
    } else if (*p != '"') {
      unquoted_ += *p;
    } else if (p + 1 != end && p[1] == '"') {
      unquoted_ += *p++;
    } else {
      break;
    }
  }
  cells_.push_back({begin, unquoted_.size(), true});
  ++p;
  while (p != end && (*p == ' ' || *p == '\t') && *p != delimiter_) ++p;
  if (p != end && *p != delimiter_) {
    throw error("text follows a closing quote", "write a quote in a text twice", cells_.size());
  }
  return p;
}

InputError RecordReader::error(std::string reason, std::string remedy, std::size_t column) const {
  const InputError at_line = lines_.error({});
  return {Place{at_line.place().file, line_, column}, std::move(reason), std::move(remedy)};
}

}  // namespace mixbern::io
