// How much smoothing? As much as predicts rows best that were not seen.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "mixbern/dataset/dataset.hpp"
#include "mixbern/fit/fit.hpp"

namespace mixbern {

/// A pseudo-count that was tried.
struct SmoothingTrial {
  double smoothing;
  double cv_log_likelihood;  ///< Σ over the folds of the log-likelihood of their rows, nats in total
};

struct SmoothingChoice {
  double smoothing = 0;                     ///< the best of the trials; the smallest of equals
  std::size_t n_folds = 0;                  ///< 0: there were too few rows to choose
  std::vector<SmoothingTrial> trials = {};  ///< ascending
  std::vector<std::string> warnings = {};   ///< sentences for people
};

/// Chooses Estimation::smoothing by cross-validation, toward its smoothing_target. For each fold a
/// mixture of `options.n_components` is fitted to the other folds from eight random starts (from
/// `options.init_model` where `options.init` says so), and from there once more for each pseudo-count that is
/// tried: decades from 0.001 to 100, further out (1e-6 to 1e4) while the best lies at an end, then halves of
/// the step on both sides of the best until it is an eighth of a decade. Labels are held where
/// `options.estimation` says so, for the rows that are not held out.
///
/// `n_folds` is lowered to the number of rows. With fewer than two rows there is nothing to choose by:
/// the smoothing of `options` comes back, with a warning, and so it does if the watch cancels before the
/// first round is done; later, the best so far. Deterministic for a seed, for any number of threads. Throws
/// as fit() and for n_folds < 2. Cost: about 15 warm fits a fold, folds in parallel, each in one thread.
SmoothingChoice choose_smoothing(const Dataset& data, const FitOptions& options, std::size_t n_folds = 5);

}  // namespace mixbern
