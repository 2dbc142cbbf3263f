// What a way to score the rows of a block is.
#pragma once

#include "data/row_block.hpp"
#include "score/scores.hpp"

namespace mixbern {

/// How log joints are formed. All ways but the last give the same integers.
enum class ScoreBy {
  kTiles,       ///< bits of packed rows times digits of 8 bits, on a processor that multiplies tiles of bytes
  kCandidates,  ///< sums of bytes say who may matter, and only those components are summed up
  kCodes,       ///< one row of a table for each code of a row
  kDoubles,     ///< by codes, in double precision
};

/// A mixture laid out for one of them.
class ScoreWay {
 public:
  virtual ~ScoreWay() = default;
  /// Scores of all rows, for all components or those that can have a part in a row. Several threads may call
  /// at once, for scores of their own.
  virtual void score(RowBlock& rows, Scores& into) const = 0;
};

/// What a way's cost depends on.
struct ScoreShape {
  std::size_t n_components;
  std::size_t n_features;
  bool has_missing;
  double codes_a_row;    ///< of packed rows, 0 for sparse ones
  double largest_units;  ///< an entry of the table at most, in units
};

}  // namespace mixbern
