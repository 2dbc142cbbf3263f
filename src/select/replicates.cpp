#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "data/names.hpp"
#include "select/replicate_errors.hpp"
#include "select/replicate_fit.hpp"
#include "select/run_parts.hpp"
#include "select/spread.hpp"
#include "stats/patterns.hpp"

namespace mixbern {
namespace {

constexpr Names<ReplicateType, 5> kNames{{{ReplicateType::kBrr, "brr"},
                                          {ReplicateType::kFay, "fay"},
                                          {ReplicateType::kJackknife1, "jk1"},
                                          {ReplicateType::kJackknifeN, "jkn"},
                                          {ReplicateType::kBootstrap, "bootstrap"}}};
constexpr double kFlat = 1e-12;

void check(ReplicateKind kind, const std::vector<std::vector<double>>& replicates,
           std::span<const double> whole) {
  if (replicates.size() < 2)
    throw std::invalid_argument("a variance needs two replicates at least, and there is " +
                                std::to_string(replicates.size()));
  if (kind.type == ReplicateType::kFay && !(kind.fay >= 0 && kind.fay < 1))
    throw std::invalid_argument("Fay's factor is at least 0 and less than 1");
  const std::size_t n_rows = whole.empty() ? replicates.front().size() : whole.size();
  for (const std::vector<double>& weights : replicates) {
    if (weights.size() != n_rows)
      throw std::invalid_argument("a replicate has " + std::to_string(weights.size()) +
                                  " weights, the data " + std::to_string(n_rows) + " rows");
    if (!std::ranges::all_of(weights, [](double w) { return w >= 0 && std::isfinite(w); }))
      throw std::invalid_argument("each replicate needs a finite weight >= 0 for each row");
    if (std::ranges::all_of(weights, [](double w) { return w == 0; }))
      throw std::invalid_argument("a replicate has no row with a weight above 0");
  }
}

// (n_h − 1) / n_h: the other clusters of the stratum have their weights times n_h / (n_h − 1).
double factor_of_stratum(const std::vector<double>& replicate, std::span<const double> whole) {
  double most = 1;
  for (std::size_t i = 0; i < replicate.size(); ++i) {
    const double weight = whole.empty() ? 1.0 : whole[i];
    if (weight > 0) most = std::max(most, replicate[i] / weight);
  }
  return 1 / most;
}

}  // namespace

std::string_view to_string(ReplicateType type) {
  return name_of(kNames, type);
}

std::optional<ReplicateType> replicate_type_from_string(std::string_view name) {
  return value_named(kNames, name);
}

ReplicateWeights replicate_weights(ReplicateKind kind, std::vector<std::vector<double>> weights,
                                   std::span<const double> whole) {
  check(kind, weights, whole);
  const auto n = static_cast<double>(weights.size());
  const double left = 1 - kind.fay;
  const double factor = kind.type == ReplicateType::kFay          ? 1 / (n * left * left)
                        : kind.type == ReplicateType::kJackknife1 ? (n - 1) / n
                                                                  : 1 / n;
  ReplicateWeights result{.factors = std::vector<double>(weights.size(), factor)};
  if (kind.type == ReplicateType::kJackknifeN) {
    std::ranges::transform(weights, result.factors.begin(),
                           [&](const auto& replicate) { return factor_of_stratum(replicate, whole); });
  }
  result.weights = std::move(weights);
  return result;
}

double degrees_of_freedom(const ReplicateWeights& replicates) {
  const auto n = static_cast<Eigen::Index>(replicates.weights.size());
  Eigen::MatrixXd products(n, n);
  for (Eigen::Index a = 0; a < n; ++a) {
    const auto& first = replicates.weights[static_cast<std::size_t>(a)];
    const Eigen::Map<const Eigen::VectorXd> left(first.data(), static_cast<Eigen::Index>(first.size()));
    for (Eigen::Index b = 0; b <= a; ++b) {
      const auto& second = replicates.weights[static_cast<std::size_t>(b)];
      products(a, b) = left.dot(Eigen::Map<const Eigen::VectorXd>(second.data(), left.size()));
    }
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(products, Eigen::EigenvaluesOnly);
  const double largest = eigen.eigenvalues().maxCoeff();
  return static_cast<double>((eigen.eigenvalues().array() > kFlat * largest).count()) - 1;
}

StandardErrors replicate_standard_errors(const Mixture& mixture, const Dataset& data,
                                         const ReplicateWeights& replicates,
                                         const ReplicateOptions& options) {
  return replicate_standard_errors(mixture, data, replicates, options, [](const Mixture&, double) {});
}

StandardErrors replicate_standard_errors(const Mixture& mixture, const Dataset& data,
                                         const ReplicateWeights& replicates, const ReplicateOptions& options,
                                         const std::function<void(const Mixture&, double)>& visit) {
  if (mixture.n_features() != data.n_features())
    throw std::invalid_argument("the model and the data differ in their features");
  if (replicates.weights.empty() || replicates.weights.front().size() != data.n_rows())
    throw std::invalid_argument("the replicates have other rows than the data");
  const std::vector<double>& factors = replicates.factors;
  const PatternTable table = count_patterns(data, options.estimation.semi_supervised);
  Deviations weights(mixture.weights()), probabilities(mixture.probabilities());
  StandardErrors errors;
  run_parts<Mixture>(
      {"standard errors", Unit::kReplicates, factors.size(), options.threads, options.watch},
      [&](std::size_t r) {
        return replicate_fit(mixture, table, replicates.weights[r], options.estimation, options.watch);
      },
      [&](std::size_t r, const Mixture& found) {
        ++errors.n_replicates;
        weights.add(found.weights(), factors[r]);
        probabilities.add(found.probabilities(), factors[r]);
        visit(found, factors[r]);
        return true;
      });
  errors.weights = weights.roots();
  errors.probabilities = probabilities.roots();
  errors.degrees_of_freedom = degrees_of_freedom(replicates);
  errors.boundary = drop_bounds(mixture.probabilities(), errors.probabilities);
  return errors;
}

}  // namespace mixbern
