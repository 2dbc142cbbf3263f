#include "stats/relate/cells.hpp"

#include <algorithm>
#include <boost/container_hash/hash.hpp>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>
#include <unordered_map>

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

// Cells in the order of their patterns, in place of that of their first rows.
void sort_by_pattern(std::vector<std::size_t>& first_rows, const std::vector<std::size_t>& patterns,
                     std::vector<std::size_t>& cell_of_row) {
  std::vector<std::size_t> order(first_rows.size()), number(first_rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t c) { return patterns[first_rows[c]]; });
  for (std::size_t c = 0; c < order.size(); ++c) number[order[c]] = c;
  for (std::size_t& cell : cell_of_row) {
    if (cell != kNoCell) cell = number[cell];
  }
  std::vector<std::size_t> sorted;
  for (const std::size_t c : order) sorted.push_back(first_rows[c]);
  first_rows = std::move(sorted);
}

}  // namespace

Cells make_cells(const PatternTable& table, const Dataset& data, const DesignMatrix& design,
                 std::span<const double> outcome) {
  check(data, design, outcome);
  const std::vector<std::size_t>& patterns = table.pattern_of_row;
  const Keys keys(patterns, design, outcome);
  std::unordered_map<std::size_t, std::size_t, Keys, Keys> numbers(0, keys, keys);
  Cells cells{.cell_of_row = std::vector<std::size_t>(data.n_rows(), kNoCell)};
  std::vector<std::size_t> first_rows;
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    if (patterns[i] == kNoPattern || !(data.weight(i) > 0)) continue;
    if (!keys.complete(i)) {
      ++cells.n_left_out;
      continue;
    }
    const auto [at, fresh] = numbers.try_emplace(i, first_rows.size());
    if (fresh) first_rows.push_back(i);
    cells.cell_of_row[i] = at->second;
    ++cells.n_rows;
    if (keys.is_missing(i)) ++cells.n_without_outcome;
  }
  sort_by_pattern(first_rows, patterns, cells.cell_of_row);
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
