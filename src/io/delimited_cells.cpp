#include "io/delimited_cells.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "io/values.hpp"

namespace mixbern::io {
namespace {

// Spreadsheets take such a cell for a formula unless it is quoted, and many of them even then.
bool like_a_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@").find(text[0]) != std::string_view::npos &&
         !parse_number(text);
}

std::string other_value(const std::string& known, bool wanted_is_one) {
  if (known.empty()) return wanted_is_one ? "1" : "0";
  if (const auto number = parse_number(known)) return shortest(*number + (wanted_is_one ? 1 : -1));
  return wanted_is_one ? fmt::format("{}+", known) : fmt::format("!{}", known);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

std::string quoted_cell(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + '"';
}

std::string cell_text(std::string_view text, char delimiter) {
  const bool plain = text.find_first_of("\"\r\n") == std::string_view::npos &&
                     text.find(delimiter) == std::string_view::npos && trimmed(text) == text &&
                     !like_a_formula(text);
  return plain ? std::string(text) : quoted_cell(text);
}

Coding complete(Coding coding) {
  const Coding stored = coding;
  if (coding.zero.empty()) coding.zero = other_value(stored.one, false);
  if (coding.one.empty()) coding.one = other_value(stored.zero.empty() ? coding.zero : stored.zero, true);
  return coding;
}

std::size_t answer_of(const Rows& ones, std::size_t i, const Items::Group& item) {
  std::size_t answer = 0;
  while (answer + 1 < item.size && !test(ones, i, item.first + answer)) ++answer;
  return answer;
}

bool has_decimal_comma(std::string_view cell) {
  if (cell.starts_with('-') || cell.starts_with('+')) cell.remove_prefix(1);
  const std::size_t comma = cell.find(',');
  if (comma == std::string_view::npos || comma == 0 || comma + 1 == cell.size()) return false;
  return std::ranges::all_of(cell.substr(0, comma), is_digit) &&
         std::ranges::all_of(cell.substr(comma + 1), is_digit);
}

bool has_decimal_commas(std::string_view sample, char delimiter) {
  bool found = false;
  while (!sample.empty()) {
    const std::size_t end = std::min(sample.find_first_of("\r\n"), sample.find(delimiter));
    const std::string_view cell = trimmed(sample.substr(0, end));
    found = found || has_decimal_comma(cell);
    if (cell.find('.') != std::string_view::npos && parse_number(cell)) return false;
    sample.remove_prefix(end == std::string_view::npos ? sample.size() : end + 1);
  }
  return found;
}

}  // namespace mixbern::io
