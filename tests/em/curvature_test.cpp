#include "em/curvature.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "reference.hpp"

namespace mixbern {
namespace {

// The mixture at coordinates: log(π_k / π_0), k >= 1, and log-odds.
Mixture at(std::size_t n_components, const std::vector<double>& coordinates) {
  std::vector<double> weights = {1};
  std::vector<double> probabilities;
  for (std::size_t j = 0; j < coordinates.size(); ++j) {
    if (j + 1 < n_components) {
      weights.push_back(std::exp(coordinates[j]));
    } else {
      probabilities.push_back(1 / (1 + std::exp(-coordinates[j])));
    }
  }
  return {weights, probabilities};
}

std::vector<double> coordinates_of(const Mixture& mixture) {
  std::vector<double> result;
  for (std::size_t k = 1; k < mixture.n_components(); ++k)
    result.push_back(std::log(mixture.weights()[k] / mixture.weights()[0]));
  for (const double p : mixture.probabilities()) result.push_back(std::log(p / (1 - p)));
  return result;
}

double objective(const Mixture& m, const Dataset& data, const Prior& weigh) {
  long double prior = 0;
  for (const double w : m.weights()) prior += std::log(static_cast<long double>(w));
  for (std::size_t j = 0; j < m.probabilities().size(); ++j) {
    const long double p = m.probabilities()[j], mean = weigh.mean(j % m.n_features(), 2);
    prior += 2 * mean * std::log(p) + 2 * (1 - mean) * std::log(1 - p);
  }
  return static_cast<double>(reference::log_likelihood(m, data) + weigh.strength * prior);
}

constexpr double kMeans[] = {0.1, 0.5, 0.3, 0.95};

TEST(Curvature, AgreesWithNumericalDerivatives) {
  for (const double missing : {0.0, 0.2}) {
    for (const Prior& prior : {Prior{}, Prior{.strength = 0.8}, Prior{.strength = 2, .means = kMeans}}) {
      const Dataset data =
          reference::random_dataset({.n_rows = 40, .n_features = 4, .missing = missing, .weights = true}, 21);
      const Mixture mixture = reference::random_mixture(3, 4, 22);
      const Curvature found(RowsOfDataset(data), mixture, prior, {});
      const std::vector<double> x = coordinates_of(mixture);
      const std::size_t p = x.size();
      const double h = 1e-4;
      const auto value = [&](std::size_t a, double da, std::size_t b, double db) {
        std::vector<double> y = x;
        y[a] += da;
        y[b] += db;
        return objective(at(3, y), data, prior);
      };
      for (std::size_t a = 0; a < p; ++a) {
        EXPECT_NEAR(found.gradient[a], (value(a, h, a, 0) - value(a, -h, a, 0)) / (2 * h), 1e-5);
        for (std::size_t b = 0; b <= a; ++b) {
          const double mixed =
              (value(a, h, b, h) - value(a, h, b, -h) - value(a, -h, b, h) + value(a, -h, b, -h)) /
              (4 * h * h);
          EXPECT_NEAR(found.information[a * p + b], -mixed, 2e-4) << a << ' ' << b;
        }
      }
    }
  }
}

TEST(Curvature, HoldsBoundsAndFixedFeatures) {
  const Dataset data = reference::random_dataset({.n_rows = 30, .n_features = 3}, 2);
  const Mixture mixture({0.5, 0.5}, {0, 0.5, 0.25, 0.75, 0.5, 1});
  const std::vector<std::size_t> fixed = {1};
  const Curvature found(RowsOfDataset(data), mixture, {}, fixed);
  for (const std::size_t held : {1U, 2U, 5U, 6U}) {
    EXPECT_EQ(found.gradient[held], 0);
    for (std::size_t other = 0; other < 7; ++other) {
      const std::size_t row = std::max<std::size_t>(held, other), column = std::min<std::size_t>(held, other);
      EXPECT_EQ(found.information[row * 7 + column], held == other ? 1 : 0);
    }
  }
}

}  // namespace
}  // namespace mixbern
