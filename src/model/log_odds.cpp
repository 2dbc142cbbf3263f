#include "model/log_odds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/parallel.hpp"
#include "kernels/registry.hpp"
#include "mixbern/mixture/fixed.hpp"

namespace mixbern {
namespace {

constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();
constexpr std::size_t kCostOfCell = 8;  // two logarithms, in additions

bool some_is_one(const Mixture& mixture) {
  const std::span<const double> theta = mixture.probabilities();
  for (std::size_t cell = 0; cell < theta.size(); ++cell) {
    if (theta[cell] == 1 && !mixture.items().is_category(cell % mixture.n_features())) return true;
  }
  return false;
}

// Of what is not held. Held weights are inside their bounds.
double log_prior_of_free(const Mixture& mixture, const Prior& prior) {
  double log_density = 0;
  for (const double weight : mixture.weights()) log_density += std::log(weight);
  const std::vector<bool> held = fixed_probabilities(mixture);
  for (std::size_t cell = 0; cell < held.size(); ++cell) {
    if (held[cell]) continue;
    const std::size_t d = cell % mixture.n_features();
    const double theta = mixture.probabilities()[cell];
    const auto n_answers = static_cast<double>(mixture.items().n_answers(d));
    const double pseudo_ones = n_answers * prior.mean(d, n_answers);
    log_density += pseudo_ones * std::log(theta);
    if (!mixture.items().is_category(d)) log_density += (2 - pseudo_ones) * std::log(1 - theta);
  }
  return log_density;
}

}  // namespace

// Expects the logarithms of θ and 1 − θ in `ones` and `missing`.
double LogOdds::assign_component(std::size_t k, const Mixture& mixture, const Prior& prior) {
  double log_density = base[k];
  mixture.items().for_each_stretch(
      n_features_,
      [&](std::size_t begin, std::size_t end) {
        log_density = assign_binary(k, begin, end, prior, log_density);
      },
      [&](const Items::Group& group) { log_density += assign_category(k, group, prior); });
  return log_density;
}

// Returns `log_density` with that of the prior.
double LogOdds::assign_binary(std::size_t k, std::size_t begin, std::size_t end, const Prior& prior,
                              double log_density) {
  double sum = 0;
  for (std::size_t d = begin; d < end; ++d) {
    const std::size_t cell = k * n_features_ + d;
    const double pseudo_ones = 2 * prior.mean(d, 2);
    const double log_theta = ones[cell];
    const double log_complement = missing[cell];
    log_density += pseudo_ones * log_theta + (2 - pseudo_ones) * log_complement;
    const bool certain = log_complement == kMinusInfinity;
    sum += certain ? 0 : log_complement;
    ones[cell] = certain ? 0 : log_theta - log_complement;
    missing[cell] = certain ? 0 : -log_complement;
  }
  base[k] += sum;
  return log_density;
}

double LogOdds::assign_category(std::size_t k, const Items::Group& group, const Prior& prior) {
  const auto n_answers = static_cast<double>(group.size);
  double log_density = 0;
  for (std::size_t d = group.first; d < group.end(); ++d) {
    log_density += n_answers * prior.mean(d, n_answers) * ones[k * n_features_ + d];
    missing[k * n_features_ + d] = 0;
  }
  return log_density;
}

void LogOdds::assign(const Mixture& mixture, const Prior& prior) {
  const auto& kernel = kernel::active();
  const std::span<const double> theta = mixture.probabilities();
  const std::size_t n_features = n_features_ = mixture.n_features();
  const std::size_t n_components = mixture.n_components();
  ones.resize(theta.size());
  missing.resize(theta.size());
  log_priors_.resize(n_components);
  base.resize(n_components);
  kernel.series.logarithms(mixture.weights().data(), n_components, base.data());
  for_ranges(n_components, kCostOfCell * n_features, [&](std::size_t first, std::size_t last) {
    const std::size_t begin = first * n_features;
    const std::size_t end = last * n_features;
    for (std::size_t cell = begin; cell < end; ++cell) missing[cell] = 1 - theta[cell];
    kernel.series.logarithms(theta.data() + begin, end - begin, ones.data() + begin);
    kernel.series.logarithms(missing.data() + begin, end - begin, missing.data() + begin);
    for (std::size_t k = first; k < last; ++k) log_priors_[k] = assign_component(k, mixture, prior);
  });
  log_prior = 0;
  for (const double component : log_priors_) log_prior += component;
  // Only where some parameter is 0 or 1 is it worth looking which.
  has_certain = log_prior == kMinusInfinity;
  has_certain_ones = has_certain && some_is_one(mixture);
  if (has_certain && !mixture.ties().held().empty()) log_prior = log_prior_of_free(mixture, prior);
}

}  // namespace mixbern
