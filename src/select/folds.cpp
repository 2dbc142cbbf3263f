#include "select/folds.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/random.hpp"
#include "data/select_rows.hpp"

namespace mixbern {
namespace {

// Rows that are dealt one by one, 16 bytes each.
constexpr double kMostUnits = 1 << 24;
// Of a weight: sums and differences of weights err by that much.
constexpr double kRounding = 1e-9;

// What is dealt: a distinct row, and how much of its weight.
struct Unit {
  std::size_t row;
  double weight;
};

bool are_counts(const Dataset& data) {
  const bool whole = std::ranges::all_of(data.weights, [](double w) { return w == std::floor(w); });
  return !data.weights.empty() && whole && total_weight(data) <= kMostUnits;
}

// In order of the rows.
std::vector<Unit> units_of(const Dataset& data, const std::vector<std::size_t>& distinct_of_row) {
  const bool counts = are_counts(data);
  std::vector<Unit> units;
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    if (data.weight(i) <= 0) continue;
    const auto n = counts ? static_cast<std::size_t>(data.weight(i)) : 1;
    units.insert(units.end(), n, {distinct_of_row[i], counts ? 1.0 : data.weight(i)});
  }
  return units;
}

// Rows with their weight in `weights`, without those that have none of it.
Dataset part(const Dataset& rows, const std::vector<double>& weights) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] > kRounding * rows.weights[i]) chosen.push_back(i);
  }
  Dataset result = select_rows(rows, chosen);
  for (std::size_t j = 0; j < chosen.size(); ++j) result.weights[j] = weights[chosen[j]];
  return result;
}

}  // namespace

std::size_t Folds::n_rows(const Dataset& data) {
  if (data.weights.empty()) return data.n_rows();
  if (are_counts(data)) return static_cast<std::size_t>(total_weight(data));
  return static_cast<std::size_t>(std::ranges::count_if(data.weights, [](double w) { return w > 0; }));
}

Folds::Folds(const Dataset& data, std::size_t n_folds, std::uint64_t seed) {
  CollapsedRows all = collapse(data);
  std::vector<Unit> units = units_of(data, all.distinct_of_row);
  if (n_folds < 2 || n_folds > units.size()) {
    throw std::invalid_argument("cross-validation of " + std::to_string(units.size()) +
                                " rows takes from 2 to " + std::to_string(units.size()) + " folds, not " +
                                std::to_string(n_folds));
  }
  Engine engine(seed);
  for (std::size_t i = units.size(); i > 1; --i)
    std::swap(units[i - 1], units[static_cast<std::size_t>(uniform(engine) * static_cast<double>(i))]);
  rows_ = std::move(all.data);
  held_out_.assign(n_folds, std::vector<double>(rows_.n_rows(), 0.0));
  for (std::size_t i = 0; i < units.size(); ++i) held_out_[i % n_folds][units[i].row] += units[i].weight;
}

Dataset Folds::held_out(std::size_t fold) const {
  Dataset result = part(rows_, held_out_[fold]);
  result.labels.clear();
  return result;
}

Dataset Folds::training(std::size_t fold) const {
  std::vector<double> left = rows_.weights;
  for (std::size_t i = 0; i < left.size(); ++i) left[i] -= held_out_[fold][i];
  return part(rows_, left);
}

}  // namespace mixbern
