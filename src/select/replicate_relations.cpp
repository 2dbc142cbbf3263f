#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

#include "mixbern/statistics/replicates.hpp"
#include "select/replicate_fit.hpp"
#include "select/run_parts.hpp"
#include "stats/relate/wald.hpp"

namespace mixbern {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// The rows with the weights of one replicate, scaled to the sum of their own.
Dataset weighted_rows(const Dataset& data, std::vector<double> weights) {
  double total = 0;
  for (const double weight : weights) total += weight;
  const double factor = total_weight(data) / total;
  for (double& weight : weights) weight *= factor;
  Dataset rows = data;
  rows.weights = std::move(weights);
  return rows;
}

struct Estimates {
  std::vector<double> values = {};  // empty where a replicate has none
};
using Estimate = std::function<Estimates(const Mixture&, const Dataset&, const RelateOptions&)>;

// Σ_r factor_r (ψ_r − ψ)(ψ_r − ψ)ᵀ over the replicates that have an estimate; how many lack one is told.
MatrixXd covariance_of(const VectorXd& whole, const Mixture& mixture, const Dataset& data,
                       const ReplicateWeights& replicates, const RelateOptions& options,
                       const Estimate& estimate, std::vector<std::string>& warnings) {
  if (replicates.weights.empty() || replicates.weights.front().size() != data.n_rows())
    throw std::invalid_argument("the replicates have other rows than the data");
  const PatternTable table = count_patterns(data);
  RelateOptions alone = options;
  alone.threads = 1;
  MatrixXd covariance = MatrixXd::Zero(whole.size(), whole.size());
  std::size_t n_lacking = 0;
  run_parts<Estimates>(
      {"standard errors", Unit::kReplicates, replicates.weights.size(), options.threads, options.watch},
      [&](std::size_t r) {
        const std::vector<double>& weights = replicates.weights[r];
        return estimate(replicate_fit(mixture, table, weights, options.estimation, options.watch),
                        weighted_rows(data, weights), alone);
      },
      [&](std::size_t r, const Estimates& found) {
        if (found.values.empty()) {
          ++n_lacking;
          return true;
        }
        const VectorXd own = Eigen::Map<const VectorXd>(found.values.data(), whole.size()) - whole;
        covariance += replicates.factors[r] * own * own.transpose();
        return true;
      });
  if (n_lacking > 0)
    warnings.push_back(std::to_string(n_lacking) +
                       " of the replicates cannot be related, as a covariate does not vary there; they are "
                       "left out of the standard errors");
  return covariance;
}

// Every replicate is related as the whole sample was, whatever the separation of its classes.
RelateOptions by(RelateMethod method, RelateOptions options) {
  options.method = method;
  return options;
}

// The coefficients of one term, but those of the reference.
std::vector<Index> positions_of(const std::string& term, const Relation& relation,
                                const DesignMatrix& design) {
  std::vector<Index> chosen;
  for (std::size_t k = 0; k < relation.n_components; ++k) {
    for (std::size_t p = 0; p < relation.names.size() && k != relation.reference; ++p) {
      const auto column = std::ranges::find(design.names, relation.names[p]) - design.names.begin();
      if (design.term_names[design.terms[static_cast<std::size_t>(column)]] == term)
        chosen.push_back(static_cast<Index>(k * relation.names.size() + p));
    }
  }
  return chosen;
}

void test_again(RelateTest& test, const VectorXd& estimates, const MatrixXd& covariance) {
  const double step3 = test.step3_statistic;
  test = wald_test(std::move(test.name), estimates, covariance);
  test.step3_statistic = step3;
}

// The means of classes; of several categories the first follows from the others.
std::vector<Index> free_means(const OutcomeRelation& relation, std::size_t n_components) {
  const std::size_t each = relation.classes.size() / n_components;
  std::vector<Index> chosen;
  for (std::size_t j = 0; j < relation.classes.size(); ++j) {
    if (each == 1 || j % each > 0) chosen.push_back(static_cast<Index>(j));
  }
  return chosen;
}

}  // namespace

Relation relate_covariates(const Mixture& mixture, const Dataset& data, const DesignMatrix& design,
                           const ReplicateWeights& replicates, const RelateOptions& options) {
  Relation relation = relate_covariates(mixture, data, design, options);
  const VectorXd whole =
      Eigen::Map<const VectorXd>(relation.estimates.data(), static_cast<Index>(relation.estimates.size()));
  const Estimate estimate = [&](const Mixture& own, const Dataset& rows, const RelateOptions& alone) {
    Relation found = relate_covariates(own, rows, design, alone);
    return found.names == relation.names ? Estimates{std::move(found.estimates)} : Estimates{};
  };
  const MatrixXd covariance = covariance_of(whole, mixture, data, replicates, by(relation.method, options),
                                            estimate, relation.warnings);
  relation.covariance.assign(covariance.reshaped().begin(), covariance.reshaped().end());
  relation.corrected_covariance.clear();
  relation.one_step_errors.reset();
  for (RelateTest& test : relation.tests) {
    const std::vector<Index> chosen = positions_of(test.name, relation, design);
    test_again(test, whole(chosen), covariance(chosen, chosen));
  }
  return relation;
}

OutcomeRelation relate_outcome(const Mixture& mixture, const Dataset& data, const Variable& outcome,
                               OutcomeKind kind, const ReplicateWeights& replicates,
                               const RelateOptions& options) {
  OutcomeRelation relation = relate_outcome(mixture, data, outcome, kind, options);
  const auto means_of = [](const OutcomeRelation& found) {
    Estimates means;
    for (const ClassOutcome& own : found.classes) means.values.push_back(own.mean);
    return means;
  };
  const Estimates own = means_of(relation);
  const VectorXd whole = Eigen::Map<const VectorXd>(own.values.data(), static_cast<Index>(own.values.size()));
  const Estimate estimate = [&](const Mixture& refitted, const Dataset& rows, const RelateOptions& alone) {
    return means_of(relate_outcome(refitted, rows, outcome, kind, alone));
  };
  const MatrixXd covariance = covariance_of(whole, mixture, data, replicates, by(relation.method, options),
                                            estimate, relation.warnings);
  for (std::size_t j = 0; j < relation.classes.size(); ++j) {
    const auto at = static_cast<Index>(j);
    relation.classes[j].errors.standard_error = std::sqrt(covariance(at, at));
    relation.classes[j].errors.corrected_standard_error = std::numeric_limits<double>::quiet_NaN();
  }
  relation.one_step_errors.reset();
  const std::vector<Index> chosen = free_means(relation, mixture.n_components());
  std::vector<RelateTest> tests =
      test_means(whole(chosen), mixture.n_components(), covariance(chosen, chosen));
  for (std::size_t t = 0; t < tests.size(); ++t) tests[t].step3_statistic = relation.tests[t].step3_statistic;
  relation.tests = std::move(tests);
  return relation;
}

}  // namespace mixbern
