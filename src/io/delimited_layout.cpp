// The delimiter and the header are found on a sample: the first megabyte, or more where lines are longer.
#include "io/delimited_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "io/delimited_cells.hpp"
#include "io/header_detection.hpp"
#include "io/record_reader.hpp"

namespace mixbern::io {
namespace {

constexpr std::size_t kSampleBytes = std::size_t{1} << 20;
constexpr std::size_t kSampleLines = 3;
// A space delimits only where nothing else does: it is what numpy.savetxt writes.
constexpr std::array<char, 4> kDelimiters = {',', '\t', ';', ' '};

// Whole lines, so that no cell of the sample is cut.
std::string_view take_sample(Input& input) {
  std::size_t wanted = kSampleBytes;
  std::string_view view = input.peek(wanted);
  while (view.size() >= wanted && std::ranges::count(view, '\n') < static_cast<long>(kSampleLines) &&
         wanted <= kMaxLineBytes) {
    wanted *= 2;
    view = input.peek(wanted);
  }
  if (view.size() < wanted) return view;
  if (view.find('\n') == std::string_view::npos) {
    throw input.error("the first line is too long for a table",
                      "is it text? Wide tables read better as .npy or .mtx");
  }
  return view.substr(0, view.rfind('\n') + 1);
}

using Counts = std::array<std::size_t, kDelimiters.size()>;

Counts count_delimiters(std::string_view line) {
  Counts counts = {};
  bool in_quotes = false;
  for (const char c : line) {
    if (c == '"') in_quotes = !in_quotes;
    if (in_quotes) continue;
    for (std::size_t i = 0; i < kDelimiters.size(); ++i) counts[i] += c == kDelimiters[i] ? 1U : 0U;
  }
  return counts;
}

// A line goes on behind a quote that is closed further on.
std::size_t end_of_line(std::string_view text) {
  bool in_quotes = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') in_quotes = !in_quotes;
    if (text[i] == '\n' && !in_quotes) return i;
  }
  return std::min(text.find('\n'), text.size());
}

std::string_view next_line(std::string_view& text) {
  std::string_view line;
  while (line.empty() && !text.empty()) {
    const std::size_t end = end_of_line(text);
    line = trimmed(text.substr(0, end));
    if (line.ends_with('\r')) line.remove_suffix(1);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return line;
}

// A delimiter that occurs equally often in the first two lines beats one that does not; then the earlier in
// the list wins. Texts full of commas between semicolons are rare, texts with a single space in a header are
// not.
char find_delimiter(std::string_view sample) {
  const Counts first = count_delimiters(next_line(sample));
  const bool only_line = sample.empty();
  const Counts second = count_delimiters(next_line(sample));
  for (std::size_t i = 0; i < kDelimiters.size(); ++i) {
    if (first[i] > 0 && (only_line || first[i] == second[i])) return kDelimiters[i];
  }
  for (std::size_t i = 0; i + 1 < kDelimiters.size(); ++i) {
    if (first[i] > 0) return kDelimiters[i];
  }
  return ',';
}

// Before cells become texts, which take many times the room.
void refuse_too_wide(const Input& input, std::string_view sample, char delimiter) {
  const Counts counts = count_delimiters(next_line(sample));
  const std::size_t n_columns =
      1 + counts[static_cast<std::size_t>(std::ranges::find(kDelimiters, delimiter) - kDelimiters.begin())];
  if (n_columns <= kMaxColumns) return;
  throw input.error(fmt::format("{} columns are more than the {} that text may have", n_columns, kMaxColumns),
                    "write so wide a table as .mtx, .svm or .npy");
}

void refuse_old_mac_lines(const Input& input, std::string_view sample) {
  if (sample.find('\r') == std::string_view::npos || sample.find('\n') != std::string_view::npos) return;
  if (sample.find('\r') + 1 == sample.size()) return;
  throw input.error("lines end in a carriage return alone", "save the file with Unix or Windows line ends");
}

}  // namespace

DelimitedLayout find_layout(Input& input, const ReadOptions& options) {
  const std::string_view sample = take_sample(input);
  refuse_old_mac_lines(input, sample);
  DelimitedLayout layout;
  layout.delimiter = find_delimiter(sample);
  refuse_too_wide(input, sample, layout.delimiter);
  HeaderDetection detection(options.threshold.has_value());
  layout.decimal_comma = layout.delimiter != ',' && has_decimal_commas(sample, layout.delimiter);
  detection.look_at(input.name(), sample, layout);
  layout.first_record = detection.first_record();
  if (layout.first_record.empty()) throw input.error("the file is empty", "it needs one row a line");
  if (options.header) {
    layout.header = *options.header;
  } else {
    layout.header = detection.is_header() || options_name_a_cell(layout.first_record, options);
  }
  return layout;
}

}  // namespace mixbern::io
