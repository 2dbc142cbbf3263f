// Models in groups from their definition.
#pragma once

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include "grouped_rows.hpp"
#include "mixbern/fit/groups.hpp"
#include "reference.hpp"

namespace mixbern {

inline constexpr std::size_t kItems = 5, kGroups = 2;

// Two classes in two groups, of which item 2 is another in the second.
inline Dataset drawn(unsigned seed, double missing = 0) {
  const auto probability = [](bool first, std::size_t group, std::size_t d) {
    if (d == 2 && group == 1) return first ? 0.95 : 0.6;
    return first ? 0.85 : 0.2;
  };
  return drawn_rows({.n_rows = 800,
                     .n_items = kItems,
                     .groups = {"a", "b"},
                     .shares = {0.4, 0.65},
                     .group = [](std::size_t i) { return std::size_t{i % 4 == 0 ? 1U : 0U}; },
                     .probability = probability},
                    missing, seed);
}

inline GroupedModel fitted(const Dataset& data, const FreeItems& free_items) {
  return fit_groups(data, free_items,
                    {.n_components = 2, .tol = 1e-12, .estimation = {.smoothing = 1e-10}, .threads = 1});
}

inline bool is_free(const GroupedModel& model, std::size_t d) {
  return std::ranges::binary_search(model.free_items, d);
}

// A logit for each weight of the first class, by group, and for each probability, once where it is equal.
inline Eigen::VectorXd parameters_of(const GroupedModel& model) {
  std::vector<double> list;
  const auto logit = [&list](double p) { list.push_back(std::log(p / (1 - p))); };
  for (const Mixture& mixture : model.mixtures) logit(mixture.weights()[0]);
  for (std::size_t d = 0; d < kItems; ++d) {
    for (std::size_t g = 0; g < (is_free(model, d) ? kGroups : 1); ++g) {
      for (std::size_t k = 0; k < 2; ++k) logit(model.mixtures[g].probabilities(k)[d]);
    }
  }
  return Eigen::Map<Eigen::VectorXd>(list.data(), static_cast<Eigen::Index>(list.size()));
}

// The mixture of each group.
inline std::vector<Mixture> mixtures_at(const GroupedModel& model, const Eigen::VectorXd& at) {
  Eigen::Index next = 0;
  const auto expit = [&] { return 1 / (1 + std::exp(-at(next++))); };
  std::vector<std::vector<double>> weights(kGroups), theta(kGroups, std::vector<double>(2 * kItems));
  for (auto& own : weights) {
    const double p = expit();
    own = {p, 1 - p};
  }
  for (std::size_t d = 0; d < kItems; ++d) {
    for (std::size_t g = 0; g < kGroups; ++g) {
      for (std::size_t k = 0; k < 2; ++k)
        theta[g][k * kItems + d] = g == 0 || is_free(model, d) ? expit() : theta[0][k * kItems + d];
    }
  }
  return {{weights[0], theta[0]}, {weights[1], theta[1]}};
}

// From the definition: each row under the mixture of its group; 0 without one. Without its weight.
inline std::vector<double> log_likelihoods_at(const GroupedModel& model, const Dataset& data,
                                              const Eigen::VectorXd& at) {
  const std::vector<Mixture> mixtures = mixtures_at(model, at);
  std::vector<double> values;
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    const std::int64_t group = data.labels[i];
    values.push_back(
        group < 0
            ? 0
            : static_cast<double>(
                  reference::posterior(mixtures[static_cast<std::size_t>(group)], data, i).log_likelihood));
  }
  return values;
}

inline double log_likelihood_at(const GroupedModel& model, const Dataset& data, const Eigen::VectorXd& at) {
  const std::vector<double> values = log_likelihoods_at(model, data, at);
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) sum += data.weight(i) * values[i];
  return sum;
}

// Second derivatives by differences of differences, their sign changed.
inline Eigen::MatrixXd curvature(const std::function<double(const Eigen::VectorXd&)>& log_likelihood,
                                 const Eigen::VectorXd& at) {
  constexpr double kStep = 2e-3;
  Eigen::MatrixXd hessian(at.size(), at.size());
  for (Eigen::Index i = 0; i < at.size(); ++i) {
    for (Eigen::Index j = 0; j <= i; ++j) {
      const auto value = [&](double a, double b) {
        Eigen::VectorXd moved = at;
        moved(i) += a * kStep;
        moved(j) += b * kStep;
        return log_likelihood(moved);
      };
      hessian(i, j) = hessian(j, i) =
          -(value(1, 1) - value(1, -1) - value(-1, 1) + value(-1, -1)) / (4 * kStep * kStep);
    }
  }
  return hessian;
}

}  // namespace mixbern
