// Cells of numbers to bits, while they stream by: what TextCoder is for text.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "io/bit_rows.hpp"
#include "io/coding_rules.hpp"
#include "mixbern/io.hpp"

namespace mixbern::io {

/// With a threshold: 1 where value > threshold. Else the first value of a column is 0 and the second 1 until
/// plan() says which columns are the other way round, or what stored codings say. NaN is missing.
class NumberCoder {
 public:
  explicit NumberCoder(const ReadOptions& options);

  /// `column` may be one more than any before it: columns come into being as their first cells arrive.
  Cell code(std::size_t column, double value) {
    if (threshold_)
      return value > *threshold_ ? Cell::kOne : value <= *threshold_ ? Cell::kZero : Cell::kMissing;
    if (column < columns_.size()) {
      if (value == columns_[column].one) return Cell::kOne;
      if (value == columns_[column].zero) return Cell::kZero;
    }
    return code_slowly(column, value);
  }

  bool has_threshold() const { return threshold_.has_value(); }
  /// Why code() refused `value`, and what helps, without the place.
  InputError refusal(std::size_t column, double value, const std::string& file,
                     const std::string& place) const;
  CodingPlan plan() const;

 private:
  // NaN, which equals nothing, where there is no value yet.
  struct Values {
    double zero = std::numeric_limits<double>::quiet_NaN();
    double one = std::numeric_limits<double>::quiet_NaN();
  };

  Cell code_slowly(std::size_t column, double value);
  bool adopt(std::size_t column, double value);
  Coding coding(std::size_t column) const;

  std::optional<double> threshold_;
  std::vector<Coding> stored_;
  std::vector<Values> columns_;
};

}  // namespace mixbern::io
