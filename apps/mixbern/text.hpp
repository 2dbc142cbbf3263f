// Small helpers for text that people read: escaping, widths, wrapping, nearest words.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mixbern::app {

/// `text` with control characters replaced, so that a name from a file can neither break a line nor steer a
/// terminal.
std::string one_line(std::string_view text);

/// 20000 as "20,000".
std::string grouped(std::size_t number);

/// "1 row", "2 rows", "20,000 rows".
std::string counted(std::size_t number, std::string_view singular);
/// "1 degree of freedom", "2.5 degrees of freedom".
std::string freedom_words(double degrees_of_freedom);

/// A p-value to four places; "–" where there is none.
std::string p_text(double p);

/// Terminal columns of UTF-8 text, counting one a code point.
std::size_t display_width(std::string_view text);

/// `text` in exactly `width` columns: padded with spaces on the right, or cut with "…".
std::string fitted(std::string_view text, std::size_t width);

/// `text` in at most `width` columns.
std::string shortened(std::string_view text, std::size_t width);

/// Lines of at most `width` columns, broken at spaces; a longer word gets a line of its own.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

/// Parts of `text` between the `separator`s; one empty part for empty text.
std::vector<std::string> split(std::string_view text, char separator);

std::string joined(const std::vector<std::string>& parts, std::string_view separator);

/// `text` as a cell of CSV: in quotes where it holds a comma, quotes or a line end, and where a spreadsheet
/// would take it for a formula.
std::string csv_cell(std::string_view text);

/// The candidate that `word` most probably meant, by edit distance; empty if none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace mixbern::app
