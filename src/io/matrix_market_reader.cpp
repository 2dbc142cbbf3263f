// Matrix Market: coordinate (pattern, integer, real) and array, general.
#include <fmt/format.h>

#include <array>
#include <limits>

#include "io/dense_array.hpp"
#include "io/line_reader.hpp"
#include "io/message.hpp"
#include "io/readers.hpp"
#include "io/sparse_rows_builder.hpp"
#include "io/values.hpp"

namespace mixbern::io {
namespace {

constexpr std::uint64_t kMaxSize = (std::uint64_t{1} << 32) - 1;
constexpr std::uint64_t kMaxFeatures = std::uint64_t{1} << 31;
// Rows without entries take no bytes in the file but some in memory: this many are believed, or this many for
// each entry that was there.
constexpr std::uint64_t kEmptyRows = std::uint64_t{1} << 20;
constexpr std::uint64_t kRowsPerEntry = 1024;

std::string_view next_word(std::string_view& line) {
  line = trimmed(line);
  const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

std::string in_lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

class MatrixMarketReader {
 public:
  MatrixMarketReader(Input& input, const ReadOptions& options)
      : input_(input), options_(options), lines_(input), rule_(input, options) {}

  Dataset read() {
    read_banner();
    read_sizes();
    check_features(input_, options_, n_features_);
    Dataset data = coordinate_ ? read_coordinates() : read_array();
    if (options_.threshold && !pattern_) data.threshold = options_.threshold;
    return data;
  }

 private:
  void read_banner() {
    std::string_view line;
    if (!lines_.next(line) || !line.starts_with("%%MatrixMarket")) {
      throw lines_.error("this is no Matrix Market file", "it would start with %%MatrixMarket");
    }
    line.remove_prefix(std::string_view("%%MatrixMarket").size());
    const std::string object = in_lower_case(next_word(line));
    const std::string layout = in_lower_case(next_word(line));
    const std::string field = in_lower_case(next_word(line));
    const std::string symmetry = in_lower_case(next_word(line));
    coordinate_ = layout == "coordinate";
    pattern_ = field == "pattern";
    const bool known =
        object == "matrix" && (coordinate_ || layout == "array") && symmetry == "general" &&
        ((pattern_ && coordinate_) || field == "integer" || field == "real" || field == "double");
    if (!known) {
      throw lines_.error(
          fmt::format("matrices of the kind {} cannot be read",
                      in_quotes(fmt::format("{} {} {} {}", object, layout, field, symmetry))),
          "coordinate pattern, integer or real and array integer or real can, all of them general");
    }
  }

  // The next line that is neither empty nor a comment.
  bool next_line(std::string_view& line) {
    while (lines_.next(line)) {
      line = trimmed(line);
      if (!line.empty() && line[0] != '%') return true;
    }
    return false;
  }

  void read_sizes() {
    std::string_view line;
    if (!next_line(line)) throw input_.truncated("the Matrix Market header");
    const std::string text(line);
    const auto rows = parse_count(next_word(line));
    const auto features = parse_count(next_word(line));
    const auto entries = coordinate_ ? parse_count(next_word(line)) : std::optional<std::uint64_t>(0);
    if (!rows || !features || !entries || !trimmed(line).empty()) {
      throw lines_.error(
          fmt::format("{} are no sizes", in_quotes(text)),
          coordinate_ ? "rows, columns and entries are needed" : "rows and columns are needed");
    }
    if (*rows == 0 || *rows > kMaxSize || *features == 0 || *features > kMaxFeatures) {
      throw lines_.error(fmt::format("a matrix of {} x {} cannot be used", *rows, *features),
                         fmt::format("1 to {} rows and 1 to {} columns can", kMaxSize, kMaxFeatures));
    }
    n_rows_ = *rows;
    n_features_ = *features;
    n_entries_ = *entries;
  }

  Dataset read_coordinates() {
    const std::uint64_t begin = std::min<std::uint64_t>(options_.first_row, n_rows_);
    const std::uint64_t end = std::clamp<std::uint64_t>(options_.end_row, begin, n_rows_);
    check_rows(input_, options_, end - begin, n_rows_);
    SparseRowsBuilder builder;
    std::string_view line;
    std::uint64_t n_read = 0;
    for (; next_line(line); ++n_read) {
      if (n_read == n_entries_) {
        throw lines_.error(fmt::format("more than the {} entries of the header", n_entries_),
                           "correct the header");
      }
      read_entry(line, begin, end, n_read, builder);
    }
    if (n_read < n_entries_) throw input_.truncated(fmt::format("entry {} of {}", n_read + 1, n_entries_));
    check_believable(n_rows_, n_entries_);
    Dataset data;
    data.ones = builder.build(input_, end - begin, n_features_);
    return data;
  }

  void read_entry(std::string_view line, std::uint64_t begin, std::uint64_t end, std::uint64_t n_read,
                  SparseRowsBuilder& builder) {
    const std::string_view whole = line;
    const auto row = parse_count(next_word(line));
    const auto column = parse_count(next_word(line));
    const auto value = pattern_ ? std::optional<double>(1) : parse_number(next_word(line));
    if (!row || !column || !value || !trimmed(line).empty()) {
      throw lines_.error(
          fmt::format("{} is no entry", in_quotes(whole)),
          pattern_ ? "row and column are needed" : "row, column and a finite value are needed");
    }
    if (*row < 1 || *row > n_rows_ || *column < 1 || *column > n_features_) {
      throw lines_.error(
          fmt::format("entry {}, {} lies outside the {} x {} matrix", *row, *column, n_rows_, n_features_),
          "rows and columns count from 1");
    }
    if (!pattern_ && !rule_.accepts(*value)) {
      throw lines_.error(rule_.refusal(*value), "--threshold T makes numbers 1 where value > T");
    }
    const bool one = pattern_ || rule_.is_one(*value);
    if (!one || *row <= begin || *row > end) return;
    check_believable(*row, n_read + 1);
    builder.add(*row - 1 - begin, *column - 1);
  }

  void check_believable(std::uint64_t n_rows, std::uint64_t n_entries) const {
    if (n_rows > kEmptyRows && n_rows / kRowsPerEntry > n_entries) {
      throw input_.error(fmt::format("{} rows, but only {} entries", n_rows, n_entries),
                         "nearly all rows would be empty: check the header");
    }
  }

  Dataset read_array() {
    DenseArray array = dense_array(input_, {n_rows_, n_features_});
    array.column_major = true;
    const auto next = [&]() -> double {
      std::string_view line;
      if (!next_line(line)) throw input_.truncated("the array");
      const auto value = parse_number(line);
      if (!value && !is_missing(line)) {
        throw lines_.error(fmt::format("{} is no number", in_quotes(line)), "one number a line is needed");
      }
      return value.value_or(std::numeric_limits<double>::quiet_NaN());
    };
    Dataset data = read_dense(input_, options_, array, next, false);
    std::string_view line;
    if (next_line(line)) throw lines_.error("more numbers than the header says", "correct the header");
    return data;
  }

  Input& input_;
  const ReadOptions& options_;
  LineReader lines_;
  SparseValueRule rule_;
  bool coordinate_ = false;
  bool pattern_ = false;
  std::uint64_t n_rows_ = 0;
  std::uint64_t n_features_ = 0;
  std::uint64_t n_entries_ = 0;
};

}  // namespace

Dataset read_matrix_market(Input& input, const ReadOptions& options) {
  return MatrixMarketReader(input, options).read();
}

}  // namespace mixbern::io
