// Standard errors from the replicate weights that a survey brings along.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "mixbern/dataset/dataset.hpp"
#include "mixbern/fit/estimation.hpp"
#include "mixbern/fit/watch.hpp"
#include "mixbern/mixture/mixture.hpp"
#include "mixbern/statistics/relate.hpp"
#include "mixbern/statistics/standard_errors.hpp"

namespace mixbern {

/// How the replicates were made: balanced repeated replication, with weights of 0 and 2 or, by Fay, of ρ and
/// 2 − ρ; a cluster left out at a time, of all or of its stratum; clusters drawn with replacement.
enum class ReplicateType { kBrr, kFay, kJackknife1, kJackknifeN, kBootstrap };
/// "brr", "fay", "jk1", "jkn", "bootstrap".
std::string_view to_string(ReplicateType type);
std::optional<ReplicateType> replicate_type_from_string(std::string_view name);

struct ReplicateKind {
  ReplicateType type = ReplicateType::kBrr;
  double fay = 0;  ///< ρ of kFay, 0 ≤ ρ < 1
};

struct ReplicateWeights {
  std::vector<std::vector<double>> weights = {};  ///< one list a replicate, each with one entry a row
  std::vector<double> factors = {};               ///< what a squared deviation of each counts
};

/// With factors 1/R for BRR and bootstrap, 1/(R (1 − ρ)²) by Fay, (R − 1)/R for a jackknife of all clusters,
/// where there are R replicates; for one of strata (n_h − 1)/n_h, which is the least ratio of a row's weight
/// in the whole sample, one of `whole` or 1 where that is empty, to its weight in the replicate (Wolter,
/// Introduction to Variance Estimation (2007), chapters 3-5). Throws std::invalid_argument for weights that
/// are negative or not finite, all 0, or of other rows, and for fewer than two replicates.
ReplicateWeights replicate_weights(ReplicateKind kind, std::vector<std::vector<double>> weights,
                                   std::span<const double> whole);

/// Of variances from them: the rank of their weights less 1, as R's survey has it. O(R² rows).
double degrees_of_freedom(const ReplicateWeights& replicates);

struct ReplicateOptions {
  Estimation estimation = {};  ///< of the fit
  unsigned threads = 0;        ///< 0: all processors; never changes a result
  /// Not owned; may be null. What is not done when it cancels is not counted, and the factors no longer hold.
  Watch* watch = nullptr;
};

/// Σ_r factor_r (θ_r − θ)², where θ_r is the estimate from replicate r's weights, reached from `mixture`, so
/// that components stay what they are; each replicate's weights are scaled to the sum of those of `data`.
/// Throws std::invalid_argument where
/// features or rows differ. Cost: an EM from near its end, a replicate.
StandardErrors replicate_standard_errors(const Mixture& mixture, const Dataset& data,
                                         const ReplicateWeights& replicates,
                                         const ReplicateOptions& options = {});

/// relate_covariates() and relate_outcome() with the covariance, and the tests, that relations from each
/// replicate's weights have, all steps made again. Standard errors of the last step stay those of the whole
/// sample. Replicates in which a covariate does not vary are left out and told. Throw as those and as above.
Relation relate_covariates(const Mixture& mixture, const Dataset& data, const DesignMatrix& design,
                           const ReplicateWeights& replicates, const RelateOptions& options);
OutcomeRelation relate_outcome(const Mixture& mixture, const Dataset& data, const Variable& outcome,
                               OutcomeKind kind, const ReplicateWeights& replicates,
                               const RelateOptions& options);

}  // namespace mixbern
