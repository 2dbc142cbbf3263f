#include "stats/design_middle.hpp"

namespace mixbern {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

Eigen::Index index(std::size_t i) {
  return static_cast<Eigen::Index>(i);
}

}  // namespace

DesignMiddle::DesignMiddle(const SurveyDesign& design, std::size_t n_rows, Eigen::Index p)
    : units_(sampling_units(design, n_rows)),
      factors_(shares_of_strata(design, units_)),
      rows_are_units_(design.clusters.empty()) {
  size_ = checked_size(design, units_, factors_);
  for (std::size_t h = 0; h < factors_.size(); ++h) {
    const auto n = static_cast<double>(units_.n_units[h]);
    factors_[h] = (1 - factors_[h]) * (n > 1 ? n / (n - 1) : 1.0);
  }
  if (!rows_are_units_) totals_ = MatrixXd::Zero(p, index(size_.n_clusters));
  sums_ = MatrixXd::Zero(p, index(size_.n_strata));
  squares_ = MatrixXd::Zero(p, p);
}

void DesignMiddle::add(std::size_t row, const Eigen::Ref<const VectorXd>& weighted_score) {
  const std::size_t unit = units_.unit_of_row[row];
  if (rows_are_units_) return add_total(unit, weighted_score, sums_, squares_);
  totals_.col(index(unit)) += weighted_score;
}

void DesignMiddle::add_total(std::size_t unit, const Eigen::Ref<const VectorXd>& total, MatrixXd& sums,
                             MatrixXd& squares) const {
  const std::size_t stratum = units_.stratum_of_unit[unit];
  sums.col(index(stratum)) += total;
  squares.selfadjointView<Eigen::Lower>().rankUpdate(total, factors_[stratum]);
}

MatrixXd DesignMiddle::middle() const {
  MatrixXd sums = sums_, squares = squares_;
  for (std::size_t unit = 0; unit < (rows_are_units_ ? 0 : size_.n_clusters); ++unit)
    add_total(unit, totals_.col(index(unit)), sums, squares);
  MatrixXd result = squares.selfadjointView<Eigen::Lower>();
  const VectorXd mean = sums.rowwise().sum() / static_cast<double>(size_.n_clusters);
  for (std::size_t h = 0; h < size_.n_strata; ++h) {
    const VectorXd sum = sums.col(index(h));
    if (units_.n_units[h] > 1) {
      result -= factors_[h] / static_cast<double>(units_.n_units[h]) * sum * sum.transpose();
    } else {
      result += factors_[h] * (mean * mean.transpose() - sum * mean.transpose() - mean * sum.transpose());
    }
  }
  return result;
}

}  // namespace mixbern
