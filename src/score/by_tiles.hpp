// Scores by tiles: bits of packed rows times digits of 8 bits, on a processor that multiplies tiles of bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/aligned.hpp"
#include "kernels/registry.hpp"
#include "score/score_table.hpp"
#include "score/score_way.hpp"

namespace mixbern {

/// Cycles a row, as measured, with what responsibilities cost more or less by columns; none where it cannot
/// be: without such a kernel, for sparse rows, with missing cells, of too many components.
std::optional<double> cost_by_tiles(const ScoreShape& shape);

/// Sums over the bits of packed rows, not over their codes, and the same to the bit.
class ByTiles : public ScoreWay {
 public:
  /// `table` is not owned.
  explicit ByTiles(ScoreTable& table) : table_(table) {}

  /// The table's entries for ones, rounded to units, in digits. REQUIRES: cost_by_tiles() knows a cost.
  void lay_out();
  void score(RowBlock& rows, Scores& into) const override;

 private:
  std::size_t n_words() const { return BitMatrix::words_for(table_.n_features()); }
  void lay_out_part(std::vector<double>& exact, std::size_t tile, std::size_t word);

  ScoreTable& table_;
  kernel::Digits digits_{};
  AlignedVector<std::int8_t> values_;
};

}  // namespace mixbern
