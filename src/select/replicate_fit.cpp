#include "select/replicate_fit.hpp"

#include "select/refit.hpp"

namespace mixbern {
namespace {

// Deviations are a small part of a standard error each, so refits go on for longer than those of a bootstrap.
constexpr double kTotalTolerance = 1e-9;

// The patterns with the weights of one replicate, which are scaled like those of the whole sample.
Dataset weighted_patterns(const PatternTable& table, const std::vector<double>& replicate) {
  Dataset rows = table.rows;
  rows.weights.assign(table.rows.n_rows(), 0.0);
  double total = 0;
  for (std::size_t i = 0; i < replicate.size(); ++i) {
    if (table.pattern_of_row[i] == kNoPattern) continue;
    rows.weights[table.pattern_of_row[i]] += replicate[i];
    total += replicate[i];
  }
  for (double& weight : rows.weights) weight *= total > 0 ? table.n / total : 0;
  return rows;
}

}  // namespace

Mixture replicate_fit(const Mixture& mixture, const PatternTable& table, const std::vector<double>& weights,
                      const Estimation& estimation, Watch* watch) {
  return refit(weighted_patterns(table, weights), mixture.n_components(), {mixture},
               {.estimation = estimation, .total_tol = kTotalTolerance, .watch = watch})
      .mixture;
}

}  // namespace mixbern
