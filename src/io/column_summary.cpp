// What the columns of a file hold, without coding them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <unordered_set>
#include <utility>

#include "io/coding_rules.hpp"
#include "io/column_roles.hpp"
#include "io/delimited_layout.hpp"
#include "io/dense_array.hpp"
#include "io/idx_header.hpp"
#include "io/message.hpp"
#include "io/missing_codes.hpp"
#include "io/npy_header.hpp"
#include "io/readers.hpp"
#include "io/record_reader.hpp"
#include "io/utf8.hpp"
#include "io/values.hpp"

namespace mixbern {
namespace io {
namespace {

constexpr std::size_t kValuesKept = 10;
constexpr std::size_t kSpellingsKept = 16;
constexpr std::size_t kProblemsKept = 5;

/// The values of one column, as they come.
class ColumnTally {
 public:
  void add_missing() { ++summary_.n_missing; }

  void add(std::string_view cell) {
    // Few different cells are the rule, and these have been met.
    if (std::ranges::find(spellings_, cell) != spellings_.end()) return;
    if (spellings_.size() < kSpellingsKept) spellings_.emplace_back(cell);
    add_value(canonical(cell));
  }

  ColumnSummary finish() {
    summary_.n_values = seen_.size();
    std::ranges::sort(summary_.values, summary_.values.size() == 2 ? natural_less : listed_before);
    summary_.numbers = summary_.numbers && !seen_.empty();
    summary_.whole = summary_.whole && summary_.numbers;
    return std::move(summary_);
  }

 private:
  void add_value(std::string value) {
    const std::string& key = is_yes_or_no(value) ? in_lower_case(value) : value;
    if (seen_.size() >= kMostValuesCounted || !seen_.insert(std::hash<std::string>{}(key)).second) return;
    const auto number = parse_number(value);
    summary_.numbers = summary_.numbers && number.has_value();
    summary_.whole = summary_.whole && number && *number == std::floor(*number);
    if (summary_.values.size() < kValuesKept) summary_.values.push_back(std::move(value));
  }

  ColumnSummary summary_ = {.numbers = true, .whole = true};
  std::vector<std::string> spellings_;
  std::unordered_set<std::size_t> seen_;
};

class TextSummary {
 public:
  TextSummary(Input& input, const ReadOptions& options, const DelimitedLayout& layout)
      : options_(options),
        records_(input, layout.delimiter, layout.decimal_comma),
        n_columns_(layout.first_record.size()),
        names_(layout.header ? layout.first_record : options.feature_names),
        codes_(options.missing, names_, n_columns_, input.name()),
        tallies_(n_columns_) {
    names_.resize(n_columns_);
    if (layout.header) records_.next();
  }

  TableSummary read() {
    TableSummary table{.text = true};
    std::size_t row = 0;
    for (; row < options_.end_row && next(table); ++row) {
      if (row >= options_.first_row) add_row(table);
    }
    for (std::size_t column = 0; column < n_columns_; ++column) {
      table.columns.push_back(tallies_[column].finish());
      table.columns.back().name = names_[column];
    }
    return table;
  }

 private:
  // Quotes that do not close end the table.
  bool next(TableSummary& table) {
    try {
      return records_.next();
    } catch (const InputError& error) {
      table.problems.emplace_back(error.what());
      return false;
    }
  }

  void add_row(TableSummary& table) {
    ++table.n_rows;
    const std::size_t n_cells =
        records_.for_each_cell(n_columns_, [&](std::size_t column, std::string_view cell) {
          if (is_missing(cell) || (!codes_.empty() && codes_.in(column, canonical(cell)))) {
            tallies_[column].add_missing();
          } else {
            tallies_[column].add(cell);
          }
        });
    if (n_cells == n_columns_) return;
    for (std::size_t column = n_cells; column < n_columns_; ++column) tallies_[column].add_missing();
    if (table.problems.size() < kProblemsKept) {
      const auto error = records_.error(wrong_number_of_cells(n_cells, n_columns_),
                                        "each line needs the same number of cells");
      table.problems.emplace_back(error.what());
    }
  }

