// How well does a number of components predict rows that it has not seen?
#pragma once

#include <cstddef>

#include "mixbern/dataset/dataset.hpp"
#include "mixbern/mixture/mixture.hpp"
#include "mixbern/select/bootstrap.hpp"

namespace mixbern {

/// Σ_i w_i log p(x_i) in nats, each row under a fit to the folds that it is not in. Rows are dealt to
/// `n_folds` folds of the same size (give or take one) in an order drawn from the seed; weights that are
/// whole numbers are that many rows, a row with another weight is one. Each fit starts from `mixture`, which
/// was fitted to all of `data`, and from eight random starts. −∞ where a held-out row is impossible, which
/// needs a smoothing of 0; NaN if it was cancelled.
///
/// Smyth, Statistics and Computing 10 (2000) 63-72. REQUIRES: 2 <= n_folds <= rows, and the features agree;
/// std::invalid_argument otherwise. `options.n_samples` and `early_stop` are ignored. Deterministic for a
/// seed, for any number of threads.
double cross_validated_log_likelihood(const Mixture& mixture, const Dataset& data, std::size_t n_folds,
                                      const BootstrapOptions& options = {});

}  // namespace mixbern
