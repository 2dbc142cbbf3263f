#include "model/log_odds.hpp"

#include <algorithm>
#include <limits>

#include "kernels/registry.hpp"

namespace mixbern {

LogOdds::LogOdds(const Mixture& mixture)
    : ones(mixture.probabilities().begin(), mixture.probabilities().end()),
      missing(ones.size()),
      base(mixture.weights().begin(), mixture.weights().end()) {
  const auto& kernel = kernel::active();
  const std::size_t n_features = mixture.n_features();
  std::transform(ones.begin(), ones.end(), missing.begin(), [](double theta) { return 1 - theta; });
  kernel.logarithms(ones.data(), ones.size(), ones.data());
  kernel.logarithms(missing.data(), missing.size(), missing.data());
  kernel.logarithms(base.data(), base.size(), base.data());
  for (std::size_t k = 0; k < base.size(); ++k) {
    log_prior += base[k];
    double sum = 0;
    for (std::size_t cell = k * n_features; cell < (k + 1) * n_features; ++cell) {
      const double log_theta = ones[cell];
      const double log_complement = missing[cell];
      log_prior += log_theta + log_complement;
      const bool certain = log_complement == -std::numeric_limits<double>::infinity();
      has_certain_ones |= certain;
      sum += certain ? 0 : log_complement;
      ones[cell] = certain ? 0 : log_theta - log_complement;
      missing[cell] = certain ? 0 : -log_complement;
    }
    base[k] += sum;
  }
}

}  // namespace mixbern
