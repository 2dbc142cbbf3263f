// The entries of a table of scores, in whole units.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/aligned.hpp"
#include "data/row_block.hpp"
#include "kernels/registry.hpp"

namespace mixbern {

/// One of the two tables of a ScoreTable: for ones, or for missing cells; K × D. A term c_d that all
/// components share changes no posterior, so that the middle between their extremes is taken off. Order of
/// calls: (centre (round (find_spreads)?)?)*.
class Entries {
 public:
  /// Takes the middles off `exact`. `totals`: Σ_i w_i x_id.
  void centre(std::vector<double>& exact, const std::vector<double>& totals, Encoding encoding);
  /// The largest entry, in either direction.
  double largest() const;
  /// Rounds what centre() left to units, as tiles by code; with `by_component` also as rows of weights().
  /// `exact` becomes what rounding takes off.
  void round(std::vector<double>& exact, double unit, bool by_component);
  /// How far the entries of each code are from zero at most, in units. False if 32 bits cannot hold twice as
  /// much.
  bool find_spreads(double unit);

  Encoding encoding() const { return encoding_; }
  std::size_t n_codes() const { return mixbern::n_codes(encoding_, half_ranges_.size()); }
  /// Entries of components 16 t … 16 t + 15: [codes × 16].
  const std::int32_t* tile(std::size_t t) const { return tiles_.data() + t * kernel::kSlots * n_codes(); }
  /// Components of tile t; the entries of others are 0.
  std::size_t n_used(std::size_t t) const {
    return std::min(kernel::kSlots, n_components_ - t * kernel::kSlots);
  }
  const std::vector<std::int32_t>& spreads() const { return spreads_; }
  /// Entries of component k by feature, width() of them.
  const std::int32_t* weights(std::size_t k) const { return weights_.data() + k * width(); }
  std::size_t width() const { return 64 * BitMatrix::words_for(half_ranges_.size()); }
  /// Σ_d c_d Σ_i w_i x_id: what the middles make of the log-likelihood.
  double shared() const { return shared_; }

 private:
  void round_part(std::vector<double>& exact, double unit, std::size_t tile, std::size_t first_feature);

  std::size_t n_components_ = 0;
  Encoding encoding_ = Encoding::kColumns;
  std::vector<double> middles_, half_ranges_;  // [D]
  double shared_ = 0;
  AlignedVector<std::int32_t> tiles_;  // tiles × codes × 16
  std::vector<std::int32_t> spreads_;  // [codes]
  AlignedVector<std::int32_t> weights_;
};

}  // namespace mixbern
