#include "init/shared.hpp"

#include <algorithm>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <utility>

namespace mixbern {

namespace {

// A bijection that spreads every bit over all: the finaliser of splitmix64, Steele, Lea and Flood, OOPSLA
// 2014.
std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

}  // namespace

// One word is enough for a stream, and a seed sequence would take as long as a start on a small table.
Engine engine_for(const InitRequest& request) {
  return Engine(mixed(mixed(request.seed + 0x9e3779b97f4a7c15) + request.start));
}

ItemSummary summarise_items(const RowFacts& facts) {
  const double total = facts.total_weight;
  ItemSummary summary;
  summary.items = facts.items;
  for (std::size_t d = 0; d < facts.ones.size(); ++d) {
    const double observed = total - (facts.missing.empty() ? 0 : facts.missing[d]);
    // Sums of the same weights in different orders may differ by rounding; less than half a row is none.
    const double none = facts.is_weighted ? 1e-12 * total : 0.5;
    if (facts.ones[d] <= none || observed - facts.ones[d] <= none) summary.constant.push_back(d);
    summary.means.push_back(
        std::clamp((facts.ones[d] + 1 / static_cast<double>(summary.items.n_answers(d))) / (observed + 1),
                   1e-12, 1 - 1e-12));
  }
  return summary;
}

Prior prior_of(const Estimation& estimation, const ItemSummary& items) {
  if (estimation.smoothing_target == SmoothingTarget::kHalf) return {.strength = estimation.smoothing};
  return {.strength = estimation.smoothing, .means = items.means};
}

std::vector<double> random_probabilities(std::span<const double> means, Engine& engine) {
  boost::random::normal_distribution<double> noise(0, 1);
  std::vector<double> theta;
  theta.reserve(means.size());
  for (const double mean : means) {
    const double log_odds = std::log(mean / (1 - mean)) + noise(engine);
    theta.push_back(std::clamp(1 / (1 + std::exp(-log_odds)), 1e-12, 1 - 1e-12));
  }
  return theta;
}

std::size_t draw_index(std::span<const double> weights, Engine& engine) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  return index_at(weights, uniform(engine) * sum);
}

Mixture class_means(const Dataset& data, std::span<const std::uint32_t> assignment,
                    const InitRequest& request, Reducer& reducer) {
  const std::size_t n_components = request.n_components;
  const StatsLayout& layout = reducer.layout();
  const double scale = std::ldexp(1.0, layout.fraction_bits);
  const SufficientStats& stats = reducer.reduce(RowsOfDataset(data), [&](Accumulator& into) {
    const RowBlock& rows = into.work.rows;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::uint32_t k = assignment[rows.begin() + i];
      if (k < n_components) into.stats.add_row(rows, i, k, std::llrint(rows.weight(i) * scale));
    }
  });
  Engine engine = engine_for(request);
  std::vector<double> weights;
  std::vector<double> probabilities;
  for (std::size_t k = 0; k < n_components; ++k) {
    const bool empty = stats.count(k) <= 0;
    weights.push_back(empty ? layout.total_weight / static_cast<double>(data.n_rows()) : stats.count(k));
    const auto random = empty ? random_probabilities(request.item_means, engine) : std::vector<double>();
    for (std::size_t d = 0; d < data.n_features(); ++d) {
      const double mean = request.item_means[d];
      probabilities.push_back(empty ? random[d] : (stats.ones(k, d) + mean) / (stats.observed(k, d) + 1));
    }
  }
  return {std::move(weights), std::move(probabilities), request.items};
}

}  // namespace mixbern
