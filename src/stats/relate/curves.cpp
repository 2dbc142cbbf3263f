#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "mixbern/statistics/relate.hpp"
#include "stats/relate/terms.hpp"

namespace mixbern {
namespace {

// Values of a number at which a curve is known.
constexpr std::size_t kPoints = 41;

std::vector<double> known(const Variable& variable) {
  std::vector<double> values;
  std::ranges::copy_if(variable.values, std::back_inserter(values),
                       [](double x) { return std::isfinite(x); });
  return values;
}

// The mean, or the most frequent category.
double typical(const Variable& variable) {
  const std::vector<double> values = known(variable);
  if (variable.categories.empty()) {
    double sum = 0;
    for (const double x : values) sum += x;
    return sum / static_cast<double>(values.size());
  }
  std::vector<std::size_t> counts(variable.categories.size());
  for (const double x : values) ++counts[static_cast<std::size_t>(x)];
  return static_cast<double>(std::ranges::max_element(counts) - counts.begin());
}

std::vector<double> points(const Variable& variable) {
  std::vector<double> result;
  for (std::size_t c = 0; c < variable.categories.size(); ++c) result.push_back(static_cast<double>(c));
  if (!result.empty()) return result;
  const auto [least, most] = std::ranges::minmax(known(variable));
  for (std::size_t i = 0; i < kPoints; ++i)
    result.push_back(least + (most - least) * static_cast<double>(i) / (kPoints - 1));
  return result;
}

bool is_named(const Variable& variable, std::span<const std::string> terms) {
  const auto names = [&](const std::string& term) {
    const std::vector<std::string> factors = factors_of(term, ":*");
    return std::ranges::find(factors, variable.name) != factors.end();
  };
  return std::ranges::any_of(terms, names) && !known(variable).empty();
}

// Rows of `design` without the columns that the relation left out.
std::vector<double> shares_of(const Relation& relation, const DesignMatrix& design) {
  std::vector<double> result, row(relation.names.size());
  for (std::size_t i = 0; i < design.n_rows(); ++i) {
    for (std::size_t p = 0; p < row.size(); ++p) {
      const auto at = std::ranges::find(design.names, relation.names[p]) - design.names.begin();
      row[p] = design.values[i * design.n_columns() + static_cast<std::size_t>(at)];
    }
    const std::vector<double> shares = membership(relation, row);
    result.insert(result.end(), shares.begin(), shares.end());
  }
  return result;
}

}  // namespace

std::vector<MembershipCurve> membership_curves(const Relation& relation, std::span<const Variable> variables,
                                               std::span<const std::string> terms) {
  std::vector<MembershipCurve> curves;
  for (const Variable& moving : variables) {
    if (!is_named(moving, terms)) continue;
    MembershipCurve curve{.name = moving.name, .values = points(moving), .categories = moving.categories};
    std::vector<Variable> grid(variables.begin(), variables.end());
    for (Variable& variable : grid) {
      const double value = known(variable).empty() ? 0 : typical(variable);
      variable.values.assign(curve.values.size(), value);
      if (variable.name == moving.name) variable.values = curve.values;
    }
    curve.shares = shares_of(relation, design_matrix(grid, terms));
    curves.push_back(std::move(curve));
  }
  return curves;
}

}  // namespace mixbern
