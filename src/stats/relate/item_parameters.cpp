#include "stats/relate/item_parameters.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mixbern {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

// Beyond it a probability is 0 or 1 in double precision.
constexpr double kMostLogOdds = 34;

std::size_t likeliest(const Mixture& mixture, std::size_t k, const Items::Group& group) {
  const auto answers = mixture.probabilities(k).subspan(group.first, group.size);
  return group.first + static_cast<std::size_t>(std::ranges::max_element(answers) - answers.begin());
}

}  // namespace

FreeParameters free_inside(const Mixture& mixture) {
  FreeParameters free;
  free.weights.assign(mixture.n_components(), kNotFree);
  free.probabilities.assign(mixture.probabilities().size(), kNotFree);
  for (std::size_t j = 0; j < free.probabilities.size(); ++j) {
    const std::size_t k = j / mixture.n_features(), d = j % mixture.n_features();
    const double theta = mixture.probabilities()[j];
    const Items::Group* group = mixture.items().group_of(d);
    if (!(theta > 0 && theta < 1) || (group != nullptr && likeliest(mixture, k, *group) == d)) continue;
    free.probabilities[j] = static_cast<std::ptrdiff_t>(free.count++);
  }
  return free;
}

FreeParameters without_weights(FreeParameters free) {
  const auto n_weights = std::ranges::count_if(free.weights, [](auto at) { return at != kNotFree; });
  std::ranges::fill(free.weights, kNotFree);
  for (std::ptrdiff_t& at : free.probabilities) {
    if (at != kNotFree) at -= n_weights;
  }
  free.count -= static_cast<std::size_t>(n_weights);
  return free;
}

ItemParameters::ItemParameters(Mixture start, FreeParameters free)
    : start_(std::move(start)), free_(std::move(free)) {}

double ItemParameters::log_odds(std::size_t j) const {
  const std::size_t k = j / start_.n_features(), d = j % start_.n_features();
  const Items::Group* group = start_.items().group_of(d);
  const auto theta = start_.probabilities(k);
  const double other = group == nullptr ? 1 - theta[d] : theta[likeliest(start_, k, *group)];
  return std::log(theta[d]) - std::log(other);
}

VectorXd ItemParameters::start() const {
  VectorXd eta(size());
  for (std::size_t j = 0; j < free_.probabilities.size(); ++j) {
    if (free_.probabilities[j] != kNotFree) eta(free_.probabilities[j]) = log_odds(j);
  }
  return eta;
}

Mixture ItemParameters::mixture(const Eigen::Ref<const VectorXd>& eta) const {
  std::vector<double> theta(start_.probabilities().begin(), start_.probabilities().end());
  for (std::size_t j = 0; j < theta.size(); ++j) {
    if (free_.probabilities[j] == kNotFree) continue;
    const double moved = std::clamp(eta(free_.probabilities[j]), -kMostLogOdds, kMostLogOdds);
    theta[j] = start_.items().is_category(j % start_.n_features()) ? moved : 1 / (1 + std::exp(-moved));
  }
  for (std::size_t k = 0; k < start_.n_components(); ++k) {
    for (const Items::Group& group : start_.items().groups()) to_probabilities(k, group, theta);
  }
  return {{start_.weights().begin(), start_.weights().end()}, std::move(theta), start_.items()};
}

// `theta` holds log-odds where it is free; what is held but for the likeliest answer keeps its share of 1.
void ItemParameters::to_probabilities(std::size_t k, const Items::Group& group,
                                      std::vector<double>& theta) const {
  const std::size_t first = k * start_.n_features() + group.first;
  const std::size_t last = k * start_.n_features() + likeliest(start_, k, group);
  double left = 1, sum = 1;
  for (std::size_t j = first; j < first + group.size; ++j) {
    if (free_.probabilities[j] != kNotFree) {
      sum += std::exp(theta[j]);
    } else if (j != last) {
      left -= theta[j];
    }
  }
  for (std::size_t j = first; j < first + group.size; ++j) {
    if (free_.probabilities[j] != kNotFree) theta[j] = left * std::exp(theta[j]) / sum;
  }
  theta[last] = left / sum;
}

}  // namespace mixbern
