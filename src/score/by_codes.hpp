// Scores by codes: one row of a table for each code of a row.
#pragma once

#include "score/score_table.hpp"
#include "score/score_way.hpp"

namespace mixbern {

/// Cycles a row, as measured.
double cost_by_codes(const ScoreShape& shape);

/// Of all components, 16 at a time, so that a tile of the table is used often once it is in the cache.
class ByCodes : public ScoreWay {
 public:
  /// `table` is not owned.
  explicit ByCodes(const ScoreTable& table) : table_(table) {}

  /// REQUIRES: the table is laid out.
  void score(RowBlock& rows, Scores& into) const override;

 private:
  const ScoreTable& table_;
};

}  // namespace mixbern
