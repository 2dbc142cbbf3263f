#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "stats/relate/steps.hpp"
#include "stats/relate/wald.hpp"

namespace mixbern {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// What the outcome's categories are called; those of 0 and 1 where it has numbers.
std::vector<std::string> categories_of(const Variable& outcome, OutcomeKind kind) {
  if (kind != OutcomeKind::kNominal) return {};
  if (!outcome.categories.empty()) return outcome.categories;
  double most = 1;
  for (const double z : outcome.values) most = std::isnan(z) ? most : std::max(most, z);
  std::vector<std::string> names;
  for (std::size_t c = 0; c <= static_cast<std::size_t>(most); ++c) names.push_back(std::to_string(c));
  return names;
}

void check(const Variable& outcome, OutcomeKind kind) {
  constexpr double kMostCategories = 100;
  for (const double z : outcome.values) {
    if (std::isnan(z) || kind == OutcomeKind::kContinuous) continue;
    if (!(z >= 0) || z != std::floor(z) || (kind == OutcomeKind::kNominal && z > kMostCategories))
      throw std::invalid_argument("the outcome '" + outcome.name + "' is " + std::string(to_string(kind)) +
                                  ", so its values have to be whole numbers from 0" +
                                  (kind == OutcomeKind::kNominal ? " to 100" : ""));
  }
}

// Only an intercept; missing where the outcome is, if such rows are to be left out.
DesignMatrix intercept(const Variable& outcome, bool listwise) {
  DesignMatrix design{.names = {"intercept"},
                      .terms = {0},
                      .term_names = {"intercept"},
                      .values = std::vector<double>(outcome.values.size(), 1.0)};
  for (std::size_t i = 0; i < design.values.size() && listwise; ++i) {
    if (!std::isfinite(outcome.values[i])) design.values[i] = kNaN;
  }
  return design;
}

// Means of all classes, in the order of classes, with their covariances.
struct Means {
  VectorXd values = {};
  MatrixXd covariance = {}, last = {}, corrected = {};
  Index each = 0;  // of one class
};

// The outcome's parameters of component k, which stand at the end of ψ.
const double* phi_of(const OutcomeModel& model, const Steps& steps, std::size_t n_components, std::size_t k) {
  return steps.psi.data() + steps.psi.size() - static_cast<Index>(n_components - k) * model.n_parameters();
}

Means means_of(const OutcomeModel& model, const Steps& steps, std::size_t n_components) {
  const Index q = model.n_parameters(), n = static_cast<Index>(n_components);
  const Index first = steps.psi.size() - n * q;
  const Index each = model.means(steps.psi.data() + first).size();
  Means means{.values = VectorXd(n * each), .each = each};
  MatrixXd slopes = MatrixXd::Zero(n * each, steps.psi.size());
  for (Index k = 0; k < n; ++k) {
    const double* phi = phi_of(model, steps, n_components, static_cast<std::size_t>(k));
    means.values.segment(k * each, each) = model.means(phi);
    slopes.block(k * each, first + k * q, each, q) = model.slopes(phi);
  }
  const auto carried = [&](const MatrixXd& covariance) -> MatrixXd {
    if (covariance.size() == 0) return {};
    return slopes * covariance * slopes.transpose();
  };
  means.covariance = carried(steps.covariance);
  means.last = carried(steps.last_covariance);
  means.corrected = carried(steps.corrected_covariance);
  return means;
}

double error_at(const MatrixXd& covariance, Index at) {
  return covariance.size() == 0 ? kNaN : std::sqrt(covariance(at, at));
}

StepErrors errors_at(const Means& means, Index at) {
  return {error_at(means.covariance, at), error_at(means.last, at), error_at(means.corrected, at)};
}

// The first category's probability is what the others leave.
ClassOutcome first_category(const Means& means, std::size_t k) {
  const Index first = static_cast<Index>(k) * means.each, each = means.each;
  const auto error = [&](const MatrixXd& covariance) {
    return covariance.size() == 0 ? kNaN : std::sqrt(covariance.block(first, first, each, each).sum());
  };
  const double p = 1 - means.values.segment(first, each).sum();
  return {.component = k,
          .mean = p,
          .variance = p * (1 - p),
          .errors = {error(means.covariance), error(means.last), error(means.corrected)}};
}

class Telling {
 public:
  Telling(const Relating& relating, const Cells& cells, const OutcomeModel& model, const Steps& steps,
          const RelateOptions& options)
      : n_components_(relating.n_components()), cells_(cells), model_(model), steps_(steps) {
    if (options.method == RelateMethod::kBch) factors_ = relating.evidence().factors;
  }

  double variance(std::size_t k, double mean, OutcomeKind kind) const {
    if (kind == OutcomeKind::kNominal) return mean * (1 - mean);
    if (factors_.size() > 0) return weighted_variance(k, mean);
    if (kind == OutcomeKind::kCount) return mean;
    return std::exp(phi_of(model_, steps_, n_components_, k)[1]);
  }

