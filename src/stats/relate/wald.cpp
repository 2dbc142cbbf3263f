#include "stats/relate/wald.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "stats/relate/last_step.hpp"

namespace mixbern {

RelateTest wald_test(std::string name, const Eigen::VectorXd& estimates, const Eigen::MatrixXd& covariance) {
  const Covariance inverse = invert(covariance);
  RelateTest test{.name = std::move(name)};
  test.degrees_of_freedom = static_cast<double>(estimates.size()) - static_cast<double>(inverse.n_singular());
  test.statistic = estimates.dot(inverse.inverse() * estimates);
  test.p_value = test.adjusted_p_value = std::numeric_limits<double>::quiet_NaN();
  if (test.degrees_of_freedom > 0 && std::isfinite(test.statistic)) {
    const boost::math::chi_squared distribution(test.degrees_of_freedom);
    test.p_value = boost::math::cdf(boost::math::complement(distribution, std::max(test.statistic, 0.0)));
    test.adjusted_p_value = test.p_value;
  }
  return test;
}

namespace {

// Of all tests but the first.
void adjust_p_values(std::vector<RelateTest>& tests) {
  std::vector<std::size_t> order;
  for (std::size_t t = 1; t < tests.size(); ++t) {
    if (!std::isnan(tests[t].p_value)) order.push_back(t);
  }
  std::ranges::sort(order, std::greater<>(), [&](std::size_t t) { return tests[t].p_value; });
  const auto n = static_cast<double>(order.size());
  double least = 1;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double rank = n - static_cast<double>(i);
    least = std::min(least, tests[order[i]].p_value * n / rank);
    tests[order[i]].adjusted_p_value = least;
  }
}

}  // namespace

std::vector<RelateTest> test_means(const Eigen::VectorXd& means, std::size_t n_components,
                                   const Eigen::MatrixXd& covariance) {
  const auto n = static_cast<Eigen::Index>(n_components);
  const Eigen::Index each = means.size() / n;
  std::vector<RelateTest> tests;
  const auto test = [&](std::string name, const std::vector<std::pair<Eigen::Index, Eigen::Index>>& pairs) {
    Eigen::MatrixXd contrast =
        Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(pairs.size()) * each, means.size());
    for (Eigen::Index i = 0; i < contrast.rows() / each; ++i) {
      const auto [a, b] = pairs[static_cast<std::size_t>(i)];
      contrast.block(i * each, a * each, each, each).setIdentity();
      contrast.block(i * each, b * each, each, each) = -Eigen::MatrixXd::Identity(each, each);
    }
    tests.push_back(
        wald_test(std::move(name), contrast * means, contrast * covariance * contrast.transpose()));
  };
  std::vector<std::pair<Eigen::Index, Eigen::Index>> against_first;
  for (Eigen::Index k = 1; k < n; ++k) against_first.emplace_back(0, k);
  test("all classes", against_first);
  for (Eigen::Index a = 0; a < n && n > 2; ++a) {
    for (Eigen::Index b = a + 1; b < n; ++b)
      test(std::to_string(a + 1) + " - " + std::to_string(b + 1), {{a, b}});
  }
  adjust_p_values(tests);
  return tests;
}

}  // namespace mixbern
