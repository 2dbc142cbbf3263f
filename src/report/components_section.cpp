#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "mixbern/select/optima.hpp"
#include "report/sections.hpp"

namespace mixbern::report {
namespace {

constexpr std::size_t kMostDistinctive = 20;
constexpr double kLeastDivergence = 1e-9;

/// Kullback-Leibler divergence of a feature with probability p from one with q, nats.
double divergence(double p, double q) {
  const auto term = [](double a, double b) { return a > 0 ? a * std::log(a / b) : 0.0; };
  return term(p, q) + term(1 - p, 1 - q);
}

/// Σ_k π_k θ_kd, [D].
std::vector<double> weighted_sums(const Mixture& mixture) {
  std::vector<double> sums(mixture.n_features(), 0.0);
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    for (std::size_t d = 0; d < sums.size(); ++d)
      sums[d] += mixture.weights()[k] * mixture.probabilities(k)[d];
  }
  return sums;
}

/// Of component k, by the divergence from the mean of the others; none where the others have no weight.
std::vector<std::size_t> distinctive(const Mixture& mixture, std::size_t k, const std::vector<double>& sums) {
  const double weight = mixture.weights()[k];
  const double others = 1 - weight;
  if (mixture.n_components() == 1 || !(others > 0)) return {};
  const auto theta = mixture.probabilities(k);
  std::vector<double> values;
  for (std::size_t d = 0; d < theta.size(); ++d)
    values.push_back(divergence(theta[d], std::clamp((sums[d] - weight * theta[d]) / others, 0.0, 1.0)));
  std::vector<std::size_t> order(theta.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t most = std::min(kMostDistinctive, order.size());
  const auto more = [&](std::size_t a, std::size_t b) {
    return values[a] != values[b] ? values[a] > values[b] : a < b;
  };
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(most), order.end(), more);
  order.resize(most);
  std::erase_if(order, [&](std::size_t d) { return !(values[d] > kLeastDivergence); });
  return order;
}

std::vector<std::vector<std::string>> problems_of(const Mixture& mixture, double n_rows) {
  std::vector<std::vector<std::string>> texts(mixture.n_components());
  const ComponentProblems problems = component_problems(mixture, n_rows);
  for (const auto& [a, b] : problems.duplicates) {
    texts[a].push_back(fmt::format("duplicate of component {}", b + 1));
    texts[b].push_back(fmt::format("duplicate of component {}", a + 1));
  }
  for (const std::size_t k : problems.empty) texts[k].emplace_back("empty: fewer than half a row");
  return texts;
}

}  // namespace

Json components_section(const Source& source, const Context& context, const Findings& findings) {
  const std::vector<std::string>& names = context.options.component_names;
  const Mixture& mixture = source.mixture;
  const std::vector<double> sums = weighted_sums(mixture);
  const auto problems = problems_of(mixture, findings.total_weight.value_or(HUGE_VAL));
  Json list = Json::array();
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    list.push_back({{"name", k < names.size() ? names[k] : ""},
                    {"weight", mixture.weights()[k]},
                    {"size", findings.rows ? Json(findings.rows->sizes[k]) : Json(nullptr)},
                    {"distinctive", distinctive(mixture, k, sums)},
                    {"problems", problems[k]}});
  }
  return list;
}

}  // namespace mixbern::report