 private:
  // By BCH's weights, which may be negative.
  double weighted_variance(std::size_t k, double mean) const {
    double sum = 0, weight = 0;
    for (std::size_t c = 0; c < cells_.size(); ++c) {
      const auto cell = static_cast<Index>(c);
      if (std::isnan(cells_.outcomes(cell))) continue;
      const double own =
          cells_.weights(cell) * factors_(static_cast<Index>(cells_.patterns[c]), static_cast<Index>(k));
      sum += own * std::pow(cells_.outcomes(cell) - mean, 2);
      weight += own;
    }
    return sum / weight;
  }

  std::size_t n_components_;
  const Cells& cells_;
  const OutcomeModel& model_;
  const Steps& steps_;
  MatrixXd factors_;  // M × K weights of BCH; empty for other methods
};

void add_classes(const Means& means, const Telling& telling, const std::vector<std::string>& categories,
                 OutcomeRelation& relation) {
  const std::size_t n_components = static_cast<std::size_t>(means.values.size() / means.each);
  const bool several = categories.size() > 2;
  for (std::size_t k = 0; k < n_components; ++k) {
    if (several) {
      relation.classes.push_back(first_category(means, k));
      relation.classes.back().category = categories.front();
    }
    for (Index j = 0; j < means.each; ++j) {
      const Index at = static_cast<Index>(k) * means.each + j;
      relation.classes.push_back(
          {.component = k,
           .category = categories.empty() ? "" : categories[static_cast<std::size_t>(j) + 1],
           .mean = means.values(at),
           .variance = telling.variance(k, means.values(at), relation.kind),
           .errors = errors_at(means, at)});
    }
  }
}

std::vector<RelateTest> tests_of(const Means& means) {
  const auto n_components = static_cast<std::size_t>(means.values.size() / means.each);
  std::vector<RelateTest> tests = test_means(means.values, n_components, means.covariance);
  const std::vector<RelateTest> last = test_means(means.values, n_components, means.last);
  for (std::size_t t = 0; t < tests.size(); ++t) tests[t].step3_statistic = last[t].statistic;
  return tests;
}

void warn(const OutcomeModel& model, const Steps& steps, std::size_t n_components,
          OutcomeRelation& relation) {
  bool least = false;
  for (std::size_t k = 0; k < n_components; ++k)
    least = least || model.at_least_variance(phi_of(model, steps, n_components, k));
  if (least)
    relation.warnings.push_back(
        "the likelihood grows without bound where a class takes rows of one value of '" + relation.name +
        "': its variance there is held above 0, and these means are of no use; take bch");
  for (ClassOutcome& own : relation.classes) {
    const bool bad =
        own.variance < 0 || (relation.kind == OutcomeKind::kNominal && (own.mean < 0 || own.mean > 1));
    if (!bad) continue;
    relation.warnings.push_back("BCH's negative weights give component " + std::to_string(own.component + 1) +
                                " a " + (own.variance < 0 ? "variance below 0" : "share outside 0 … 1") +
                                " of '" + relation.name + "'; trust ml more there");
    if (own.variance < 0) own.variance = kNaN;
  }
}

}  // namespace

Interval outcome_interval(const ClassOutcome& own, OutcomeKind kind, double level,
                          double degrees_of_freedom) {
  const double error = own.errors.standard_error;
  if (kind == OutcomeKind::kNominal) return logit_interval(own.mean, error, level, degrees_of_freedom);
  if (kind == OutcomeKind::kContinuous || !(own.mean > 0))
    return wald_interval(own.mean, error, level, degrees_of_freedom);
  const auto [lower, upper] = wald_interval(std::log(own.mean), error / own.mean, level, degrees_of_freedom);
  return {std::exp(lower), std::exp(upper)};
}

OutcomeRelation relate_outcome(const Mixture& mixture, const Dataset& data, const Variable& outcome,
                               OutcomeKind kind, const RelateOptions& options) {
  check(outcome, kind);
  const Relating relating(mixture, data, options);
  OutcomeRelation relation;
  relation.name = outcome.name;
  relation.kind = kind;
  const Cells cells =
      make_cells(relating.first().table(), data, intercept(outcome, options.listwise), outcome.values);
  if (cells.n_rows == cells.n_without_outcome)
    throw std::invalid_argument("no row that answered an item has the outcome '" + outcome.name + "'");
  const std::vector<std::string> categories = categories_of(outcome, kind);
  if (kind == OutcomeKind::kNominal && categories.size() < 2)
    throw std::invalid_argument("the outcome '" + outcome.name +
                                "' has one value only: no class can differ in it");
  const bool as_moments = options.method == RelateMethod::kBch;
  const OutcomeModel model(kind, categories.size(), as_moments, cells.outcomes, cells.weights);
  const Steps steps = relating.run(cells, &model, relation);
  relation.n_without_outcome = cells.n_without_outcome;
  if (as_moments) relation.log_likelihood = kNaN;
  const Means means = means_of(model, steps, mixture.n_components());
  add_classes(means, Telling(relating, cells, model, steps, options), categories, relation);
  relation.tests = tests_of(means);
  warn(model, steps, mixture.n_components(), relation);
  return relation;
}

}  // namespace mixbern
