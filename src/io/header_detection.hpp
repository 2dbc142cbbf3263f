// Whether the first line of a table holds names.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "io/delimited_layout.hpp"
#include "io/record_reader.hpp"

namespace mixbern::io {

/// Compares the first record with those that follow it: names are rarely among the values of their column.
class HeaderDetection {
 public:
  /// `numeric`: cells are numbers that will be thresholded.
  explicit HeaderDetection(bool numeric) : numeric_(numeric) {}

  /// REQUIRES: called once, with whole lines from the start of the text.
  void look_at(const std::string& file, std::string_view sample, const DelimitedLayout& layout);

  const std::vector<std::string>& first_record() const { return first_; }
  bool is_header() const;

 private:
  // What the records after the first hold in one column.
  struct Column {
    std::vector<std::string> values;  // distinct, canonical, a few at most
    bool many = false;
    bool all_numbers = true;
  };
  enum class Verdict { kName, kValue, kUnknown };

  void add_first(const RecordReader& records);
  void add(const RecordReader& records);
  void add_value(Column& column, std::string_view cell);
  bool quoted_names() const;
  bool consecutive_numbers() const;
  bool lone_record_is_header() const;
  Verdict judge(std::size_t column) const;
  bool third_value(std::size_t column) const;
  bool is_value_elsewhere(const std::string& value) const;

  bool numeric_;
  std::vector<std::string> first_;
  bool first_all_quoted_ = false;
  bool second_has_bare_cell_ = false;
  std::size_t n_others_ = 0;
  std::vector<Column> columns_;
  std::vector<std::string> common_values_;  // distinct values of all columns, a few at most
};

}  // namespace mixbern::io
