// Log joints in fixed point, of the rows of a block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "data/aligned.hpp"
#include "kernels/registry.hpp"
#include "model/screen.hpp"

namespace mixbern {

/// The log joints of a block of rows, and the memory that one thread needs to get them: of all rows, or,
/// where they were screened, of candidates.rows.
struct BlockLanes {
  /// As kernels take them, from the j-th row on.
  kernel::Lanes from(std::size_t j) const {
    if (!is_screened) return {values.data() + j * stride, most, stride, nullptr, nullptr};
    return {values.data(), most, 0, candidates.begins.data() + j, candidates.components.data()};
  }
  /// How many rows; which one of the block the j-th is.
  std::size_t n_rows(std::size_t of_block) const { return is_screened ? candidates.rows.size() : of_block; }
  std::uint32_t row(std::size_t j) const {
    return is_screened ? candidates.rows[j] : static_cast<std::uint32_t>(j);
  }

  /// Value k of row i, where all are there.
  std::int32_t& value(std::size_t i, std::size_t k) {
    return values[is_columns ? kernel::place_in_columns(i, k, stride) : i * stride + k];
  }
  /// All values of row i but k's become −∞.
  void leave_only(std::size_t i, std::size_t k, std::size_t n_components);
  /// Rows begin … end − 1 as one tile, of n_components <= 16. REQUIRES: all are there.
  const std::int32_t* tile(std::size_t begin, std::size_t end, std::size_t n_components);

  /// Puts rows and places in the order of components; a place that is no component's becomes −∞.
  void sort_candidates(std::size_t n_components, bool with_sole);

  AlignedVector<std::int32_t> values;
  std::size_t most = 0;
  std::size_t stride = 0;
  bool is_screened = false;  // values are those of candidates alone
  bool is_columns = false;  // as kernel::AddDense leaves them, `stride` columns; else rows of `stride` values
  Candidates candidates;
  // Rows with one candidate, if their values were asked for, and these.
  std::vector<std::uint32_t> sole_rows;
  std::vector<std::int32_t> sole_values;
  std::size_t unscreened_blocks = 0;  // that are still to come: screening did not pay
  // Candidates by component: row of the block, and where the value belongs.
  std::vector<std::size_t> ends;
  std::vector<std::uint32_t> rows;
  std::vector<std::int32_t*> places;
  std::vector<std::int32_t> sums;
  AlignedVector<std::int32_t> rows_of_tile;
};

}  // namespace mixbern
