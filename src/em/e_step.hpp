// One pass over a block of rows: posteriors, then sums.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mixbern/dataset.hpp"
#include "model/log_joint.hpp"
#include "model/sufficient_stats.hpp"

namespace mixbern {

/// Statistics and the working memory of one thread.
struct Accumulator {
  explicit Accumulator(const StatsLayout& layout) : stats(layout) {}
  SufficientStats stats;
  std::vector<double> values;
  std::vector<double> log_likelihoods;
  std::vector<double> factors;
  std::vector<std::int64_t> fixed;
};

StatsLayout layout_for(const Dataset& data, std::size_t n_components);

/// Adds rows begin … end-1 to `into`: log-likelihood and responsibilities under `joint`, times row weights.
void e_step(const LogJoint& joint, const Dataset& data, std::size_t begin, std::size_t end, bool hold_labels,
            Accumulator& into);

/// Adds Σ_i fixed_ik and Σ_i fixed_ik x_id for into.fixed, (end − begin) × stride fixed-point
/// responsibilities, to the statistics.
void add_responsibilities(const Dataset& data, std::size_t begin, std::size_t end, Accumulator& into);

}  // namespace mixbern
