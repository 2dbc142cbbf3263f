// Who has the rows of a block: all that sums are made of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/aligned.hpp"
#include "data/row_block.hpp"
#include "kernels/registry.hpp"
#include "score/scores.hpp"
#include "score/share_buffer.hpp"

namespace mixbern {

/// Posterior probabilities times weights of rows, as whole numbers of 2^-fraction_bits. Each row of a block
/// is sole (one component has all of it) or shared; rows are numbered within the block. Shares are those of
/// one part of it at a time, or, where all are wanted, amounts of every row and component. Order of calls:
/// (begin take*)*, part by part.
class Responsibilities {
 public:
  /// Of the rows that the scores are of.
  void begin(const RowBlock& rows, const Scores& scores, int fraction_bits);
  /// Who has the rows of a part: the shares of those that are shared, or all amounts, and then no row counts
  /// as sole. REQUIRES for all: scores of all rows, of at most 16 components or in doubles, which have to be
  /// all.
  void take(const Scores& scores, Part part, bool all) {
    if (all) {
      take_all(scores, part);
    } else {
      take_shares(scores, part);
    }
  }

  /// Amount of row i: its weight.
  double amount(std::size_t i) const { return amounts_[i]; }
  /// [rows of the block] the component that has all of it, kernel::kNone where there is none; none at all
  /// where all amounts were taken.
  std::span<const std::uint32_t> sole() const { return sole_; }
  /// Rows of the block so far that components share.
  std::size_t n_shared() const { return n_shared_; }

  /// Of the last part: has it all amounts, or shares?
  bool has_all() const { return has_all_; }
  const kernel::Shares& shares() const { return shares_.get(); }
  /// [rows of the part × stride] all amounts, and [stride] their sums over the rows.
  const AlignedVector<std::int64_t>& all() const { return all_; }
  const std::vector<std::int64_t>& counts() const { return counts_; }

  /// Of the scores' j-th row: the largest score, and Σ_k exp(score − largest). Not in doubles.
  std::span<const std::int32_t> largest() const { return largest_; }
  std::span<const double> totals() const { return totals_; }

 private:
  void take_shares(const Scores& scores, Part part);
  void take_all(const Scores& scores, Part part);
  void take_likelihoods(const Scores& scores, Part part);
  const double* amounts_of(const Scores& scores, Part part);

  std::vector<double> amounts_;         // [rows of the block]
  std::vector<double> scored_amounts_;  // of the scores' rows in a part, where they are not all
  std::vector<std::uint32_t> sole_, scored_sole_;
  std::size_t n_shared_ = 0;
  bool has_all_ = false;
  ShareBuffer shares_;
  std::vector<double> likelihoods_;  // [rows of the part × stride] exp(score − largest)
  AlignedVector<std::int32_t> tile_;
  AlignedVector<std::int64_t> all_;
  std::vector<std::int64_t> counts_;
  std::vector<std::int32_t> largest_;
  std::vector<double> totals_;
};

}  // namespace mixbern
