#include "stats/relate/last_step.hpp"

#include <vector>

#include "stats/design_middle.hpp"
#include "stats/relate/sums.hpp"

namespace mixbern {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd middle_by_design(const RowSample& sample, const MatrixXd& by_cell, const MatrixXd& by_pattern) {
  const std::size_t n_rows = sample.data.n_rows();
  DesignMiddle middle(sample.options.design, n_rows, by_cell.cols());
  for (std::size_t i = 0; i < n_rows; ++i) {
    const std::size_t cell = sample.cells.cell_of_row[i], pattern = sample.table.pattern_of_row[i];
    if (pattern == kNoPattern) continue;
    const VectorXd own = cell != kNoCell ? by_cell.row(static_cast<Index>(cell)).transpose()
                                         : by_pattern.row(static_cast<Index>(pattern)).transpose();
    middle.add(i, sample.data.weight(i) * own);
  }
  return middle.middle();
}

// Two-step maximises a likelihood, whose curvature says how sure the estimates are where rows are independent
// (Bakk and Kuha 2018, eq. 12).
bool is_model_based(const RelateOptions& options) {
  return options.method == RelateMethod::kTwoStep && !options.design.given() &&
         options.estimation.weights_kind == WeightsKind::kFrequency;
}

}  // namespace

MatrixXd middle_of(const RowSample& sample, const MatrixXd& by_cell, const MatrixXd& by_pattern) {
  if (sample.options.design.given()) return middle_by_design(sample, by_cell, by_pattern);
  const bool squared = sample.options.estimation.weights_kind == WeightsKind::kSampling;
  VectorXd cells = VectorXd::Zero(by_cell.rows()), patterns = VectorXd::Zero(by_pattern.rows());
  for (std::size_t i = 0; i < sample.data.n_rows(); ++i) {
    const std::size_t cell = sample.cells.cell_of_row[i], pattern = sample.table.pattern_of_row[i];
    if (pattern == kNoPattern) continue;
    const double weight = sample.data.weight(i), factor = squared ? weight * weight : weight;
    if (cell != kNoCell) {
      cells(static_cast<Index>(cell)) += factor;
    } else {
      patterns(static_cast<Index>(pattern)) += factor;
    }
  }
  return by_cell.transpose() * cells.asDiagonal() * by_cell +
         by_pattern.transpose() * patterns.asDiagonal() * by_pattern;
}

Covariance invert(const MatrixXd& information) {
  return {information, nullptr, Identification()};
}

StepCovariances step_covariances(const ClassLikelihood& likelihood, const Ascent& ascent,
                                 const FirstStep& first, const AssignedClasses& classification,
                                 const RowSample& sample) {
  const TermSums sums = sum_terms(likelihood, ascent.psi);
  const Covariance inverse = invert(ascent.at.observed());
  const MatrixXd bread = inverse.inverse();
  const Upstream before = upstream(first, classification, sums.sensitivity, sample.options);
  const MatrixXd by_pattern =
      first.scores() * (first.covariance() * before.by_parameters.transpose()) + before.by_errors;
  MatrixXd by_cell = sums.scores;
  for (std::size_t c = 0; c < sample.cells.size(); ++c)
    by_cell.row(static_cast<Index>(c)) += by_pattern.row(static_cast<Index>(sample.cells.patterns[c]));

  const auto sandwich = [&](const MatrixXd& middle) -> MatrixXd { return bread * middle * bread; };
  const MatrixXd none = MatrixXd::Zero(by_pattern.rows(), by_pattern.cols());
  const bool likelihood_based = is_model_based(sample.options);
  StepCovariances result{.all = {},
                         .last = likelihood_based ? bread : sandwich(middle_of(sample, sums.scores, none)),
                         .corrected = {},
                         .n_flat = inverse.n_singular()};
  result.corrected =
      result.last + sandwich(before.by_parameters * first.covariance() * before.by_parameters.transpose());
  result.all = likelihood_based ? result.corrected : sandwich(middle_of(sample, by_cell, by_pattern));
  return result;
}

}  // namespace mixbern
