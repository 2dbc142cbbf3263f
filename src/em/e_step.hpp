// One pass over a block of rows: scores, responsibilities, sums.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "data/row_facts.hpp"
#include "score/responsibilities.hpp"
#include "score/scorer.hpp"
#include "score/scores.hpp"
#include "sums/sufficient_stats.hpp"
#include "sums/ways.hpp"

namespace mixbern {

/// The memory that a thread works in.
struct Workspace {
  RowBlock rows;
  Scores scores;
  Responsibilities responsibilities;
};

/// Rows a block: the caller's `wanted`, or, if that is 0, as many as keep the working memory in cache.
std::size_t block_rows_for(std::size_t wanted, std::size_t n_components, Arithmetic arithmetic);

/// The E-step with one mixture: fold() every row once, into sums of the layout for the same facts, then read.
class EStep {
 public:
  /// Where fixed point cannot hold the mixture, doubles are used. `scorer`, which no other E-step may use
  /// meanwhile, is not owned. `mostly_shared`: more than half of the rows belong to several components each,
  /// as far as is known; it changes the time that is taken, and no sum.
  EStep(const Mixture& mixture, const RowFacts& facts, Scorer& scorer, const Prior& prior = {},
        bool mostly_shared = true);

  const Ways& ways() const { return ways_; }
  /// Adds the rows of work.rows: log-likelihood and responsibilities, times row weights.
  void fold(Workspace& work, SufficientStats& sums) const;
  /// Total, from the merged and finished sums.
  double log_likelihood(const SufficientStats& sums) const;
  /// The sums as whole numbers, whatever the ways; see SufficientStats.
  std::vector<std::int64_t> whole_numbers(const SufficientStats& sums) const;
  /// A unit of the prior's strength, see LogOdds.
  double log_prior() const { return scorer_.log_prior(); }

 private:
  const Scorer& scorer_;
  Ways ways_;
  bool has_prior_;
};

}  // namespace mixbern
