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
    for (std::size_t d = 0; d < data.n_features(); ++d) {
      const Coding coding = data.codings.empty() ? Coding{"0", "1"} : complete(data.codings[d]);
      cells_.push_back({cell_text(coding.zero, delimiter), cell_text(coding.one, delimiter)});
    }
  }

  void write() {
    write_header();
    // In a single column an empty line would be skipped.
    const std::string_view missing = data_.n_features() == 1 && data_.ids.empty() ? "\"\"" : "";
    for (std::size_t i = 0; i < data_.n_rows(); ++i) {
      if (!data_.ids.empty()) text_ << cell_text(data_.ids[i], delimiter_) << delimiter_;
      for (std::size_t d = 0; d < data_.n_features(); ++d) {
        if (d > 0) text_ << delimiter_;
        if (data_.missing && test(*data_.missing, i, d)) {
          text_ << missing;
        } else {
          text_ << (test(data_.ones, i, d) ? cells_[d].one : cells_[d].zero);
        }
      }
      text_.end_line();
    }
    text_.flush();
  }

 private:
  void write_header() {
    std::vector<std::string> names = data_.feature_names;
    const bool no_names = std::ranges::all_of(names, [](const std::string& name) { return name.empty(); });
    if (no_names && plain_values() && data_.ids.empty()) return;
    if (no_names) {
      names.clear();
      for (std::size_t d = 0; d < data_.n_features(); ++d) names.push_back(fmt::format("x{}", d + 1));
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
    return std::ranges::all_of(cells_, [](const Coding& cell) {
      return parse_number(cell.zero).has_value() && parse_number(cell.one).has_value();
    });
  }

  // Quotes mark such names as a header, since values stand without them.
  bool like_a_value(const std::string& name) const {
    return is_missing(name) || parse_number(name) || is_yes_or_no(name) ||
           std::ranges::any_of(cells_,
                               [&](const Coding& cell) { return cell.zero == name || cell.one == name; });
  }

  TextBuffer text_;
  const Dataset& data_;
  char delimiter_;
  std::vector<Coding> cells_;
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
