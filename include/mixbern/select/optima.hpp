// Local optima: which ones the starts of a fit ended in, and more starts until the best is met again.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "mixbern/fit/fit.hpp"

namespace mixbern {

/// Starts that ended at the same log-likelihood.
struct Optimum {
  double log_likelihood;  ///< the largest of them
  std::size_t n_init;     ///< how many
};

/// Best first; log-likelihoods within `margin` nats in total of the best of a group belong to it, see
/// FitResult::optimum_margin (by default 1e-6 of the best). NaN entries (starts that never ran) count
/// nowhere. Where starts raced (more than 3 million additions an iteration), those that were dropped early
/// stand where they were dropped.
std::vector<Optimum> distinct_optima(std::span<const double> log_likelihoods,
                                     std::optional<double> margin = {});

struct ReplicationOptions {
  std::size_t n_replications = 2;  ///< starts that have to reach the best log-likelihood
  std::size_t n_rounds = 8;        ///< fits at most, each with as many starts as the first
};

/// fit(), again with other starts until `n_replications` of all of them reached the best log-likelihood. What
/// comes out is the best of all, with the log-likelihoods of all starts. One round only where starts do not
/// differ (one component, labels, a model), where fit() itself searched until a better optimum was unlikely,
/// or are dear: distinct rows · (D + 30) · K above 400,000. Deterministic for a seed.
FitResult fit_replicated(const Dataset& data, const FitOptions& options,
                         const ReplicationOptions& replication = {});

/// Components that are not what they seem.
struct ComponentProblems {
  std::vector<std::pair<std::size_t, std::size_t>> duplicates;  ///< all probabilities within 0.001
  std::vector<std::size_t> empty;                               ///< fewer than half a row
};
ComponentProblems component_problems(const Mixture& mixture, double n_rows);

/// Whether starts hardly ever end in the same optimum: with many features, as those of images and
/// fingerprints, one that was reached once is nothing to be warned of.
bool starts_end_apart(const Mixture& mixture);

/// Sentences for people: the best optimum was reached once only; components coincide or are empty, by number
/// from 1.
std::vector<std::string> optima_warnings(const FitResult& result);

}  // namespace mixbern
