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
#include "mixbern/io/io.hpp"

namespace mixbern::io {

/// With a threshold: 1 where value > threshold. Else the first value of a column is 0 and the second 1 until
/// plan() says which columns are the other way round, or what stored codings say. NaN is missing.
class NumberCoder {
 public:
  explicit NumberCoder(const ReadOptions& options);

  /// `column` may be one more than any before it: columns come into being as their first cells arrive.
  Cell code(std::size_t column, double value) {
    if (threshold_) return value == value ? static_cast<Cell>(value > *threshold_) : Cell::kMissing;
    if (column >= columns_.size()) return code_slowly(column, value);
    const bool one = value == columns_[column].one;
    const bool zero = value == columns_[column].zero;
    // One branch that is nearly always taken: which of the two values it is cannot be predicted.
    if (one | zero) return static_cast<Cell>(one);
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
