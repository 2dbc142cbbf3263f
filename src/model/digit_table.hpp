// Log odds in digits of 8 bits, for processors that multiply tiles of bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "data/aligned.hpp"
#include "kernels/registry.hpp"
#include "model/block_lanes.hpp"
#include "model/row_block.hpp"

namespace mixbern {

/// The table of FixedLogJoint for ones once more, as kernel::AddDense wants it: sums over the bits of packed
/// rows, not over their codes, and the same to the bit.
class DigitTable {
 public:
  /// For entries of at most so many units, in either direction.
  void set_shape(std::size_t n_components, std::size_t n_features, double largest);
  /// Of log joints and responsibilities, in cycles a row, as measured.
  double cost() const;

  /// `exact`, [K × D], becomes what rounding to units takes off. REQUIRES: a shape.
  void quantise(std::vector<double>& exact, double unit);
  /// start[k] + Σ_{x_d = 1} w_kd, into columns. `start` is read as far as there are columns: K and four more
  /// at most.
  void add(const RowBlock& rows, const std::int32_t* start, BlockLanes& into) const;

 private:
  std::size_t n_words() const { return BitMatrix::words_for(n_features_); }
  void quantise_part(std::vector<double>& exact, double unit, std::size_t tile, std::size_t word);

  std::size_t n_components_ = 0;
  std::size_t n_features_ = 0;
  kernel::Digits shape_{};
  AlignedVector<std::int8_t> values_;
};

}  // namespace mixbern
