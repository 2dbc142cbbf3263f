#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>

#include "mixbern/statistics/relate.hpp"
#include "stats/relate/terms.hpp"

namespace mixbern {
namespace {

// One column: what it is called and one number a row.
struct Column {
  std::string name;
  std::vector<double> values;
};

const Variable& find(std::span<const Variable> variables, const std::string& name, const std::string& term) {
  const auto found = std::ranges::find(variables, name, &Variable::name);
  if (found != variables.end()) return *found;
  std::string message = "the term '" + term + "' needs a covariate '" + name + "', which is not there";
  throw std::invalid_argument(message);
}

std::vector<Column> columns_of(const Variable& variable) {
  if (variable.categories.empty()) return {{variable.name, variable.values}};
  std::vector<Column> columns;
  for (std::size_t c = 1; c < variable.categories.size(); ++c) {
    Column column{variable.name + "=" + variable.categories[c], variable.values};
    for (double& x : column.values) {
      if (!std::isnan(x)) x = x == static_cast<double>(c) ? 1 : 0;
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

std::vector<Column> products(const std::vector<Column>& left, const std::vector<Column>& right) {
  std::vector<Column> result;
  for (const Column& a : left) {
    for (const Column& b : right) {
      Column product{a.name, a.values};
      product.name.append(":").append(b.name);
      for (std::size_t i = 0; i < b.values.size(); ++i) product.values[i] *= b.values[i];
      result.push_back(std::move(product));
    }
  }
  return result;
}

// "a*b" stands for a, b and a:b: products of all choices of its factors, small ones first.
std::vector<std::string> expand(const std::string& term) {
  const std::vector<std::string> factors = factors_of(term, "*");
  constexpr std::size_t kMostFactors = 6;
  if (factors.size() > kMostFactors)
    throw std::invalid_argument("the term '" + term + "' multiplies more than six covariates");
  std::vector<std::pair<std::size_t, std::string>> chosen;
  for (std::size_t choice = 1; choice < std::size_t{1} << factors.size(); ++choice) {
    std::string name;
    std::size_t n = 0;
    for (std::size_t f = 0; f < factors.size(); ++f) {
      if ((choice >> f & 1U) == 0) continue;
      if (n++ > 0) name += ':';
      name += factors[f];
    }
    chosen.emplace_back(n, name);
  }
  std::ranges::stable_sort(chosen, {}, &std::pair<std::size_t, std::string>::first);
  std::vector<std::string> result;
  for (auto& [n, name] : chosen) result.push_back(std::move(name));
  return result;
}

std::size_t rows_of(std::span<const Variable> variables) {
  if (variables.empty()) throw std::invalid_argument("no covariate is given");
  const std::size_t n = variables.front().values.size();
  for (const Variable& variable : variables) {
    if (variable.values.size() != n)
      throw std::invalid_argument("the covariate '" + variable.name + "' has another number of rows");
  }
  return n;
}

}  // namespace

std::vector<std::string> factors_of(const std::string& term, std::string_view signs) {
  std::vector<std::string> factors(1);
  for (const char c : term) {
    if (signs.find(c) != std::string_view::npos) {
      factors.emplace_back();
    } else {
      factors.back() += c;
    }
  }
  return factors;
}

DesignMatrix design_matrix(std::span<const Variable> variables, std::span<const std::string> terms) {
  const std::size_t n = rows_of(variables);
  DesignMatrix design{.names = {"intercept"}, .terms = {0}, .term_names = {"intercept"}};
  std::vector<Column> all = {{"intercept", std::vector<double>(n, 1.0)}};
  std::set<std::string> seen;
  for (const std::string& given : terms) {
    for (const std::string& term : expand(given)) {
      if (!seen.insert(term).second) continue;
      std::vector<Column> columns;
      for (const std::string& name : factors_of(term, ":")) {
        const std::vector<Column> own = columns_of(find(variables, name, given));
        columns = columns.empty() ? own : products(columns, own);
      }
      for (Column& column : columns) {
        design.names.push_back(column.name);
        design.terms.push_back(design.term_names.size());
        all.push_back(std::move(column));
      }
      design.term_names.push_back(term);
    }
  }
  design.values.resize(n * all.size());
  for (std::size_t p = 0; p < all.size(); ++p) {
    for (std::size_t i = 0; i < n; ++i) design.values[i * all.size() + p] = all[p].values[i];
  }
  return design;
}

OutcomeKind likely_kind(const Variable& variable) {
  if (!variable.categories.empty()) return OutcomeKind::kNominal;
  const bool binary =
      std::ranges::all_of(variable.values, [](double z) { return std::isnan(z) || z == 0 || z == 1; });
  return binary ? OutcomeKind::kNominal : OutcomeKind::kContinuous;
}

}  // namespace mixbern
