#include "stats/relate/cells.hpp"

#include <algorithm>
#include <bit>
#include <boost/container_hash/hash.hpp>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

namespace mixbern {
namespace {

// What a row is told apart by.
class Keys {
 public:
  Keys(const std::vector<std::size_t>& patterns, const DesignMatrix& design, std::span<const double> outcome)
      : patterns_(patterns), design_(design), outcome_(outcome) {}

  std::span<const double> covariates(std::size_t row) const {
    const std::size_t p = design_.n_columns();
    return {design_.values.data() + row * p, p};
  }
  bool complete(std::size_t row) const {
    return std::ranges::all_of(covariates(row), [](double x) { return std::isfinite(x); });
  }
  std::size_t operator()(std::size_t row) const {
    std::size_t seed = patterns_[row];
    for (const double x : covariates(row)) boost::hash_combine(seed, x);
    if (!outcome_.empty()) boost::hash_combine(seed, is_missing(row) ? 0.0 : outcome_[row]);
    return seed;
  }
  bool operator()(std::size_t a, std::size_t b) const {
    return patterns_[a] == patterns_[b] && std::ranges::equal(covariates(a), covariates(b)) &&
           (outcome_.empty() || outcome_[a] == outcome_[b] || (is_missing(a) && is_missing(b)));
  }
  bool is_missing(std::size_t row) const { return !outcome_.empty() && !std::isfinite(outcome_[row]); }

 private:
  const std::vector<std::size_t>& patterns_;
  const DesignMatrix& design_;
  std::span<const double> outcome_;
};

void check(const Dataset& data, const DesignMatrix& design, std::span<const double> outcome) {
  const auto refuse = [&](const char* what, std::size_t n) {
    throw std::invalid_argument(std::string(what) + " have " + std::to_string(n) + " rows, the data has " +
                                std::to_string(data.n_rows()));
  };
  if (design.n_columns() == 0) throw std::invalid_argument("a design matrix needs a column");
  if (design.n_rows() != data.n_rows()) refuse("covariates", design.n_rows());
  if (!outcome.empty() && outcome.size() != data.n_rows()) refuse("outcomes", outcome.size());
}

// Numbers of distinct rows in order of first appearance; as a map by hash whose places hold numbers alone.
class Distinct {
 public:
  Distinct(const Keys& keys, std::size_t n_rows)
      : keys_(keys), places_(std::bit_ceil(2 * n_rows + 2), kNoCell) {}

  std::size_t number(std::size_t row) {
    const std::size_t mask = places_.size() - 1;
    std::size_t at = keys_(row) & mask;
    while (places_[at] != kNoCell && !keys_(first_rows_[places_[at]], row)) at = (at + 1) & mask;
    if (places_[at] == kNoCell) {
      places_[at] = first_rows_.size();
      first_rows_.push_back(row);
    }
    return places_[at];
  }
  const std::vector<std::size_t>& first_rows() const { return first_rows_; }

 private:
  const Keys& keys_;
  std::vector<std::size_t> places_;
  std::vector<std::size_t> first_rows_;
};

// Cells in the order of their patterns, in place of that of their first rows, which are returned.
std::vector<std::size_t> sort_by_pattern(const std::vector<std::size_t>& first_rows,
                                         const PatternTable& table, std::vector<std::size_t>& cell_of_row) {
  std::vector<std::size_t> ends(table.rows.n_rows() + 1, 0), sorted(first_rows.size()),
      number(first_rows.size());
  for (const std::size_t row : first_rows) ++ends[table.pattern_of_row[row] + 1];
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  for (std::size_t c = 0; c < first_rows.size(); ++c) {
    number[c] = ends[table.pattern_of_row[first_rows[c]]]++;
    sorted[number[c]] = first_rows[c];
  }
  for (std::size_t& cell : cell_of_row) {
    if (cell != kNoCell) cell = number[cell];
  }
  return sorted;
}

}  // namespace

Cells make_cells(const PatternTable& table, const Dataset& data, const DesignMatrix& design,
                 std::span<const double> outcome) {
  check(data, design, outcome);
  const std::vector<std::size_t>& patterns = table.pattern_of_row;
  const Keys keys(patterns, design, outcome);
  Distinct distinct(keys, data.n_rows());
  Cells cells{.cell_of_row = std::vector<std::size_t>(data.n_rows(), kNoCell)};
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    if (patterns[i] == kNoPattern || !(data.weight(i) > 0)) continue;
    if (!keys.complete(i)) {
      ++cells.n_left_out;
      continue;
    }
    cells.cell_of_row[i] = distinct.number(i);
    ++cells.n_rows;
    if (keys.is_missing(i)) ++cells.n_without_outcome;
  }
  const std::vector<std::size_t> first_rows =
      sort_by_pattern(distinct.first_rows(), table, cells.cell_of_row);
  const auto n = static_cast<Eigen::Index>(first_rows.size());
  cells.covariates.resize(n, static_cast<Eigen::Index>(design.n_columns()));
  cells.outcomes.resize(outcome.empty() ? 0 : n);
  cells.weights = Eigen::VectorXd::Zero(n);
  for (Eigen::Index c = 0; c < n; ++c) {
    const std::size_t row = first_rows[static_cast<std::size_t>(c)];
    cells.patterns.push_back(patterns[row]);
    const auto x = keys.covariates(row);
    cells.covariates.row(c) = Eigen::Map<const Eigen::RowVectorXd>(x.data(), cells.covariates.cols());
    if (!outcome.empty()) cells.outcomes(c) = keys.is_missing(row) ? std::nan("") : outcome[row];
  }
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    if (cells.cell_of_row[i] != kNoCell)
      cells.weights(static_cast<Eigen::Index>(cells.cell_of_row[i])) += data.weight(i);
  }
  return cells;
}

}  // namespace mixbern
