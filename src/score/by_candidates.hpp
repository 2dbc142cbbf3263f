// Scores by candidates: sums of bytes say who may matter, and only those components are summed up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "score/by_codes.hpp"
#include "score/coarse_table.hpp"
#include "score/score_table.hpp"
#include "score/score_way.hpp"

namespace mixbern {

/// Whether the kernel in use has sums of bytes.
bool can_find_candidates();
/// Cycles a row, as measured where few candidates are left; none where that cannot be, or never pays: of few
/// components.
std::optional<double> cost_by_candidates(const ScoreShape& shape);

/// Of rows with several candidates, those; of the others none but who it is, and its score if that is wanted.
/// Blocks with held labels, and those where too many are left, are scored by codes.
class ByCandidates : public ScoreWay {
 public:
  /// `table` is not owned.
  explicit ByCandidates(ScoreTable& table) : table_(table), by_codes_(table) {}

  /// Lays out the table and its coarse one; false, with the table laid out by codes, if rows have too many
  /// codes for sums of 16 bits. `scores_sole`: scores of rows with one candidate are wanted.
  bool lay_out(const RowFacts& facts, bool scores_sole);
  void score(RowBlock& rows, Scores& into) const override;

 private:
  void add_up(const RowBlock& rows, Candidates& of) const;
  void add_entries(const RowsView& bits, const RowCodes& codes, std::span<const std::uint32_t> rows,
                   const Entries& entries, std::size_t k, std::int32_t* scores) const;

  ScoreTable& table_;
  ByCodes by_codes_;
  CoarseTable coarse_;
  bool scores_sole_ = true;
};

}  // namespace mixbern
