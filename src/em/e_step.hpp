// One pass over a block of rows: posteriors, then sums.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mixbern/dataset.hpp"
#include "model/fixed_log_joint.hpp"
#include "model/log_joint.hpp"
#include "model/row_facts.hpp"
#include "model/sufficient_stats.hpp"

namespace mixbern {

/// Statistics and the working memory of one thread.
struct Accumulator {
  explicit Accumulator(const StatsLayout& layout) : stats(layout) {}
  SufficientStats stats;
  RowBlock rows;
  bool mostly_shared = false;                       // by several components each, rows of the last block
  std::vector<double> values;                       // log joints, then posteriors
  BlockLanes lanes;                                 // log joints in fixed point
  std::vector<std::int32_t> maxima;                 // of each row of these
  std::vector<double> lane_factors;                 // and its factor
  std::vector<std::uint32_t> lane_sole;             // and the component that has all of it, if there is one
  std::vector<std::uint32_t> sole;                  // that component by row of the block
  std::vector<std::uint32_t> sole_ends, sole_rows;  // of each component, such rows
  std::vector<double> log_likelihoods;              // in fixed point: sums, then their logarithms
  std::vector<double> sums;                         // of a row's joint probabilities
  std::vector<double> factors;
  std::vector<std::uint32_t> shared, share_begins, share_components;  // kernel::Shares of some rows
  std::vector<std::uint32_t> crowded;                                 // rows that many components share
  std::vector<std::int64_t> share_amounts;
  std::vector<std::int64_t> fixed;  // responsibilities, rows × stride
};

/// How rows that one component takes whole are added up.
enum class WholeRowsBy { kBits, kColumns, kAmount };

/// A mixture as the rows need it, in memory that the next one uses again.
struct JointTables {
  LogJoint exact;
  FixedLogJoint fixed;
};

StatsLayout layout_for(const RowFacts& facts, std::size_t n_components);

/// Rows a block: the caller's `wanted`, or, if that is 0, as many as keep the working memory in cache.
std::size_t block_rows_for(std::size_t wanted, std::size_t n_components, Arithmetic arithmetic);

/// The E-step with one mixture: fold() every row once, into accumulators of the layout for the same facts,
/// then read.
class EStep {
 public:
  /// Where fixed point cannot hold the mixture, doubles are used. `data`, `facts` and `tables`, which no
  /// other E-step may use meanwhile, are not owned.
  EStep(const Mixture& mixture, const Dataset& data, const RowFacts& facts, bool hold_labels,
        JointTables& tables, const Prior& prior = {});

  /// Adds rows begin … end-1: log-likelihood and responsibilities, times row weights.
  void fold(std::size_t begin, std::size_t end, Accumulator& into) const;
  /// Total, from the merged and finished statistics.
  double log_likelihood(const SufficientStats& stats) const;
  /// A unit of the prior's strength, see LogOdds.
  double log_prior() const { return is_fixed_ ? tables_.fixed.log_prior() : tables_.exact.log_prior(); }

 private:
  void fold_fixed(Accumulator& into) const;
  void fold_all(Accumulator& into) const;
  void fold_exact(Accumulator& into) const;
  void take_softmax(Accumulator& into) const;
  void add_shares(const kernel::Shares& shares, std::size_t begin, Accumulator& into) const;
  void add_row(const kernel::Shares& shares, std::uint32_t j, std::size_t begin, Accumulator& into) const;
  void add_crowded(const kernel::Shares& shares, std::size_t begin, Accumulator& into) const;
  void add_log_likelihoods(bool with_sole, Accumulator& into) const;
  void add_weighted_log_likelihoods(Accumulator& into) const;
  void add_sole_rows(WholeRowsBy by, Accumulator& into) const;
  void add_sole_bits(Accumulator& into) const;

  const Dataset& data_;
  const RowFacts& facts_;
  bool hold_labels_;
  const JointTables& tables_;
  bool is_fixed_;
};

}  // namespace mixbern
