#include "em/m_step.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "base/parallel.hpp"

namespace mixbern {
namespace {

constexpr double kBelowOne = std::numeric_limits<double>::epsilon() / 2;  // from the next smaller number to 1

// What rows and pseudo-counts say of a probability, before the division.
struct Counts {
  double ones = 0;
  double observed = 0;

  double quotient(double otherwise) const {
    return observed > 0 ? std::min(ones / observed, 1.0) : otherwise;
  }
};

Counts counts_of(const SufficientStats& sums, std::size_t k, std::size_t d, double n_answers,
                 const Prior& prior) {
  return {.ones = sums.ones(k, d) + n_answers * prior.strength * prior.mean(d, n_answers),
          .observed = sums.observed(k, d) + n_answers * prior.strength};
}

// Of features begin … end − 1, of items of so many answers.
void divide(const SufficientStats& sums, std::size_t k, std::size_t begin, std::size_t end, double n_answers,
            const double* previous, const Prior& prior, double* theta) {
  const double pseudo_count = n_answers * prior.strength;
  const double equal_share = pseudo_count * (1 / n_answers);
  const double* means = prior.means.empty() ? nullptr : prior.means.data();
  sums.for_each_cell(k, begin, end, [=](std::size_t d, double ones, double observed) {
    const double pseudo_ones = means == nullptr ? equal_share : pseudo_count * means[d];
    theta[d] = Counts{ones + pseudo_ones, observed + pseudo_count}.quotient(previous[d]);
  });
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
double off_bounds(double theta, double previous, double least, double observed) {
  const double closest = observed > 0 ? std::min(least / observed, 0.5) : 0;
  const double closest_to_one = std::max(closest, kBelowOne);
  return std::clamp(theta, std::min(closest, previous), 1 - std::min(closest_to_one, 1 - previous));
}

double off_unseen(double theta) {
  return std::clamp(theta, kUnseenProbability, 1 - kUnseenProbability);
}

void keep_off_bounds(const SufficientStats& sums, std::size_t k, std::span<const double> previous,
                     const Prior& prior, std::span<const std::size_t> constant, double* theta) {
  if (prior.strength > 0) {
    for (const std::size_t d : constant) theta[d] = off_unseen(theta[d]);
    return;
  }
  for (std::size_t d = 0; d < sums.layout().n_features; ++d) {
    if (std::ranges::binary_search(constant, d)) continue;
    theta[d] = off_bounds(theta[d], previous[d], sums.least(), sums.observed(k, d));
  }
}

// The probability of equal cells, from all that is counted in them.
double pooled(const SufficientStats& sums, const std::vector<std::size_t>& cells, const Mixture& previous,
              const Prior& prior, std::optional<std::span<const std::size_t>> constant) {
  const std::size_t n_features = previous.n_features();
  Counts all;
  double observed = 0;
  bool is_constant = constant.has_value();
  for (const std::size_t j : cells) {
    const std::size_t k = j / n_features, d = j % n_features;
    const Counts one = counts_of(sums, k, d, static_cast<double>(previous.items().n_answers(d)), prior);
    all = {all.ones + one.ones, all.observed + one.observed};
    observed += sums.observed(k, d);
    is_constant = is_constant && std::ranges::binary_search(*constant, d);
  }
  const double before = previous.probabilities()[cells.front()], theta = all.quotient(before);
  if (!constant || is_constant != (prior.strength > 0)) return theta;
  return is_constant ? off_unseen(theta) : off_bounds(theta, before, sums.least(), observed);
}

}  // namespace

Mixture maximise(const SufficientStats& sums, const Mixture& previous, const Prior& prior,
                 std::optional<std::span<const std::size_t>> constant, Mixture::Parameters memory) {
  const std::size_t n_components = sums.layout().n_components, n_features = sums.layout().n_features;
  auto& [weights, probabilities] = memory;
  weights.resize(n_components);
  double sum = 0;
  for (std::size_t k = 0; k < n_components; ++k) sum += weights[k] = sums.count(k) + prior.strength;
  if (!(sum > 0)) weights.assign(previous.weights().begin(), previous.weights().end());
  probabilities.resize(n_components * n_features);
  double* const cells = probabilities.data();
  for_ranges(n_components, 4 * n_features, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      double* theta = cells + k * n_features;
      maximise_component(sums, k, previous, prior, theta);
      if (constant) keep_off_bounds(sums, k, previous.probabilities(k), prior, *constant, theta);
    }
  });
  const Ties& ties = previous.ties();
  for (const std::vector<std::size_t>& equal : ties.equal()) {
    const double theta = pooled(sums, equal, previous, prior, constant);
    for (const std::size_t j : equal) cells[j] = theta;
  }
  return {std::move(weights), std::move(probabilities), previous.items(), ties};
}

}  // namespace mixbern
