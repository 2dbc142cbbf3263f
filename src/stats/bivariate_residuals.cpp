// All pairs at once: the observed tables are products of the matrices of answers.
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "mixbern/statistics/goodness_of_fit.hpp"
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

// Probabilities of two features being 1: of both, of each.
struct PairProbabilities {
  Matrix both;
  Eigen::VectorXd each;
};

PairProbabilities pair_probabilities(const Mixture& mixture) {
  const Eigen::Index n_components = index(mixture.n_components());
  const Eigen::Map<const Matrix> theta(mixture.probabilities().data(), n_components,
                                       index(mixture.n_features()));
  const Eigen::Map<const Eigen::VectorXd> pi(mixture.weights().data(), n_components);
  return {theta.transpose() * pi.asDiagonal() * theta, theta.transpose() * pi};
}

// An answer of an item: its feature is 1, or, the other answer of an item of two, it is 0.
struct Answer {
  Eigen::Index feature;
  bool one;
};

std::vector<Answer> answers_of(const Items::Group& item) {
  if (item.size == 1) return {{index(item.first), true}, {index(item.first), false}};
  std::vector<Answer> answers;
  for (std::size_t d = item.first; d < item.end(); ++d) answers.push_back({index(d), true});
  return answers;
}

// Of a cell of the table of two items, from those of ones: n11, n10, n01 and all.
double of_cell(const Answer& a, const Answer& b, double n11, double n1, double n2, double n) {
  if (a.one && b.one) return n11;
  if (a.one) return n1 - n11;
  return b.one ? n2 - n11 : n - n11 - (n1 - n11) - (n2 - n11);
}

// Pearson's statistic by its degrees of freedom.
double residual(const Items::Group& first, const Items::Group& second, const PairCounts& counts,
                const PairProbabilities& expected) {
  const std::vector<Answer> rows = answers_of(first), columns = answers_of(second);
  double sum = 0;
  for (const Answer& a : rows) {
    for (const Answer& b : columns) {
      const Eigen::Index i = a.feature, j = b.feature;
      const double n = counts.any(i, j);
      const double observed =
          of_cell(a, b, counts.ones(i, j), counts.one_and_any(i, j), counts.one_and_any(j, i), n);
      const double p = of_cell(a, b, expected.both(i, j), expected.each(i), expected.each(j), 1);
      sum += pearson_term(observed, n * p);
    }
  }
  return sum / static_cast<double>((rows.size() - 1) * (columns.size() - 1));
}

}  // namespace

std::vector<double> bivariate_residuals(const Mixture& mixture, const Dataset& data) {
  if (data.n_features() != mixture.n_features()) {
    throw std::invalid_argument("the model has " + std::to_string(mixture.n_features()) +
                                " features, the data has " + std::to_string(data.n_features()));
  }
  const PairCounts counts = count_pairs(count_patterns(data));
  const PairProbabilities expected = pair_probabilities(mixture);
  const std::vector<Items::Group> items = mixture.items().all(mixture.n_features());
  std::vector<double> residuals;
  residuals.reserve(items.size() * (items.size() - 1) / 2);
  for (std::size_t a = 0; a < items.size(); ++a) {
    for (std::size_t b = a + 1; b < items.size(); ++b)
      residuals.push_back(residual(items[a], items[b], counts, expected));
  }
  return residuals;
}

}  // namespace mixbern
