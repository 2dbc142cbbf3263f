// Standard errors under constraints, against numerical second derivatives of the restricted likelihood.
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <functional>

#include "mixbern/fit/fit.hpp"
#include "mixbern/statistics/goodness_of_fit.hpp"
#include "mixbern/statistics/standard_errors.hpp"
#include "support.hpp"

namespace mixbern {
namespace {

// Items of 3, 2, 4 and 2 answers in two components.
constexpr std::size_t kFeatures = 9;
constexpr std::size_t kRows = 4000;

using Coordinates = std::vector<double>;

// Coordinates: logits of weights that are not held against the first of them, equal ones once, then of each
// parameter's first cell those of its answers against the first.
class Restricted {
 public:
  explicit Restricted(const Mixture& mixture) : mixture_(mixture) {}

  Coordinates coordinates() const {
    Coordinates result;
    each_weight([&](std::size_t k, std::size_t first) {
      if (k != first && shared(k) == k)
        result.push_back(std::log(mixture_.weights()[k] / mixture_.weights()[first]));
    });
    each_parameter([&](std::size_t k, const Items::Group& item) {
      const auto theta = mixture_.probabilities(k);
      if (item.size == 1) result.push_back(std::log(theta[item.first] / (1 - theta[item.first])));
      for (std::size_t c = 1; c < item.size; ++c)
        result.push_back(std::log(theta[item.first + c] / theta[item.first]));
    });
    return result;
  }

  Mixture at(const Coordinates& x) const {
    std::size_t next = 0;
    double held = 0, sum = 0;
    for (const auto& weight : mixture_.ties().held_weights()) held += weight.weight;
    std::vector<double> weights(mixture_.weights().begin(), mixture_.weights().end());
    each_weight([&](std::size_t k, std::size_t first) {
      const bool is_reference = shared(k) == shared(first);
      weights[k] = is_reference ? 1 : shared(k) != k ? weights[shared(k)] : std::exp(x[next++]);
      sum += weights[k];
    });
    each_weight([&](std::size_t k, std::size_t) { weights[k] *= (1 - held) / sum; });
    std::vector<double> theta(mixture_.probabilities().begin(), mixture_.probabilities().end());
    each_parameter([&](std::size_t k, const Items::Group& item) {
      double* p = theta.data() + k * kFeatures + item.first;
      double odds = 1;
      for (std::size_t c = 1; c < item.n_answers(); ++c) odds += std::exp(x[next + c - 1]);
      if (item.size > 1) p[0] = 1 / odds;
      for (std::size_t c = 1; c < item.n_answers(); ++c)
        p[item.size == 1 ? 0 : c] = std::exp(x[next + c - 1]) / odds;
      next += item.n_answers() - 1;
    });
    for (const auto& cells : mixture_.ties().equal()) {
      for (const std::size_t j : cells) theta[j] = theta[cells.front()];
    }
    return {weights, theta, mixture_.items()};
  }

 private:
  void each_weight(const std::function<void(std::size_t, std::size_t)>& visit) const {
    std::size_t first = 0;
    while (first < mixture_.n_components() && mixture_.ties().holds_weight(first)) ++first;
    for (std::size_t k = first; k < mixture_.n_components(); ++k) {
      if (!mixture_.ties().holds_weight(k)) visit(k, first);
    }
  }
  std::size_t shared(std::size_t k) const { return mixture_.ties().first_of_weight(k); }
  void each_parameter(const std::function<void(std::size_t, const Items::Group&)>& visit) const {
    std::vector<bool> skip(mixture_.probabilities().size(), false);
    for (const auto& cells : mixture_.ties().equal()) {
      for (const std::size_t j : cells) skip[j] = j != cells.front();
    }
    for (const auto& held : mixture_.ties().held()) skip[held.position] = true;
    for (std::size_t k = 0; k < mixture_.n_components(); ++k) {
      for (const Items::Group& item : mixture_.items().all(kFeatures)) {
        if (!skip[k * kFeatures + item.first]) visit(k, item);
      }
    }
  }

