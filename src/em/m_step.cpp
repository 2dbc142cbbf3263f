#include "em/m_step.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "base/parallel.hpp"

namespace mixbern {
namespace {

constexpr double kBelowOne = std::numeric_limits<double>::epsilon() / 2;  // from the next smaller number to 1

// Of features begin … end − 1, of items of so many answers.
void divide(const SufficientStats& sums, std::size_t k, std::size_t begin, std::size_t end, double n_answers,
            const double* previous, const Prior& prior, double* theta) {
  for (std::size_t d = begin; d < end; ++d) {
    const double denominator = sums.observed(k, d) + n_answers * prior.strength;
    const double numerator = sums.ones(k, d) + n_answers * prior.strength * prior.mean(d, n_answers);
    theta[d] = denominator > 0 ? std::min(numerator / denominator, 1.0) : previous[d];
  }
}

// The answers of a categorical item are observed together, so that their quotients sum to 1.
void maximise_component(const SufficientStats& sums, std::size_t k, const Mixture& previous,
                        const Prior& prior, double* theta) {
  const double* before = previous.probabilities(k).data();
  previous.items().for_each_stretch(
      previous.n_features(),
      [&](std::size_t begin, std::size_t end) { divide(sums, k, begin, end, 2, before, prior, theta); },
      [&](const Items::Group& group) {
        const auto n_answers = static_cast<double>(group.size);
        divide(sums, k, group.first, group.end(), n_answers, before, prior, theta);
      });
}

// A sum that is 0 at this resolution need not be 0: a row that contradicts the bound may have a
// responsibility below half a unit, and a bound is never left again. Nor is a probability 1 that rounding
// makes so.
void keep_off_bounds(const SufficientStats& sums, std::size_t k, std::span<const double> previous,
                     const Prior& prior, std::span<const std::size_t> constant, double* theta) {
  if (prior.strength > 0) {
    for (const std::size_t d : constant)
      theta[d] = std::clamp(theta[d], kUnseenProbability, 1 - kUnseenProbability);
    return;
  }
  for (std::size_t d = 0; d < sums.layout().n_features; ++d) {
    if (std::ranges::binary_search(constant, d)) continue;
    const double observed = sums.observed(k, d);
    const double closest = observed > 0 ? std::min(sums.least() / observed, 0.5) : 0;
    const double closest_to_one = std::max(closest, kBelowOne);
    theta[d] =
        std::clamp(theta[d], std::min(closest, previous[d]), 1 - std::min(closest_to_one, 1 - previous[d]));
  }
}

}  // namespace

Mixture maximise(const SufficientStats& sums, const Mixture& previous, const Prior& prior,
                 std::optional<std::span<const std::size_t>> constant) {
  const std::size_t n_components = sums.layout().n_components, n_features = sums.layout().n_features;
  std::vector<double> weights(n_components);
  double sum = 0;
  for (std::size_t k = 0; k < n_components; ++k) sum += weights[k] = sums.count(k) + prior.strength;
  if (!(sum > 0)) weights.assign(previous.weights().begin(), previous.weights().end());
  std::vector<double> probabilities(n_components * n_features);
  for_ranges(n_components, 4 * n_features, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      double* theta = probabilities.data() + k * n_features;
      maximise_component(sums, k, previous, prior, theta);
      if (constant) keep_off_bounds(sums, k, previous.probabilities(k), prior, *constant, theta);
    }
  });
  return {std::move(weights), std::move(probabilities), previous.items()};
}

}  // namespace mixbern
