// All pairs at once: the observed tables are products of the matrices of answers.
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "mixbern/goodness_of_fit.hpp"
#include "stats/patterns.hpp"

namespace mixbern {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::size_t kBlockRows = 512;

// Weights of the rows that have a 1 in both items; a 1 in the first and any answer in the second; any
// answers.
struct PairCounts {
  Matrix ones, one_and_any, any;
};

Eigen::Index index(std::size_t i) {
  return static_cast<Eigen::Index>(i);
}

PairCounts count_pairs(const PatternTable& table) {
  const Eigen::Index d = index(table.rows.n_features());
  const std::size_t n_rows = table.rows.n_rows();
  PairCounts counts{Matrix::Zero(d, d), Matrix::Zero(d, d), Matrix::Zero(d, d)};
  for (std::size_t first = 0; first < n_rows; first += kBlockRows) {
    const std::size_t n = std::min(kBlockRows, n_rows - first);
    Matrix values(index(n), d), observed(index(n), d);
    for (std::size_t i = 0; i < n; ++i)
      expand_row(table.rows, first + i, values.row(index(i)).data(), observed.row(index(i)).data());
    const Eigen::Map<const Eigen::VectorXd> weights(table.rows.weights.data() + first, index(n));
    const Matrix weighted_values = weights.asDiagonal() * values;
    const Matrix weighted_observed = weights.asDiagonal() * observed;
    counts.ones.noalias() += weighted_values.transpose() * values;
    counts.one_and_any.noalias() += weighted_values.transpose() * observed;
    counts.any.noalias() += weighted_observed.transpose() * observed;
  }
  return counts;
}

double pearson_term(double observed, double expected) {
  const double difference = observed - expected;
  if (expected > 0) return difference * difference / expected;
  return observed > 0 ? std::numeric_limits<double>::infinity() : 0;
}

}  // namespace

std::vector<double> bivariate_residuals(const Mixture& mixture, const Dataset& data) {
  if (data.n_features() != mixture.n_features()) {
    throw std::invalid_argument("the model has " + std::to_string(mixture.n_features()) +
                                " features, the data has " + std::to_string(data.n_features()));
  }
  const std::size_t n_features = mixture.n_features();
  const PairCounts counts = count_pairs(count_patterns(data));
  const Eigen::Map<const Matrix> theta(mixture.probabilities().data(), index(mixture.n_components()),
                                       index(n_features));
  const Eigen::Map<const Eigen::VectorXd> pi(mixture.weights().data(), index(mixture.n_components()));
  const Matrix both = theta.transpose() * pi.asDiagonal() * theta;
  const Eigen::VectorXd means = theta.transpose() * pi;
  std::vector<double> residuals;
  residuals.reserve(n_features * (n_features - 1) / 2);
  for (Eigen::Index a = 0; a < index(n_features); ++a) {
    for (Eigen::Index b = a + 1; b < index(n_features); ++b) {
      const double n = counts.any(a, b), n11 = counts.ones(a, b);
      const double n10 = counts.one_and_any(a, b) - n11, n01 = counts.one_and_any(b, a) - n11;
      const double p11 = both(a, b), p10 = means(a) - p11, p01 = means(b) - p11;
      residuals.push_back(pearson_term(n11, n * p11) + pearson_term(n10, n * p10) +
                          pearson_term(n01, n * p01) +
                          pearson_term(n - n11 - n10 - n01, n * (1 - p11 - p10 - p01)));
    }
  }
  return residuals;
}

}  // namespace mixbern
