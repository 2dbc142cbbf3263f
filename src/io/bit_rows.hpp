// Packed rows as they arrive, cell by cell or row by row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "mixbern/dataset/dataset.hpp"

namespace mixbern::io {

/// What a cell turned out to be; kRefused fits no coding and never reaches the rows.
enum class Cell : std::uint8_t { kZero, kOne, kMissing, kRefused };

/// Grows with what it is given; the mask of missing cells exists from the first missing cell on. All rows
/// must have the same length, which the caller checks.
class BitRows {
 public:
  void push(Cell cell) {
    // No branch on the cell's value, which cannot be predicted.
    ones_word_ |= static_cast<std::uint64_t>(cell == Cell::kOne) << used_;
    missing_word_ |= static_cast<std::uint64_t>(cell == Cell::kMissing) << used_;
    ++row_length_;
    if (++used_ == 64) flush();
  }
  /// `n` <= 64 cells, bit j of the words for cell j. REQUIRES: a multiple of 64 cells of the row came before.
  void push(std::size_t n, std::uint64_t ones, std::uint64_t missing) {
    ones_word_ = ones;
    missing_word_ = missing;
    row_length_ += n;
    used_ = static_cast<unsigned>(n);
    if (used_ == 64) flush();
  }
  void end_row();

  /// One whole row. REQUIRES: `ones` has the words of `n_features` bits; so has `missing`, with no bit set in
  /// both, or it is empty: nothing is missing.
  void append(std::size_t n_features, std::span<const std::uint64_t> ones,
              std::span<const std::uint64_t> missing);

  std::size_t n_rows() const { return n_rows_; }
  /// Turns 0 into 1 and back in the columns that `columns` marks, missing cells left alone.
  void flip(std::span<const std::uint64_t> columns);
  /// Moves the rows and the mask, if there is one, into `data`.
  void move_into(Dataset& data);

 private:
  void flush();

  std::vector<std::uint64_t> ones_;
  std::vector<std::uint64_t> missing_;
  bool any_missing_ = false;
  std::size_t n_rows_ = 0;
  std::size_t n_features_ = 0;
  std::size_t row_length_ = 0;
  unsigned used_ = 0;
  std::uint64_t ones_word_ = 0;
  std::uint64_t missing_word_ = 0;
};

}  // namespace mixbern::io
