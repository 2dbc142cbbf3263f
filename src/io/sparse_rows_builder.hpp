// Sparse rows from entries in any order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/input.hpp"
#include "mixbern/io/io.hpp"

namespace mixbern::io {

/// Collects the ones of rows 0 … n_rows-1. As long as rows come in ascending order it holds 4 bytes a one and
/// 8 a row, afterwards 8 a one.
class SparseRowsBuilder {
 public:
  /// REQUIRES: row < 2^32 and column < 2^32.
  void add(std::uint64_t row, std::uint64_t column);

  /// All columns so far counted from 1: takes 1 from each. REQUIRES: none is 0.
  void count_columns_from_one() {
    for (std::uint32_t& column : columns_) --column;
  }

  std::size_t n_ones() const { return columns_.size(); }

  /// The rows, packed where that is smaller. REQUIRES: all rows and columns below n_rows and n_features.
  /// Throws InputError for an entry that was given twice.
  Rows build(const Input& input, std::uint64_t n_rows, std::uint64_t n_features);

 private:
  void list_rows();
  std::vector<std::uint64_t> sorted_offsets(std::uint64_t n_rows);

  bool ascending_ = true;
  std::vector<std::uint64_t> offsets_ = {0};  // while ascending: where each row but the last ends
  std::vector<std::uint32_t> rows_;           // afterwards: the row of each column
  std::vector<std::uint32_t> columns_;
};

/// Which stored values are ones: those over the threshold, or all that are not zero, which must then be
/// equal.
class SparseValueRule {
 public:
  /// Throws InputError for a negative threshold: cells that are not stored would be over it.
  SparseValueRule(const Input& input, const ReadOptions& options);

  /// False for a second value that is not zero; refusal() says so.
  bool accepts(double value) const { return threshold_ || value == 0 || one_ == 0 || value == one_; }
  bool is_one(double value);
  std::string refusal(double value) const;

 private:
  std::optional<double> threshold_;
  double one_ = 0;
};

}  // namespace mixbern::io
