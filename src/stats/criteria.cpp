#include "mixbern/statistics/criteria.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "stats/patterns.hpp"

namespace mixbern {
namespace {

double entropy_of(std::span<const double> shares) {
  double sum = 0;
  for (const double share : shares) {
    if (share > 0) sum -= share * std::log(share);
  }
  return sum;
}

// 1 − part / whole; 1 where there is nothing to be uncertain about.
double one_minus_ratio(double part, double whole) {
  return whole > 0 ? 1 - part / whole : 1;
}

void add_row(std::span<const double> posterior, double weight, Classification& sums) {
  const std::size_t n_components = posterior.size();
  const auto mode = static_cast<std::size_t>(std::ranges::max_element(posterior) - posterior.begin());
  sums.uncertainty += weight * entropy_of(posterior);
  sums.error += weight * (1 - posterior[mode]);
  sums.sizes_by_mode[mode] += weight;
  for (std::size_t k = 0; k < n_components; ++k) {
    sums.sizes_by_posterior[k] += weight * posterior[k];
    sums.average_posteriors[mode * n_components + k] += weight * posterior[k];
  }
}

void sums_to_shares(const Mixture& mixture, Classification& sums) {
  const std::size_t n_components = mixture.n_components();
  for (std::size_t j = 0; j < n_components; ++j) {
    for (std::size_t k = 0; k < n_components; ++k) {
      double& entry = sums.average_posteriors[j * n_components + k];
      entry = sums.sizes_by_mode[j] > 0 ? entry / sums.sizes_by_mode[j]
                                        : std::numeric_limits<double>::quiet_NaN();
    }
  }
  sums.entropy = one_minus_ratio(sums.uncertainty, sums.n * std::log(static_cast<double>(n_components)));
  sums.entropy_r2 = one_minus_ratio(sums.uncertainty, sums.n * entropy_of(mixture.weights()));
  if (sums.n <= 0) return;
  sums.error /= sums.n;
  for (double& size : sums.sizes_by_posterior) size /= sums.n;
  for (double& size : sums.sizes_by_mode) size /= sums.n;
}

}  // namespace

Classification classification(const Mixture& mixture, const Dataset& data, const PosteriorOptions& options) {
  const PatternTable table = count_patterns(data, options.semi_supervised);
  const std::size_t n_components = mixture.n_components();
  Classification sums;
  sums.n = table.n;
  sums.sizes_by_posterior.assign(n_components, 0.0);
  sums.sizes_by_mode.assign(n_components, 0.0);
  sums.average_posteriors.assign(n_components * n_components, 0.0);
  for_each_posterior(mixture, table.rows, options, [&](const PosteriorBlock& block) {
    for (std::size_t i = 0; i < block.n_rows; ++i) {
      add_row(block.responsibilities.subspan(i * n_components, n_components),
              table.rows.weights[block.first_row + i], sums);
    }
  });
  sums_to_shares(mixture, sums);
  return sums;
}

Criteria criteria(double log_likelihood, std::size_t n_parameters, double n, double uncertainty) {
  const auto p = static_cast<double>(n_parameters);
  const double deviance = -2 * log_likelihood;
  const double classified = log_likelihood - uncertainty;
  const double bic = deviance + p * std::log(n);
  return {.aic = deviance + 2 * p,
          .aic3 = deviance + 3 * p,
          .bic = bic,
          .sabic = deviance + p * std::log((n + 2) / 24),
          .caic = bic + p,
          .icl_bic = bic + 2 * uncertainty,
          .awe = -2 * classified + 2 * p * (1.5 + std::log(n)),
          .classification_log_likelihood = classified};
}

}  // namespace mixbern
