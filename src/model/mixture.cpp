#include "mixbern/mixture/mixture.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace mixbern {

namespace {

void normalise(std::span<double> answers) {
  double sum = 0;
  for (const double p : answers) sum += p;
  if (!(sum > 0)) throw std::invalid_argument("Mixture: the answers of an item need a positive sum");
  if (std::abs(sum - 1) <= 1e-12) return;
  for (double& p : answers) p = std::min(p / sum, 1.0);
}

}  // namespace

Mixture::Mixture(std::vector<double> weights, std::vector<double> probabilities, Items items, Ties ties)
    : weights_(std::move(weights)),
      probabilities_(std::move(probabilities)),
      items_(std::move(items)),
      ties_(std::move(ties)) {
  if (weights_.empty() || probabilities_.empty() || probabilities_.size() % weights_.size() != 0) {
    throw std::invalid_argument("Mixture: need K >= 1 weights and K x D probabilities with D >= 1");
  }
  double sum = 0;
  for (const double weight : weights_) {
    if (!(std::isfinite(weight) && weight >= 0)) {
      throw std::invalid_argument("Mixture: weights must be finite and not negative");
    }
    sum += weight;
  }
  if (!(sum > 0 && std::isfinite(sum)))
    throw std::invalid_argument("Mixture: the sum of the weights must be positive");
  // Weights that already sum to 1 keep their bits, so that a model read back is the model that was written.
  if (std::abs(sum - 1) > 1e-12) {
    for (double& weight : weights_) weight /= sum;
  }
  for (const double p : probabilities_) {
    if (!(p >= 0 && p <= 1)) throw std::invalid_argument("Mixture: probabilities must lie in [0, 1]");
  }
  if (!items_.all_binary()) normalise_answers();
  if (!ties_.none()) ties_.impose(weights_, probabilities_);
}

void Mixture::normalise_answers() {
  if (items_.groups().back().end() > n_features())
    throw std::invalid_argument("Mixture: the items have more features than there are probabilities");
  for (std::size_t k = 0; k < n_components(); ++k) {
    const std::span<double> theta(probabilities_.data() + k * n_features(), n_features());
    for (const Items::Group& group : items_.groups()) normalise(theta.subspan(group.first, group.size));
  }
}

std::vector<std::size_t> order_by_weight(const Mixture& mixture) {
  std::vector<std::size_t> order(mixture.n_components());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto weights = mixture.weights();
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return weights[a] > weights[b]; });
  return order;
}

Mixture constrained(const Mixture& mixture, const Ties& ties) {
  return {{mixture.weights().begin(), mixture.weights().end()},
          {mixture.probabilities().begin(), mixture.probabilities().end()},
          mixture.items(),
          ties};
}

Mixture permuted(const Mixture& mixture, std::span<const std::size_t> order) {
  std::vector<std::size_t> sorted(order.begin(), order.end());
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    if (sorted.size() != mixture.n_components() || sorted[k] != k) {
      throw std::invalid_argument("permuted: order must be a permutation of the components");
    }
  }
  std::vector<double> weights;
  std::vector<double> probabilities;
  probabilities.reserve(mixture.probabilities().size());
  for (const std::size_t k : order) {
    weights.push_back(mixture.weights()[k]);
    const auto row = mixture.probabilities(k);
    probabilities.insert(probabilities.end(), row.begin(), row.end());
  }
  Ties ties(permuted(mixture.ties().constraints(), order), order.size(), mixture.n_features(),
            mixture.items());
  return {std::move(weights), std::move(probabilities), mixture.items(), std::move(ties)};
}

}  // namespace mixbern
