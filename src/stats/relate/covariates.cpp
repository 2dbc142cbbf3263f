#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "stats/relate/steps.hpp"
#include "stats/relate/wald.hpp"

namespace mixbern {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// A column whose part that others do not explain is less than that share of it.
constexpr double kExplained = 1e-8;
// Standard deviations of a covariate times its coefficient: odds beyond e^15 nobody can estimate.
constexpr double kMostLogOdds = 15;

// Columns that do not follow from those before them, over the rows that are used.
std::vector<std::size_t> independent_columns(const Cells& cells) {
  const VectorXd roots = cells.weights.cwiseSqrt();
  std::vector<VectorXd> basis;
  std::vector<std::size_t> kept;
  for (Index p = 0; p < cells.covariates.cols(); ++p) {
    VectorXd rest = roots.asDiagonal() * cells.covariates.col(p);
    const double size = rest.norm();
    for (int twice = 0; twice < 2; ++twice) {
      for (const VectorXd& direction : basis) rest -= direction.dot(rest) * direction;
    }
    if (!(rest.norm() > kExplained * size)) continue;
    basis.emplace_back(rest / rest.norm());
    kept.push_back(static_cast<std::size_t>(p));
  }
  return kept;
}

// The columns of the design that are used: what they are called, and their terms.
struct Columns {
  std::vector<std::string> names = {};
  std::vector<std::size_t> terms = {};
};

// Leaves columns out of the cells that say nothing new, and tells so.
Columns choose_columns(const DesignMatrix& design, Cells& cells, std::vector<std::string>& warnings) {
  const std::vector<std::size_t> kept = independent_columns(cells);
  Columns columns;
  for (std::size_t p = 0; p < design.n_columns(); ++p) {
    if (std::ranges::binary_search(kept, p)) {
      columns.names.push_back(design.names[p]);
      columns.terms.push_back(design.terms[p]);
    } else if (cells.size() > 0) {
      warnings.push_back(
          "the covariate '" + design.names[p] +
          "' is constant or follows from the others in the rows that are used; it is left out");
    }
  }
  cells.covariates = cells.covariates(Eigen::all, kept).eval();
  return columns;
}

// Of β in the order of ClassLikelihood as K × P with zeros in the reference.
class Placing {
 public:
  Placing(std::size_t n_components, std::size_t reference, Index n_columns)
      : n_components_(n_components), reference_(reference), n_columns_(n_columns) {}

  std::vector<double> vector(const VectorXd& psi) const {
    std::vector<double> result;
    for (Index at = 0; at < size(); ++at) result.push_back(source(at) < 0 ? 0 : psi(source(at)));
    return result;
  }
  std::vector<double> matrix(const MatrixXd& covariance) const {
    std::vector<double> result;
    if (covariance.size() == 0) return result;
    for (Index a = 0; a < size(); ++a) {
      for (Index b = 0; b < size(); ++b)
        result.push_back(source(a) < 0 || source(b) < 0 ? 0 : covariance(source(a), source(b)));
    }
    return result;
  }
  /// Position in ψ, −1 in the reference.
  Index source(Index at) const {
    const auto component = static_cast<std::size_t>(at / n_columns_);
    if (component == reference_) return -1;
    return component < reference_ ? at : at - n_columns_;
  }

 private:
  Index size() const { return static_cast<Index>(n_components_) * n_columns_; }

