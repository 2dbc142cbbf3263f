// Delimited text that reads back as the data it was: names and codings as they were, missing cells empty.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "io/delimited_cells.hpp"
#include "io/delimited_layout.hpp"
#include "io/text_buffer.hpp"
#include "io/values.hpp"
#include "io/writers.hpp"

namespace mixbern::io {
namespace {

class DelimitedWriter {
 public:
  DelimitedWriter(const ByteSink& sink, const Dataset& data, char delimiter)
      : text_(sink), data_(data), delimiter_(delimiter) {
    std::size_t next = 0;
    for (const Items::Group& item : data.items().all(data.n_features())) {
      if (item.size > 1) {
        add_answers(item, data.categorical[next++].categories);
        continue;
      }
      const Coding coding = data.codings.empty() ? Coding{"0", "1"} : complete(data.codings[item.first]);
      columns_.push_back({item, {cell_text(coding.zero, delimiter), cell_text(coding.one, delimiter)}});
    }
  }

  void write() {
    write_header();
    // In a single column an empty line would be skipped.
    const std::string_view missing = columns_.size() == 1 && data_.ids.empty() ? "\"\"" : "";
    for (std::size_t i = 0; i < data_.n_rows(); ++i) {
      if (!data_.ids.empty()) text_ << cell_text(data_.ids[i], delimiter_) << delimiter_;
      for (std::size_t j = 0; j < columns_.size(); ++j) {
        if (j > 0) text_ << delimiter_;
        const bool lacks = data_.missing && test(*data_.missing, i, columns_[j].features.first);
        text_ << (lacks ? missing : cell_of(i, columns_[j]));
      }
      text_.end_line();
    }
    text_.flush();
  }

 private:
  // A column and the texts of its answers: 0 and 1, or one a feature.
  struct Column {
    Items::Group features;
    std::vector<std::string> cells;
  };

  void add_answers(const Items::Group& item, const std::vector<std::string>& answers) {
    columns_.push_back({item, {}});
    for (const std::string& answer : answers) columns_.back().cells.push_back(cell_text(answer, delimiter_));
  }

  std::string_view cell_of(std::size_t i, const Column& column) const {
    const Items::Group& features = column.features;
    if (features.size == 1) return column.cells[test(data_.ones, i, features.first) ? 1 : 0];
    return column.cells[answer_of(data_.ones, i, features)];
  }

  void write_header() {
    std::vector<std::string> names = column_names(data_);
    const bool no_names = std::ranges::all_of(names, [](const std::string& name) { return name.empty(); });
    if (no_names && plain_values() && data_.ids.empty()) return;
    if (no_names) {
      names.clear();
      for (std::size_t j = 0; j < columns_.size(); ++j) names.push_back(fmt::format("x{}", j + 1));
    }
    if (!data_.ids.empty())
      names.insert(names.begin(), data_.id_name.empty() ? std::string("id") : data_.id_name);
    const bool quote =
        std::ranges::any_of(names, [&](const std::string& name) { return like_a_value(name); });
    for (std::size_t d = 0; d < names.size(); ++d) {
      if (d > 0) text_ << delimiter_;
      text_ << (quote || names.size() == 1 ? quoted_cell(names[d]) : cell_text(names[d], delimiter_));
    }
    text_.end_line();
  }

  // A first row of numbers is never taken for a header; one of words could be, so words get made-up names.
  bool plain_values() const {
    return std::ranges::all_of(columns_, [](const Column& column) {
      return std::ranges::all_of(column.cells,
                                 [](const std::string& cell) { return parse_number(cell).has_value(); });
    });
  }

  // Quotes mark such names as a header, since values stand without them.
  bool like_a_value(const std::string& name) const {
    return is_missing(name) || parse_number(name) || is_yes_or_no(name) ||
           std::ranges::any_of(columns_, [&](const Column& column) {
             return std::ranges::find(column.cells, name) != column.cells.end();
           });
  }

  TextBuffer text_;
  const Dataset& data_;
  char delimiter_;
  std::vector<Column> columns_;
};

}  // namespace

void write_delimited(const ByteSink& sink, const Dataset& data, char delimiter) {
  if (data.n_features() > kMaxColumns) {
    throw InputError(
        {}, fmt::format("{} columns are more than the {} that text may have", data.n_features(), kMaxColumns),
        "write so wide a table as .mtx, .svm, .npy or .safetensors");
  }
  DelimitedWriter(sink, data, delimiter).write();
}

}  // namespace mixbern::io
