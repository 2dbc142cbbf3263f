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
  const Inverse inverse = invert(covariance);
  RelateTest test{.name = std::move(name)};
  test.degrees_of_freedom = static_cast<double>(estimates.size() - inverse.n_flat);
  test.statistic = estimates.dot(inverse.matrix * estimates);
  test.p_value = test.adjusted_p_value = std::numeric_limits<double>::quiet_NaN();
  if (test.degrees_of_freedom > 0 && std::isfinite(test.statistic)) {
    const boost::math::chi_squared distribution(test.degrees_of_freedom);
    test.p_value = boost::math::cdf(boost::math::complement(distribution, std::max(test.statistic, 0.0)));
    test.adjusted_p_value = test.p_value;
  }
  return test;
}

void adjust_p_values(std::vector<RelateTest>& tests, std::size_t first) {
  std::vector<std::size_t> order;
  for (std::size_t t = first; t < tests.size(); ++t) {
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

}  // namespace mixbern
