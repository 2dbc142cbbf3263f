#include "stats/identification.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "base/random.hpp"

namespace mixbern {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kMostPatternsInFull = 4096;
constexpr std::size_t kDrawnRows = 4096;
// Relative eigenvalue that counts as 0. Those of a dependence are 1e-15, rounding; those of parameters that
// are identified but hard to estimate have been seen down to 1e-7.
constexpr double kFlat = 1e-10;

// All patterns, with their probability as weight.
Dataset weighted_patterns(const Mixture& mixture) {
  Dataset data{.ones = all_patterns(mixture.items(), mixture.n_features())};
  for_each_posterior(mixture, data, {}, [&](const PosteriorBlock& block) {
    for (const double value : block.log_likelihoods) data.weights.push_back(std::exp(value));
  });
  return data;
}

// Rows drawn from the mixture, each with the missing cells of some row of the table. No fewer than twice the
// parameters, so that it is not their number that limits the rank.
Dataset drawn_patterns(const Mixture& mixture, const PatternTable& table, std::size_t n_parameters) {
  const std::size_t n = std::max(kDrawnRows, 2 * n_parameters);
  Dataset drawn = sample(mixture, n, 0);
  drawn.labels.clear();
  drawn.weights.assign(n, 1.0 / static_cast<double>(n));
  if (!table.rows.missing) return drawn;
  Engine engine(1);
  BitMatrix ones = to_packed(drawn.ones);
  BitMatrix missing(n, mixture.n_features());
  std::vector<double> cumulative(table.rows.weights);
  for (std::size_t i = 1; i < cumulative.size(); ++i) cumulative[i] += cumulative[i - 1];
  for (std::size_t i = 0; i < n; ++i) {
    const double u = uniform(engine) * cumulative.back();
    const auto at = static_cast<std::size_t>(std::ranges::upper_bound(cumulative, u) - cumulative.begin());
    const std::size_t source = std::min(at, cumulative.size() - 1);
    for (std::size_t d = 0; d < mixture.n_features(); ++d) {
      if (!test(*table.rows.missing, source, d)) continue;
      missing.set(i, d);
      ones.mutable_row(i)[d / 64] &= ~(std::uint64_t{1} << (d % 64));
    }
  }
  drawn.ones = std::move(ones);
  drawn.missing = std::move(missing);
  return drawn;
}

MatrixXd expected_information(const Mixture& mixture, const Dataset& rows, const FreeParameters& free,
                              const PosteriorOptions& options) {
  const auto p = static_cast<Eigen::Index>(free.count);
  MatrixXd sum = MatrixXd::Zero(p, p);
  for_each_score_block(mixture, rows, free, options, [&](const ScoreBlock& block) {
    const Eigen::Map<const VectorXd> weights(rows.weights.data() + block.first, block.scores.rows());
    const MatrixXd weighted = weights.cwiseSqrt().asDiagonal() * block.scores;
    sum.selfadjointView<Eigen::Lower>().rankUpdate(weighted.transpose());
  });
  return sum.selfadjointView<Eigen::Lower>();
}

}  // namespace

double degrees_of_freedom(const Mixture& mixture) {
  return n_patterns(mixture.items(), mixture.n_features()) - 1 - static_cast<double>(mixture.n_parameters());
}

std::size_t missing_dimensions(const Mixture& mixture) {
  const double degrees = degrees_of_freedom(mixture);
  if (degrees < 0) return static_cast<std::size_t>(-degrees);
  const bool binary = mixture.items().all_binary() && mixture.ties().none();
  return binary && mixture.n_components() == 3 && mixture.n_features() == 4 ? 1 : 0;
}

Identification identify(const Mixture& mixture, const PatternTable& table, const FreeParameters& free,
                        const PosteriorOptions& options) {
  const bool full =
      n_patterns(mixture.items(), mixture.n_features()) <= kMostPatternsInFull && !table.rows.missing;
  const Dataset rows = full ? weighted_patterns(mixture) : drawn_patterns(mixture, table, free.count);
  MatrixXd scaled = expected_information(mixture, rows, free, {.threads = options.threads});
  // A row that is held in its class tells more than its pattern.
  if (options.semi_supervised) scaled += expected_information(mixture, table.rows, free, options) / table.n;
  Identification result;
  result.scale = scaled.diagonal().cwiseMax(1e-300).cwiseSqrt();
  const VectorXd inverse = result.scale.cwiseInverse();
  scaled = inverse.asDiagonal() * scaled * inverse.asDiagonal();
  result.rank = free.count;
  const Eigen::LLT<MatrixXd> factor(scaled);
  // Eigenvalues cost ten times as much, and are needed only where something is nearly flat.
  if (factor.info() == Eigen::Success && factor.rcond() > 1e3 * kFlat) return result;
  const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(scaled);
  const double largest = std::max(eigen.eigenvalues().maxCoeff(), 1.0);
  const Eigen::Index n_flat = (eigen.eigenvalues().array() <= kFlat * largest).count();
  result.rank = free.count - static_cast<std::size_t>(n_flat);
  result.flat = eigen.eigenvectors().leftCols(n_flat);
  result.steep = eigen.eigenvectors().rightCols(static_cast<Eigen::Index>(result.rank));
  return result;
}

}  // namespace mixbern
