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
      : input_(input),
        options_(options),
        filled_(filled),
        names_(column_names(filled)),
        items_(filled.items().all(filled.n_features())),
        text_(sink),
        layout_(find_layout(input, options)) {
    const std::size_t n_columns = layout_.first_record.size();
    item_of_column_.assign(n_columns, ColumnPlan::kNoFeature);
    const std::vector<std::size_t> columns = columns_of_items();
    for (std::size_t j = 0; j < columns.size(); ++j) item_of_column_[columns[j]] = j;
  }

  void write(char delimiter) {
    RecordReader records(input_, layout_.delimiter);
    const MissingCodes codes(options_.missing, names_, items_.size(), input_.name());
    if (layout_.header && records.next()) copy(records, delimiter, [](std::size_t, auto) { return false; });
    for (std::size_t row = 0; row < options_.end_row && records.next(); ++row) {
      if (row < options_.first_row) continue;
      const std::size_t i = row - options_.first_row;
      if (i >= filled_.n_rows()) throw input_.error("the file has changed while it was read", "try again");
      copy(records, delimiter, [&](std::size_t j, std::string_view cell) {
        if (!is_missing(cell) && !(!codes.empty() && codes.in(j, canonical(cell)))) return false;
        text_ << cell_text(value(i, items_[j]), delimiter);
        return true;
      });
    }
    text_.flush();
  }

 private:
  // By name where both have names; else those that a reading takes, in its order.
  std::vector<std::size_t> columns_of_items() const {
    if (!layout_.header || names_.empty())
      return plan_columns(layout_, options_, input_.name()).column_of_feature;
    const ColumnFinder finder(layout_.first_record, layout_.first_record.size(), input_.name());
    std::vector<std::size_t> columns;
    for (const std::string& name : names_) columns.push_back(finder.find(name));
    return columns;
  }

  std::string value(std::size_t i, const Items::Group& item) const {
    const std::size_t d = item.first;
    if (item.size > 1) {
      const auto known = std::ranges::find(filled_.categorical, d, &CategoricalItem::first);
      return known->categories[answer_of(filled_.ones, i, item)];
    }
    const Coding coding = filled_.codings.empty() ? Coding{"0", "1"} : complete(filled_.codings[d]);
    return test(filled_.ones, i, d) ? coding.one : coding.zero;
  }

  /// Writes a record; `fill` may write an item's cell itself.
  template <class Fill>
  void copy(const RecordReader& records, char delimiter, Fill fill) {
    const std::size_t n_cells =
        records.for_each_cell(item_of_column_.size(), [&](std::size_t column, std::string_view cell) {
          if (column > 0) text_ << delimiter;
          const std::size_t j = item_of_column_[column];
          if (j != ColumnPlan::kNoFeature && fill(j, cell)) return;
          text_ << (records.was_quoted(column) ? quoted_cell(cell) : cell_text(cell, delimiter));
        });
    if (n_cells != item_of_column_.size()) {
      throw records.error(wrong_number_of_cells(n_cells, item_of_column_.size()),
                          "each line needs the same number of cells");
    }
    text_.end_line();
  }

  Input& input_;
  const ReadOptions& options_;
  const Dataset& filled_;
  std::vector<std::string> names_;  // of the items
  std::vector<Items::Group> items_;
  TextBuffer text_;
  DelimitedLayout layout_;
  std::vector<std::size_t> item_of_column_;
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
