// Records of delimited text: lines, unless quotes hold line ends.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "io/line_reader.hpp"
#include "io/values.hpp"

namespace mixbern::io {

class RecordReader {
 public:
  /// `decimal_comma`: cells that are numbers like 0,38 are given as 0.38.
  RecordReader(Input& input, char delimiter, bool decimal_comma = false)
      : lines_(input), delimiter_(delimiter), decimal_comma_(decimal_comma) {}

  /// Goes to the next record, past empty lines; false at the end. Throws InputError for quotes that do not
  /// close.
  bool next();

  /// Line on which the record starts.
  std::size_t line() const { return line_; }

  /// Calls visit(column, cell) for the first `limit` cells, trimmed and without quotes, and returns how many
  /// cells the record has. A cell lives until next().
  template <class Visit>
  std::size_t for_each_cell(std::size_t limit, Visit visit) const {
    return has_quotes_ ? visit_parsed(limit, visit) : visit_plain(limit, visit);
  }

  /// The record as it stands in the file; empty when there are quotes in it.
  std::string_view plain_text() const { return has_quotes_ ? std::string_view() : text_; }
  char delimiter() const { return delimiter_; }

  /// Whether the cell stood in quotes.
  bool was_quoted(std::size_t column) const { return has_quotes_ && cells_[column].quoted; }

  InputError error(std::string reason, std::string remedy, std::size_t column = 0) const;

 private:
  struct ParsedCell {
    std::size_t begin;
    std::size_t end;
    bool quoted;
  };

  template <class Visit>
  std::size_t visit_plain(std::size_t limit, Visit visit) const {
    const char* p = text_.data();
    const char* const end = p + text_.size();
    for (std::size_t column = 0;; ++column, ++p) {
      const char* const begin = p;
      while (p != end && *p != delimiter_) ++p;
      if (column < limit) visit(column, trimmed_cell({begin, static_cast<std::size_t>(p - begin)}));
      if (p == end) return column + 1;
    }
  }

  template <class Visit>
  std::size_t visit_parsed(std::size_t limit, Visit visit) const {
    for (std::size_t column = 0; column < cells_.size() && column < limit; ++column) {
      const ParsedCell& cell = cells_[column];
      visit(column, std::string_view(unquoted_).substr(cell.begin, cell.end - cell.begin));
    }
    return cells_.size();
  }

  static std::string_view trimmed_cell(std::string_view cell) {
    const bool padded = !cell.empty() && (cell.front() <= ' ' || cell.back() <= ' ');
    return padded ? trimmed(cell) : cell;
  }

  void parse_quotes();
  const char* parse_cell(const char* p, const char*& end);
  const char* parse_quoted(const char* p, const char*& end);
  void add_plain(const char* begin, const char* end);
  bool blank() const;
  void put_points();

  LineReader lines_;
  char delimiter_;
  bool decimal_comma_;
  std::string pointed_;  // a line with points for commas
  std::size_t line_ = 0;
  std::string_view text_;
  bool has_quotes_ = false;
  std::string unquoted_;  // the cells of a record with quotes, one after the other
  std::vector<ParsedCell> cells_;
};

}  // namespace mixbern::io
