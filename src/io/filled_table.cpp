// A table as it was, with the missing cells of its features filled.
#include <fmt/format.h>

#include <algorithm>

#include "io/column_finder.hpp"
#include "io/delimited_cells.hpp"
#include "io/delimited_layout.hpp"
#include "io/message.hpp"
#include "io/missing_codes.hpp"
#include "io/readers.hpp"
#include "io/record_reader.hpp"
#include "io/text_buffer.hpp"
#include "io/values.hpp"

namespace mixbern {
namespace io {
namespace {

class FilledTable {
 public:
  FilledTable(Input& input, const ReadOptions& options, const Dataset& filled, const ByteSink& sink)
      : input_(input), options_(options), filled_(filled), text_(sink), layout_(find_layout(input, options)) {
    const std::size_t n_columns = layout_.first_record.size();
    feature_of_column_.assign(n_columns, ColumnPlan::kNoFeature);
    const std::vector<std::size_t> columns = columns_of_features();
    for (std::size_t d = 0; d < columns.size(); ++d) feature_of_column_[columns[d]] = d;
  }

  void write(char delimiter) {
    RecordReader records(input_, layout_.delimiter);
    const MissingCodes codes(options_.missing, filled_.feature_names, filled_.n_features(), input_.name());
    if (layout_.header && records.next()) copy(records, delimiter, [](std::size_t, auto) { return false; });
    for (std::size_t row = 0; row < options_.end_row && records.next(); ++row) {
      if (row < options_.first_row) continue;
      const std::size_t i = row - options_.first_row;
      if (i >= filled_.n_rows()) throw input_.error("the file has changed while it was read", "try again");
      copy(records, delimiter, [&](std::size_t d, std::string_view cell) {
        if (!is_missing(cell) && !(!codes.empty() && codes.in(d, canonical(cell)))) return false;
        text_ << cell_text(value(i, d), delimiter);
        return true;
      });
    }
    text_.flush();
  }

 private:
  // By name where both have names; else those that a reading takes, in its order.
  std::vector<std::size_t> columns_of_features() const {
    if (!layout_.header || filled_.feature_names.empty())
      return plan_columns(layout_, options_, input_.name()).column_of_feature;
    const ColumnFinder finder(layout_.first_record, layout_.first_record.size(), input_.name());
    std::vector<std::size_t> columns;
    for (const std::string& name : filled_.feature_names) columns.push_back(finder.find(name));
    return columns;
  }

  std::string value(std::size_t i, std::size_t d) const {
    const Coding coding = filled_.codings.empty() ? Coding{"0", "1"} : complete(filled_.codings[d]);
    return test(filled_.ones, i, d) ? coding.one : coding.zero;
  }

  /// Writes a record; `fill` may write a feature's cell itself.
  template <class Fill>
  void copy(const RecordReader& records, char delimiter, Fill fill) {
    const std::size_t n_cells =
        records.for_each_cell(feature_of_column_.size(), [&](std::size_t column, std::string_view cell) {
          if (column > 0) text_ << delimiter;
          const std::size_t d = feature_of_column_[column];
          if (d != ColumnPlan::kNoFeature && fill(d, cell)) return;
          text_ << (records.was_quoted(column) ? quoted_cell(cell) : cell_text(cell, delimiter));
        });
    if (n_cells != feature_of_column_.size()) {
      throw records.error(wrong_number_of_cells(n_cells, feature_of_column_.size()),
                          "each line needs the same number of cells");
    }
    text_.end_line();
  }

  Input& input_;
  const ReadOptions& options_;
  const Dataset& filled_;
  TextBuffer text_;
  DelimitedLayout layout_;
  std::vector<std::size_t> feature_of_column_;
};

}  // namespace
}  // namespace io

void write_filled_table(const std::string& path, const ReadOptions& options, const Dataset& filled,
                        char delimiter, const ByteSink& sink) {
  io::Input input = io::open_input(path);
  if (options.format.value_or(io::detect_format(input)) != DataFormat::kDelimited)
    throw input.error("only a table in text has other columns", "leave --all-columns out");
  io::skip_byte_order_mark(input);
  io::FilledTable(input, options, filled, sink).write(delimiter);
}

}  // namespace mixbern
