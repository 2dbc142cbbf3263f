// The middle matrix of a sandwich for rows that a survey drew.
#pragma once

#include <Eigen/Dense>
#include <cstddef>
#include <vector>

#include "mixbern/statistics/survey.hpp"
#include "stats/sampling_units.hpp"

namespace mixbern {

/// Covariance of a sum of scores over rows of a survey (Binder, International Statistical Review 51 (1983)
/// 279-292): Σ_h (1 − f_h) n_h / (n_h − 1) Σ_j (T_hj − T̄_h)(T_hj − T̄_h)ᵀ, where stratum h has n_h clusters,
/// a share f_h of all, and cluster j's scores add up to T_hj. A lonely cluster, where it is not refused,
/// counts with (1 − f_h) (T − T̄)(T − T̄)ᵀ, T̄ of all clusters.
///
/// Legal calls: add* middle. Rows that are not added have a score of 0.
class DesignMiddle {
 public:
  /// For scores of `p` parameters. Throws as size_of().
  DesignMiddle(const SurveyDesign& design, std::size_t n_rows, Eigen::Index p);

  /// The score of a row, times its weight. Each row once. O(p) with clusters, else O(p²).
  void add(std::size_t row, const Eigen::Ref<const Eigen::VectorXd>& weighted_score);

  Eigen::MatrixXd middle() const;

  const DesignSize& size() const { return size_; }

 private:
  void add_total(std::size_t unit, const Eigen::Ref<const Eigen::VectorXd>& total, Eigen::MatrixXd& sums,
                 Eigen::MatrixXd& squares) const;

  SamplingUnits units_;
  DesignSize size_;
  std::vector<double> factors_;  // [strata] of squares
  bool rows_are_units_;
  Eigen::MatrixXd totals_;   // a column a unit, where a unit has several rows
  Eigen::MatrixXd sums_;     // a column a stratum, else
  Eigen::MatrixXd squares_;  // Σ factor T Tᵀ, lower half, else
};

}  // namespace mixbern
