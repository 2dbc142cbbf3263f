// Small fits by the hundred: one data set of a bootstrap, in one thread.
#pragma once

#include <cstdint>
#include <vector>

#include "mixbern/dataset/dataset.hpp"
#include "mixbern/fit/estimation.hpp"
#include "mixbern/fit/watch.hpp"
#include "mixbern/mixture/mixture.hpp"

namespace mixbern {

struct RefitOptions {
  std::size_t n_random = 0;  ///< random starts beside the given ones
  Estimation estimation = {};
  std::uint64_t seed = 0;   ///< of the random starts
  double total_tol = 1e-4;  ///< gain still to come, nats in total; at 0.02 one draw in ten stops on a plateau
  Watch* watch = nullptr;   ///< only asked whether it cancels; not owned, may be null
};

struct Refit {
  Mixture mixture;
  double log_likelihood;
};

/// EM from all starts for a few iterations, then from the best four to the end. `rows` should be distinct
/// rows with weights. REQUIRES: all starts have `n_components`, and there is one, given or random.
Refit refit(const Dataset& rows, std::size_t n_components, std::vector<Mixture> starts,
            const RefitOptions& options);

/// `mixture` with component k in two: both keep its probabilities but for normal noise in their log-odds.
Mixture with_split_component(const Mixture& mixture, std::size_t k, std::uint64_t seed);

}  // namespace mixbern
