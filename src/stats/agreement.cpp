#include "mixbern/statistics/agreement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

namespace mixbern {
namespace {

double pairs(double n) {
  return n * (n - 1) / 2;
}

double entropy_of(const std::vector<double>& counts, double n) {
  double sum = 0;
  for (const double count : counts) {
    if (count > 0) sum -= count / n * std::log(count / n);
  }
  return sum;
}

void fill_indices(const std::vector<double>& by_label, const std::vector<double>& by_component,
                  Agreement& result) {
  const std::size_t n_components = by_component.size();
  double best = 0, same_both = 0, same_label = 0, same_component = 0, mutual = 0;
  for (std::size_t k = 0; k < n_components; ++k) {
    double largest = 0;
    for (std::size_t l = 0; l < by_label.size(); ++l) {
      const double count = result.table[l * n_components + k];
      largest = std::max(largest, count);
      same_both += pairs(count);
      if (count > 0)
        mutual += count / result.n * std::log(count * result.n / (by_label[l] * by_component[k]));
    }
    best += largest;
    same_component += pairs(by_component[k]);
  }
  for (const double count : by_label) same_label += pairs(count);
  result.purity = best / result.n;
  const double all = pairs(result.n);
  const double expected = all > 0 ? same_label * same_component / all : 0;
  const double most = (same_label + same_component) / 2;
  result.adjusted_rand = most != expected ? (same_both - expected) / (most - expected) : 1;
  const double mean_entropy = (entropy_of(by_label, result.n) + entropy_of(by_component, result.n)) / 2;
  result.normalised_mutual_information = mean_entropy > 0 ? std::max(mutual / mean_entropy, 0.0) : 1;
}

}  // namespace

Agreement agreement(std::span<const std::size_t> components, std::size_t n_components,
                    std::span<const std::int64_t> labels, std::span<const double> weights) {
  if (components.size() != labels.size() || (!weights.empty() && weights.size() != labels.size()))
    throw std::invalid_argument("components, labels and weights must have one entry a row");
  Agreement result;
  for (const std::int64_t label : labels) {
    if (label >= 0) result.labels.push_back(label);
  }
  std::ranges::sort(result.labels);
  result.labels.erase(std::unique(result.labels.begin(), result.labels.end()), result.labels.end());
  result.table.assign(result.labels.size() * n_components, 0.0);
  std::vector<double> by_label(result.labels.size(), 0.0), by_component(n_components, 0.0);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0) continue;
    if (components[i] >= n_components)
      throw std::invalid_argument("component " + std::to_string(components[i]) + " of " +
                                  std::to_string(n_components));
    const double weight = weights.empty() ? 1 : weights[i];
    const auto l =
        static_cast<std::size_t>(std::ranges::lower_bound(result.labels, labels[i]) - result.labels.begin());
    result.table[l * n_components + components[i]] += weight;
    by_label[l] += weight;
    by_component[components[i]] += weight;
    result.n += weight;
  }
  if (result.n > 0) fill_indices(by_label, by_component, result);
  return result;
}

Agreement agreement(const Mixture& mixture, const Dataset& data, const PosteriorOptions& options) {
  std::vector<std::size_t> components;
  components.reserve(data.n_rows());
  for_each_posterior(mixture, data, {.threads = options.threads}, [&](const PosteriorBlock& block) {
    for (std::size_t i = 0; i < block.n_rows; ++i) {
      const auto row = block.responsibilities.subspan(i * mixture.n_components(), mixture.n_components());
      components.push_back(static_cast<std::size_t>(std::ranges::max_element(row) - row.begin()));
    }
  });
  Agreement result = agreement(components, mixture.n_components(), data.labels, data.weights);
  if (data.label_names.empty()) return result;
  for (const std::int64_t label : result.labels) result.label_names.push_back(data.label_name(label));
  return result;
}

// Shortest augmenting paths, one row at a time; column 0 is a stand-in for "none yet".
std::vector<std::size_t> least_cost_assignment(std::span<const double> costs, std::size_t n) {
  std::vector<double> row_price(n + 1, 0.0), column_price(n + 1, 0.0);
  std::vector<std::size_t> row_of(n + 1, 0), before(n + 1, 0);
  for (std::size_t row = 1; row <= n; ++row) {
    std::vector<double> distance(n + 1, std::numeric_limits<double>::infinity());
    std::vector<bool> done(n + 1, false);
    std::size_t column = 0;
    row_of[0] = row;
    do {
      done[column] = true;
      const std::size_t r = row_of[column];
      std::size_t next = 0;
      double step = std::numeric_limits<double>::infinity();
      for (std::size_t c = 1; c <= n; ++c) {
        if (done[c]) continue;
        const double reduced = costs[(r - 1) * n + c - 1] - row_price[r] - column_price[c];
        if (reduced < distance[c]) {
          distance[c] = reduced;
          before[c] = column;
        }
        if (distance[c] < step) {
          step = distance[c];
          next = c;
        }
      }
      for (std::size_t c = 0; c <= n; ++c) {
        if (done[c]) {
          row_price[row_of[c]] += step;
          column_price[c] -= step;
        } else {
          distance[c] -= step;
        }
      }
      column = next;
    } while (row_of[column] != 0);
    for (; column != 0; column = before[column]) row_of[column] = row_of[before[column]];
  }
  std::vector<std::size_t> result(n);
  for (std::size_t c = 1; c <= n; ++c) result[row_of[c] - 1] = c - 1;
  return result;
}

}  // namespace mixbern
