#include "mixbern/statistics/likelihood_ratio.hpp"

#include <Eigen/Dense>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "stats/covariance.hpp"
#include "stats/information.hpp"

namespace mixbern {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t kMostParameters = 2000;
constexpr double kMostScores = 5e7;
// Eigenvalues below that share of the largest are rounding.
constexpr double kNoWeight = 1e-8;

void check(const Mixture& null, const Mixture& alternative, const Dataset& data, const PatternTable& table) {
  if (null.n_features() != data.n_features() || alternative.n_features() != data.n_features())
    throw std::invalid_argument("the models and the data differ in their features");
  if (alternative.n_components() <= null.n_components())
    throw std::invalid_argument("the alternative needs more components than the null model");
  const std::size_t n_parameters = null.n_parameters() + alternative.n_parameters();
  if (n_parameters > kMostParameters ||
      static_cast<double>(table.rows.n_rows()) * static_cast<double>(n_parameters) > kMostScores)
    throw std::invalid_argument("the model is too large for the Vuong-Lo-Mendell-Rubin test");
}

// Scores of all patterns, and the inverse of the observed information.
struct Side {
  MatrixXd scores;
  MatrixXd inverse;
};

Side side_of(const Mixture& mixture, const PatternTable& table, const PosteriorOptions& options) {
  const FreeParameters free = free_parameters(mixture, component_sums(mixture, table, options));
  const Information sums = information(mixture, table, free, table.rows.weights, options);
  Side side{MatrixXd(static_cast<Eigen::Index>(table.rows.n_rows()), static_cast<Eigen::Index>(free.count)),
            {}};
  if (free.count == 0) return side;
  for_each_score_block(mixture, table.rows, free, options, [&](const ScoreBlock& block) {
    side.scores.middleRows(static_cast<Eigen::Index>(block.first), block.scores.rows()) = block.scores;
  });
  side.inverse = Covariance(sums.observed, nullptr, identify(mixture, table, free, options)).inverse();
  return side;
}

// With M the cross-products of both scores and C = diag(I₁⁻¹, −I₀⁻¹), the eigenvalues of M C are those of
// Lᵀ C L for M = L Lᵀ, which is symmetric.
std::vector<double> vuong_weights(const Side& null, const Side& alternative, const PatternTable& table) {
  const Eigen::Index p = alternative.scores.cols(), q = null.scores.cols();
  if (p + q == 0) return {};
  MatrixXd scores(alternative.scores.rows(), p + q);
  scores << alternative.scores, null.scores;
  const Eigen::Map<const VectorXd> weights(table.rows.weights.data(), scores.rows());
  const MatrixXd weighted = weights.cwiseSqrt().asDiagonal() * scores;
  const MatrixXd products = weighted.transpose() * weighted;
  MatrixXd middle = MatrixXd::Zero(p + q, p + q);
  if (p > 0) middle.topLeftCorner(p, p) = alternative.inverse;
  if (q > 0) middle.bottomRightCorner(q, q) = -null.inverse;
  const Eigen::SelfAdjointEigenSolver<MatrixXd> root(products);
  const MatrixXd half = root.eigenvectors() * root.eigenvalues().cwiseMax(0).cwiseSqrt().asDiagonal();
  const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(half.transpose() * middle * half,
                                                      Eigen::EigenvaluesOnly);
  return {eigen.eigenvalues().begin(), eigen.eigenvalues().end()};
}

}  // namespace

double weighted_chi_squared_p_value(double x, std::span<const double> weights) {
  double largest = 0;
  for (const double weight : weights) largest = std::max(largest, std::abs(weight));
  if (!(largest > 0) || !std::isfinite(x)) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> scaled;
  for (const double weight : weights) {
    if (std::abs(weight) > kNoWeight * largest) scaled.push_back(weight / largest);
  }
  x /= largest;
  const auto log_damping = [&](double u) {
    double sum = 0;
    for (const double weight : scaled) sum += std::log1p(weight * weight * u * u) / 4;
    return sum;
  };
  const auto integrand = [&](double u) {
    if (u <= 0) {
      double slope = -x;
      for (const double weight : scaled) slope += weight;
      return slope / 2;
    }
    double angle = -x * u;
    for (const double weight : scaled) angle += std::atan(weight * u);
    return std::sin(angle / 2) / (u * std::exp(log_damping(u)));
  };
  // Imhof's bound on what lies behind `end`: 1 / (u · damping) to within a constant.
  double end = 1;
  while (end < 1e6 && std::log(end) + log_damping(end) < std::log(1e6)) end *= 1.5;
  // One piece each half turn of the sine, so that the adaptive rule sees no more than one hump.
  const double step = std::min(end, 2 * std::numbers::pi / std::max(x, 1.0));
  double integral = 0;
  const auto n_pieces = static_cast<std::size_t>(std::min(std::ceil(end / step), 1e5));
  for (std::size_t i = 0; i < n_pieces; ++i) {
    const double from = static_cast<double>(i) * step;
    integral +=
        boost::math::quadrature::gauss_kronrod<double, 15>::integrate(integrand, from, from + step, 5, 1e-9);
  }
  return std::clamp(0.5 + integral / std::numbers::pi, 0.0, 1.0);
}

LikelihoodRatioTest likelihood_ratio_test(const Mixture& null, const Mixture& alternative,
                                          const Dataset& data, const PosteriorOptions& options) {
  const PatternTable table = count_patterns(data);
  check(null, alternative, data, table);
  const PosteriorOptions plain{.threads = options.threads};
  const double statistic =
      2 * (log_likelihood(alternative, table.rows, plain) - log_likelihood(null, table.rows, plain));
  const auto more = static_cast<double>(alternative.n_parameters() - null.n_parameters());
  const double adjusted = statistic / (1 + 1 / (more * std::log(table.n)));
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  LikelihoodRatioTest result{{statistic, nothing}, {adjusted, nothing}};
  if (table.rows.n_rows() == 0) return result;
  const std::vector<double> weights =
      vuong_weights(side_of(null, table, plain), side_of(alternative, table, plain), table);
  result.plain.p_value = weighted_chi_squared_p_value(statistic, weights);
  result.adjusted.p_value = weighted_chi_squared_p_value(adjusted, weights);
  return result;
}

}  // namespace mixbern