  const ReadOptions& options_;
  RecordReader records_;
  std::size_t n_columns_;
  std::vector<std::string> names_;
  MissingCodes codes_;
  std::vector<ColumnTally> tallies_;
};

TableSummary summarise_text(Input& input, const ReadOptions& options) {
  skip_byte_order_mark(input);
  const DelimitedLayout layout = find_layout(input, options);
  return TextSummary(input, options, layout).read();
}

TableSummary summarise_numbers(Input& input, const ReadOptions& options, const DenseArray& array,
                               const ElementType& type) {
  const MissingCodes codes(options.missing, options.feature_names, array.n_features, input.name());
  std::vector<ColumnTally> tallies(array.n_features);
  const std::size_t begin = std::min<std::uint64_t>(options.first_row, array.n_rows);
  const std::size_t end = std::clamp<std::uint64_t>(options.end_row, begin, array.n_rows);
  visit_dense(input, array, type, [&](std::uint64_t row, std::uint64_t feature, double value) {
    if (row < begin || row >= end) return;
    const std::string text = std::isnan(value) ? std::string() : shortest(value);
    if (text.empty() || codes.in(feature, text)) {
      tallies[feature].add_missing();
    } else {
      tallies[feature].add(text);
    }
  });
  TableSummary table{.n_rows = end - begin};
  for (ColumnTally& tally : tallies) table.columns.push_back(tally.finish());
  for (std::size_t d = 0; d < table.columns.size() && d < options.feature_names.size(); ++d)
    table.columns[d].name = options.feature_names[d];
  return table;
}

// Of bits: 0 and 1 are what their codings say.
TableSummary summarise_bits(const Dataset& data) {
  TableSummary table{.n_rows = data.n_rows()};
  const std::vector<std::size_t> ones = count_ones_by_feature(data.ones);
  const std::vector<std::size_t> missing =
      data.missing ? count_ones_by_feature(*data.missing) : std::vector<std::size_t>(ones.size());
  const auto add = [&](ColumnTally& tally, std::size_t d) {
    table.columns.push_back(tally.finish());
    table.columns.back().n_missing = missing[d];
  };
  auto next = data.categorical.begin();
  for (std::size_t d = 0; d < data.n_features(); ++d) {
    if (next != data.categorical.end() && next->first == d) {
      ColumnTally tally;
      for (std::size_t c = 0; c < next->categories.size(); ++c) {
        if (ones[d + c] > 0) tally.add(next->categories[c]);
      }
      add(tally, d);
      table.columns.back().name = next->name;
      table.columns.back().categorical = true;
      d += next++->categories.size() - 1;
      continue;
    }
    const Coding coding = data.codings.empty() ? Coding{"0", "1"} : data.codings[d];
    ColumnTally tally;
    if (ones[d] + missing[d] < data.n_rows()) tally.add(coding.zero);
    if (ones[d] > 0) tally.add(coding.one);
    add(tally, d);
    if (!data.feature_names.empty()) table.columns.back().name = data.feature_names[d];
  }
  return table;
}

TableSummary summarise_files(const std::vector<std::string>& paths, const ReadOptions& options) {
  ReadOptions all = options;
  all.columns.clear();
  all.exclude.clear();
  return summarise_bits(mixbern::read_dataset(paths, all));
}

TableSummary summarise(Input& input, const ReadOptions& options) {
  switch (options.format ? *options.format : detect_format(input)) {
    case DataFormat::kDelimited:
      return summarise_text(input, options);
    case DataFormat::kNpy: {
      const NpyHeader header = read_npy_header(input);
      return summarise_numbers(input, options, npy_array(input, header), header.type);
    }
    case DataFormat::kIdx: {
      const IdxHeader header = read_idx_header(input);
      return summarise_numbers(input, options, dense_array(input, header.sizes), header.type);
    }
    default:
      return summarise_files({input.name()}, options);
  }
}

}  // namespace
}  // namespace io

TableSummary summarise_columns(const std::vector<std::string>& paths, const ReadOptions& options) {
  if (paths.empty()) throw std::invalid_argument("summarise_columns: no file is named");
  io::Input input = io::open_input(paths.front());
  TableSummary table =
      paths.size() == 1 ? io::summarise(input, options) : io::summarise_files(paths, options);
  io::settle_roles(input.name(), options, table);
  return table;
}

}  // namespace mixbern
