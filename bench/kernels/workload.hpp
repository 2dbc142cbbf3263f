// Rows, tables and buffers like those that EM hands to the kernels.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/aligned.hpp"
#include "kernels/kernel_table.hpp"

namespace mixbern::bench {

struct Shape {
  const char* name;
  std::size_t n_rows;
  std::size_t n_columns;
  double density;  // share of ones
  double run;      // mean length of a run of ones; 1 / (1 − density) where neighbours are independent
  bool groups;     // coded by groups of four columns
  std::size_t n_components;
  double others;  // mean number of components that have a part in a row besides the nearest one
};

/// One code list for each row.
struct Codes {
  std::size_t size() const { return offsets.back(); }

  AlignedVector<std::uint64_t> offsets;
  AlignedVector<std::uint32_t> codes;
};

/// All memory starts on cache lines. Blocks have as many rows as in EM, and what a block leaves is
/// overwritten by the next, so that buffers are in the caches where EM has them.
struct Workload {
  explicit Workload(const Shape& shape);

  const Codes& codes() const { return coded_as_groups ? groups : columns; }

  std::size_t n_rows, n_components, words_per_row, stride, slots, slots_stride;
  std::size_t exact_block, fixed_block, n_kept;  // rows: of a block in doubles, in integers, in `values`
  bool coded_as_groups;
  std::size_t n_codes;  // rows of the tables
  AlignedVector<std::uint64_t> words;
  Codes columns, groups, decoded;
  AlignedVector<std::uint32_t> components;  // of each row

  AlignedVector<double> table;        // n_codes × stride
  AlignedVector<std::int32_t> tiles;  // slots / 16 × n_codes × 16
  AlignedVector<std::int8_t> digit_values;
  kernel::Digits digits;  // three, as on images
  std::size_t n_digit_columns;
  AlignedVector<double> base;
  AlignedVector<std::int32_t> base_in_units;
  AlignedVector<double> joint;                 // exact_block × stride, summed up
  AlignedVector<std::int32_t> joint_in_units;  // fixed_block × slots_stride, summed up
  // Of fixed_block and of n_kept rows, as tiles leave them.
  AlignedVector<std::int32_t> columns_of_block, columns_of_values;

  AlignedVector<double> posteriors;    // exact_block × stride
  AlignedVector<std::int32_t> values;  // n_kept × slots_stride: log joints, of which `others` + 1 count
  AlignedVector<std::int64_t> parts;   // n_kept × stride: `others` + 1 in a row are not zero, at least two
  std::size_t n_added;                 // numbers that adding `parts` to the codes of all rows adds
  AlignedVector<double> factors, maxima, sums;
  AlignedVector<std::int32_t> maxima_in_units;
  AlignedVector<std::uint32_t> sole, shared, share_begins, share_components;
  AlignedVector<std::int64_t> share_amounts;
  AlignedVector<std::int32_t> lifts;  // n_codes
  AlignedVector<std::uint8_t> lines;  // slots / 64 × n_codes × 64
  std::size_t n_lines, words_stride;  // of coarse sums
  AlignedVector<std::uint16_t> coarse,
      reaches;  // fixed_block × words_stride; such that `others` + 1 are candidates
  AlignedVector<std::uint32_t> candidate_sole, candidate_rows, candidate_begins, candidate_components;
  AlignedVector<kernel::WeightedRow> weighted;  // each row once, with its component
  AlignedVector<std::uint32_t> row_numbers;
  AlignedVector<std::int64_t> feature_sums;         // words_per_row × 64
  AlignedVector<std::int32_t> weights, dots;        // words_per_row × 64; a number a row
  AlignedVector<std::int64_t> fixed, ones;          // ones: n_codes × stride
  AlignedVector<std::int64_t> counts;               // [stride]
  AlignedVector<std::uint64_t> planes;              // n_components × 8 × words_per_row
  AlignedVector<double> probabilities, logarithms;  // n_components × n_columns

 private:
  void draw_rows(const Shape& shape);
  void draw_tables(const Shape& shape);
  void draw_parts(const Shape& shape);
  void draw_screen(const Shape& shape);
};

/// Calls body(first row, number of rows).
template <class Body>
void in_blocks(std::size_t n_rows, std::size_t block, Body body) {
  for (std::size_t begin = 0; begin < n_rows; begin += block) body(begin, std::min(block, n_rows - begin));
}

// Of values in fixed point, as coarse as it gets, so that many components far apart fit 32 bits.
constexpr double kUnit = 1.0 / 65536;
// Rows whose responsibilities EM holds at a time in fixed point.
constexpr std::size_t kSubBlock = 64;

}  // namespace mixbern::bench
