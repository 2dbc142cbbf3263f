// Columns beside the items: read as texts, and made numbers or categories.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>
#include <stdexcept>
#include <utility>

#include "io/column_finder.hpp"
#include "io/delimited_layout.hpp"
#include "io/message.hpp"
#include "io/missing_codes.hpp"
#include "io/readers.hpp"
#include "io/record_reader.hpp"
#include "io/utf8.hpp"
#include "io/values.hpp"
#include "mixbern/io/columns.hpp"

namespace mixbern {
namespace io {
namespace {

/// One file, of which the rows from `options.first_row` on are kept.
class TextColumnReader {
 public:
  TextColumnReader(Input& input, const ReadOptions& options, const DelimitedLayout& layout)
      : options_(options),
        records_(input, layout.delimiter, layout.decimal_comma),
        names_(layout.header ? layout.first_record : options.feature_names),
        n_columns_(layout.first_record.size()),
        codes_(options.missing, names_, n_columns_, input.name()),
        column_of_(n_columns_, kUnused) {
    choose(ColumnFinder(names_, n_columns_, input.name()));
    if (layout.header) records_.next();
  }

  /// Adds the rows to `columns`, which are empty or what another file gave. Returns how many rows were read.
  std::size_t read(std::vector<TextColumn>& columns) {
    if (columns.empty()) columns = std::move(chosen_);
    std::size_t row = 0;
    for (; row < options_.end_row && records_.next(); ++row) {
      const std::size_t n_cells =
          records_.for_each_cell(n_columns_, [&](std::size_t column, std::string_view cell) {
            if (row >= options_.first_row && column_of_[column] != kUnused)
              columns[column_of_[column]].cells.push_back(text_of(column, cell));
          });
      if (n_cells == n_columns_) continue;
      throw records_.error(wrong_number_of_cells(n_cells, n_columns_),
                           "each line needs the same number of cells");
    }
    return row;
  }

 private:
  static constexpr std::size_t kUnused = SIZE_MAX;

  void choose(const ColumnFinder& finder) {
    for (const std::string& name : options_.columns) {
      for (const std::size_t column : finder.select(name).columns) {
        if (column_of_[column] != kUnused) continue;
        column_of_[column] = chosen_.size();
        chosen_.push_back({.name = names_.empty() ? fmt::format("{}", column + 1) : to_utf8(names_[column])});
      }
    }
  }

  std::string text_of(std::size_t column, std::string_view cell) const {
    if (is_missing(cell)) return {};
    std::string text = canonical(cell);
    return !codes_.empty() && codes_.in(column, text) ? std::string() : text;
  }

  const ReadOptions& options_;
  RecordReader records_;
  std::vector<std::string> names_;
  std::size_t n_columns_;
  MissingCodes codes_;
  std::vector<std::size_t> column_of_;  // where each column goes, or kUnused
  std::vector<TextColumn> chosen_;      // without cells
};

std::size_t read_text_columns(const std::string& path, const ReadOptions& options,
                              std::vector<TextColumn>& columns) {
  std::error_code error;
  if (path == "-" ||
      (std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error))) {
    throw std::invalid_argument(
        fmt::format("{} can be read only once, and columns beside the items take a second reading; write it "
                    "to a file",
                    path == "-" ? "standard input" : in_quotes(path)));
  }
  Input input = open_input(path);
  const DataFormat format = options.format ? *options.format : detect_format(input);
  if (format != DataFormat::kDelimited) {
    throw input.error(fmt::format("a file in the format {} has items alone", to_string(format)),
                      "columns beside the items stand in a table of text");
  }
  skip_byte_order_mark(input);
  const DelimitedLayout layout = find_layout(input, options);
  return TextColumnReader(input, options, layout).read(columns);
}

/// Values in their order, under the one spelling that stands for each.
class Categories {
 public:
  explicit Categories(const std::vector<std::string>& cells) {
    for (const std::string& cell : cells) {
      if (!cell.empty() && number_of_.try_emplace(key(cell), 0).second) names_.push_back(cell);
    }
    std::ranges::sort(names_, names_.size() == 2 ? natural_less : listed_before);
    for (std::size_t c = 0; c < names_.size(); ++c) number_of_[key(names_[c])] = c;
  }

  double operator()(const std::string& cell) const { return static_cast<double>(number_of_.at(key(cell))); }
  const std::vector<std::string>& names() const { return names_; }

 private:
  static std::string key(const std::string& cell) { return is_yes_or_no(cell) ? in_lower_case(cell) : cell; }

  std::vector<std::string> names_;
  std::map<std::string, std::size_t> number_of_;
};

}  // namespace
}  // namespace io

std::vector<TextColumn> read_columns(const std::vector<std::string>& paths,
                                     const std::vector<std::string>& names, const ReadOptions& options) {
  if (paths.empty()) throw std::invalid_argument("read_columns: no file is named");
  std::vector<TextColumn> columns;
  std::size_t n_rows = 0;
  for (const std::string& path : paths) {
    if (n_rows >= options.end_row) break;
    ReadOptions part;
    part.format = options.format;
    part.header = options.header;
    part.threshold = options.threshold;
    part.missing = options.missing;
    part.feature_names = options.feature_names;
    part.columns = names;
    part.first_row = options.first_row - std::min(options.first_row, n_rows);
    part.end_row = options.end_row - n_rows;
    n_rows += io::read_text_columns(path, part, columns);
  }
  return columns;
}

Variable variable_of(const TextColumn& column, bool as_categories) {
  Variable variable{.name = column.name};
  const bool numbers = !as_categories && std::ranges::all_of(column.cells, [](const std::string& cell) {
    return cell.empty() || io::parse_number(cell).has_value();
  });
  const io::Categories categories(numbers ? std::vector<std::string>() : column.cells);
  variable.values.reserve(column.cells.size());
  for (const std::string& cell : column.cells) {
    variable.values.push_back(cell.empty() ? std::numeric_limits<double>::quiet_NaN()
                              : numbers    ? *io::parse_number(cell)
                                           : categories(cell));
  }
  variable.categories = categories.names();
  return variable;
}

}  // namespace mixbern
