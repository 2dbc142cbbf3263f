// Rows that are alike in all that a relation looks at.
#pragma once

#include <Eigen/Dense>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mixbern/statistics/relate.hpp"
#include "stats/patterns.hpp"

namespace mixbern {

/// Of a row that the last step leaves out.
constexpr std::size_t kNoCell = SIZE_MAX;

/// Rows with the same answers, covariates and outcome are one cell. Everything after is in O(cells).
struct Cells {
  std::vector<std::size_t> patterns = {};     ///< [C] of each, ascending
  Eigen::MatrixXd covariates = {};            ///< C × P
  Eigen::VectorXd outcomes = {};              ///< [C], NaN where missing; or empty
  Eigen::VectorXd weights = {};               ///< [C] Σ w > 0
  std::vector<std::size_t> cell_of_row = {};  ///< [N], or kNoCell
  std::size_t n_rows = 0;                     ///< that have a cell
  std::size_t n_without_outcome = 0;          ///< of these, where there is one
  std::size_t n_left_out = 0;                 ///< that answered something but lack a covariate

  std::size_t size() const { return patterns.size(); }
};

/// `outcome` is empty or has one number a row. Throws std::invalid_argument unless all have as many rows.
Cells make_cells(const PatternTable& table, const Dataset& data, const DesignMatrix& design,
                 std::span<const double> outcome = {});

}  // namespace mixbern