  const Mixture& mixture_;
};

Eigen::MatrixXd numerical_covariance(const Restricted& restricted, const Dataset& data) {
  const Coordinates x = restricted.coordinates();
  const auto p = static_cast<Eigen::Index>(x.size());
  const auto value = [&](std::size_t a, double da, std::size_t b, double db) {
    Coordinates y = x;
    y[a] += da;
    y[b] += db;
    return reference::log_likelihood(restricted.at(y), data);
  };
  Eigen::MatrixXd information(p, p);
  for (std::size_t a = 0; a < x.size(); ++a) {
    for (std::size_t b = 0; b <= a; ++b) {
      const auto second = [&](double s) {
        return (value(a, s, b, s) - value(a, s, b, -s) - value(a, -s, b, s) + value(a, -s, b, -s)) /
               (4 * s * s);
      };
      // Richardson twice: the errors of orders h² and h⁴ cancel.
      constexpr double kStep = 2e-3;
      const long double found = (64 * second(kStep) - 20 * second(2 * kStep) + second(4 * kStep)) / 45;
      const auto i = static_cast<Eigen::Index>(a), j = static_cast<Eigen::Index>(b);
      information(i, j) = information(j, i) = static_cast<double>(-found);
    }
  }
  return information.inverse();
}

// By the delta method.
double numerical_error(const Restricted& restricted, const Eigen::MatrixXd& covariance,
                       const std::function<double(const Mixture&)>& what) {
  const Coordinates x = restricted.coordinates();
  Eigen::VectorXd slope(covariance.rows());
  for (std::size_t a = 0; a < x.size(); ++a) {
    Coordinates up = x, down = x;
    up[a] += 1e-5;
    down[a] -= 1e-5;
    slope(static_cast<Eigen::Index>(a)) = (what(restricted.at(up)) - what(restricted.at(down))) / 2e-5;
  }
  return std::sqrt(slope.dot(covariance * slope));
}

Mixture under(const Constraints& constraints, std::size_t n_components, unsigned seed = 5) {
  const Mixture free = reference::random_categorical_mixture(n_components, seed);
  return constrained(free, Ties(constraints, n_components, kFeatures, free.items()));
}

Dataset drawn(const Mixture& mixture, double missing) {
  Dataset data = sample(mixture, kRows, 6);
  data.labels.clear();
  data.categorical = reference::random_categorical({.n_rows = 1}, 1).categorical;
  if (missing == 0) return data;
  const Dataset holes = reference::random_categorical({.n_rows = kRows, .missing = missing}, 7);
  BitMatrix ones = to_packed(data.ones);
  const auto& mask = std::get<BitMatrix>(*holes.missing);
  for (std::size_t i = 0; i < kRows; ++i) ones.mutable_row(i)[0] &= ~mask.row(i)[0];
  data.ones = std::move(ones);
  data.missing = mask;
  return data;
}

void expect_errors_of_the_definition(std::size_t n_components, double missing, const Constraints& constraints,
                                     unsigned seed = 5) {
  const Mixture truth = under(constraints, n_components, seed);
  const Dataset data = drawn(truth, missing);
  const FitResult result = fit(data, {.n_components = n_components,
                                      .init = InitMethod::kModel,
                                      .tol = 1e-13,
                                      .constraints = constraints,
                                      .estimation = {.smoothing = 1e-12},
                                      .init_model = truth});
  const Mixture& mixture = result.mixture;
  const StandardErrors errors = standard_errors(mixture, data);
  ASSERT_TRUE(errors.boundary.empty());
  EXPECT_EQ(errors.n_free, mixture.n_parameters());
  EXPECT_TRUE(errors.identified());
  const Restricted restricted(mixture);
  ASSERT_EQ(restricted.coordinates().size(), mixture.n_parameters());
  const Eigen::MatrixXd covariance = numerical_covariance(restricted, collapse(data).data);
  const auto near = [&](double found, const std::function<double(const Mixture&)>& what) {
    const double expected = numerical_error(restricted, covariance, what);
    EXPECT_NEAR(found, expected, 1e-6 * expected);
  };
  for (std::size_t k = 0; k < n_components; ++k)
    near(errors.weights[k], [k](const Mixture& m) { return m.weights()[k]; });
  for (std::size_t j = 0; j < mixture.probabilities().size(); ++j)
    near(errors.probabilities[j], [j](const Mixture& m) { return m.probabilities()[j]; });
}

TEST(TiedStatistics, StandardErrorsAreThoseOfTheRestrictedLikelihood) {
  const Constraints cells{.equal = {{{0, 0}, {1, 0}}, {{0, 1}, {1, 3}}}, .held = {{{1, 1}, {0.3}}}};
  expect_errors_of_the_definition(2, 0, cells, 7);
  expect_errors_of_the_definition(2, 0.15, cells, 8);
}

TEST(TiedStatistics, HeldWeightsLeaveAShareToTheOthers) {
  expect_errors_of_the_definition(2, 0.1, {.held_weights = {{0, 0.4}, {1, 0.6}}});
  const std::vector<Constraints::HeldCell> held = {{{0, 0}, {0.7, 0.2, 0.1}}, {{2, 3}, {0.5}}};
  expect_errors_of_the_definition(3, 0, {.held = held, .held_weights = {{1, 0.2}}}, 9);
}

TEST(TiedStatistics, EqualWeightsAreOneParameter) {
  expect_errors_of_the_definition(3, 0, {.equal_weights = {{0, 2}}}, 9);
  expect_errors_of_the_definition(3, 0.1, {.equal_weights = {{1, 2}}}, 9);
  expect_errors_of_the_definition(2, 0.1, {.equal_weights = {{1, 0}}});
  const std::vector<Constraints::HeldCell> held = {{{0, 0}, {0.7, 0.2, 0.1}}, {{2, 3}, {0.5}}};
  expect_errors_of_the_definition(3, 0, {.held = held, .held_weights = {{1, 0.2}}, .equal_weights = {{2, 0}}},
                                  9);
}

TEST(TiedStatistics, DegreesOfFreedomCountWhatIsFree) {
  const Mixture free = under({}, 2), tied = under({.equal = {{{0, 2}, {1, 2}}}}, 2);
  const Dataset data = drawn(free, 0);
  EXPECT_EQ(goodness_of_fit(tied, data).degrees_of_freedom,
            goodness_of_fit(free, data).degrees_of_freedom + 3);
  const Mixture alike = under({.equal_weights = {{0, 1}}}, 2);
  EXPECT_EQ(goodness_of_fit(alike, data).degrees_of_freedom,
            goodness_of_fit(free, data).degrees_of_freedom + 1);
}

}  // namespace
}  // namespace mixbern
