#include "model/log_odds.hpp"

#include <algorithm>
#include <limits>

#include "base/parallel.hpp"
#include "kernels/registry.hpp"

namespace mixbern {
namespace {

constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();
constexpr std::size_t kCostOfCell = 8;  // two logarithms, in additions

bool has_certain(const Mixture& mixture) {
  const std::span<const double> theta = mixture.probabilities();
  for (std::size_t cell = 0; cell < theta.size(); ++cell) {
    if (theta[cell] == 1 && !mixture.items().is_category(cell % mixture.n_features())) return true;
  }
  return false;
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
  kernel.logarithms(mixture.weights().data(), n_components, base.data());
  for_ranges(n_components, kCostOfCell * n_features, [&](std::size_t first, std::size_t last) {
    const std::size_t begin = first * n_features;
    const std::size_t end = last * n_features;
    for (std::size_t cell = begin; cell < end; ++cell) missing[cell] = 1 - theta[cell];
    kernel.logarithms(theta.data() + begin, end - begin, ones.data() + begin);
    kernel.logarithms(missing.data() + begin, end - begin, missing.data() + begin);
    for (std::size_t k = first; k < last; ++k) log_priors_[k] = assign_component(k, mixture, prior);
  });
  log_prior = 0;
  for (const double component : log_priors_) log_prior += component;
  // Only where some parameter is 0 or 1 is it worth looking which.
  has_certain_ones = log_prior == kMinusInfinity && has_certain(mixture);
}

}  // namespace mixbern