  std::size_t n_components_;
  std::size_t reference_;
  Index n_columns_;
};

RelateTest test_term(const std::string& name, const Columns& columns, std::size_t term, const Steps& steps,
                     std::size_t n_components) {
  const std::size_t n_columns = columns.terms.size();
  std::vector<Index> chosen;
  for (std::size_t k = 0; k + 1 < n_components; ++k) {
    for (std::size_t p = 0; p < n_columns; ++p) {
      if (columns.terms[p] == term) chosen.push_back(static_cast<Index>(k * n_columns + p));
    }
  }
  RelateTest test = wald_test(name, steps.psi(chosen), steps.covariance(chosen, chosen));
  test.step3_statistic = wald_test("", steps.psi(chosen), steps.last_covariance(chosen, chosen)).statistic;
  return test;
}

void warn_of_separation(const Cells& cells, const Relation& relation, std::vector<std::string>& warnings) {
  const double n = cells.weights.sum();
  for (std::size_t p = 1; p < relation.names.size(); ++p) {
    const auto x = cells.covariates.col(static_cast<Index>(p)).array();
    const double mean = (x * cells.weights.array()).sum() / n;
    const double deviation = std::sqrt(((x - mean).square() * cells.weights.array()).sum() / n);
    for (std::size_t k = 0; k < relation.n_components; ++k) {
      if (std::abs(relation.estimates[k * relation.names.size() + p]) * deviation < kMostLogOdds) continue;
      warnings.push_back("the coefficient of '" + relation.names[p] + "' for component " +
                         std::to_string(k + 1) +
                         " grows without bound: the covariate separates it from the reference, so that no "
                         "finite value is the best; do not read its size or its standard error");
    }
  }
}

// Of the difference of coefficients a and b.
double error_of(const std::vector<double>& covariance, std::size_t n, std::size_t a, std::size_t b) {
  if (covariance.empty()) return std::nan("");
  return std::sqrt(covariance[a * n + a] + covariance[b * n + b] - 2 * covariance[a * n + b]);
}

}  // namespace

Relation relate_covariates(const Mixture& mixture, const Dataset& data, const DesignMatrix& design,
                           const RelateOptions& options) {
  const Relating relating(mixture, data, options);
  Relation relation;
  Cells cells = make_cells(relating.first().table(), data, design);
  const Columns columns = choose_columns(design, cells, relation.warnings);
  Steps steps = relating.run(cells, nullptr, relation);
  relation.reference = relating.reference();
  relation.n_components = mixture.n_components();
  relation.names = columns.names;
  const Placing placing(mixture.n_components(), relation.reference, cells.covariates.cols());
  relation.estimates = placing.vector(steps.psi);
  relation.covariance = placing.matrix(steps.covariance);
  relation.step3_covariance = placing.matrix(steps.last_covariance);
  relation.corrected_covariance = placing.matrix(steps.corrected_covariance);
  for (std::size_t term = 1; term < design.term_names.size(); ++term) {
    if (std::ranges::find(columns.terms, term) != columns.terms.end())
      relation.tests.push_back(
          test_term(design.term_names[term], columns, term, steps, mixture.n_components()));
  }
  warn_of_separation(cells, relation, relation.warnings);
  relation.mixture = std::move(steps.mixture);
  return relation;
}

std::vector<Coefficient> coefficients(const Relation& relation, std::size_t reference) {
  const std::size_t p = relation.names.size(), n = relation.n_components * p;
  std::vector<Coefficient> result;
  for (std::size_t k = 0; k < relation.n_components; ++k) {
    for (std::size_t j = 0; j < p && k != reference; ++j) {
      const std::size_t a = k * p + j, b = reference * p + j;
      result.push_back(
          {.component = k,
           .name = relation.names[j],
           .estimate = relation.estimates[a] - relation.estimates[b],
           .errors = {error_of(relation.covariance, n, a, b), error_of(relation.step3_covariance, n, a, b),
                      error_of(relation.corrected_covariance, n, a, b)}});
    }
  }
  return result;
}

std::vector<double> membership(const Relation& relation, std::span<const double> row) {
  const std::size_t p = relation.names.size();
  if (row.size() != p) throw std::invalid_argument("a row of the design matrix has another length");
  VectorXd logits(static_cast<Index>(relation.n_components));
  for (Index k = 0; k < logits.size(); ++k) {
    logits(k) = 0;
    for (std::size_t j = 0; j < p; ++j)
      logits(k) += row[j] * relation.estimates[static_cast<std::size_t>(k) * p + j];
  }
  const VectorXd shares = (logits.array() - logits.maxCoeff()).exp().matrix();
  const VectorXd result = shares / shares.sum();
  return {result.begin(), result.end()};
}

}  // namespace mixbern
