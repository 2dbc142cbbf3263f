#include "select/bootstrap_data.hpp"

#include <algorithm>
#include <boost/random/binomial_distribution.hpp>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "mixbern/mixture/posterior.hpp"
#include "score/draw.hpp"

namespace mixbern {
namespace {

constexpr double kMostCells = 65536;
// Of a data set that is drawn, whether it is still wanted.
constexpr std::int64_t kRowsBetweenLooks = 1024;

std::int64_t whole(double weight) {
  return std::llround(weight);
}

// Counts of a multinomial, one binomial after the other.
std::vector<std::int64_t> multinomial(std::int64_t n, const std::vector<double>& probabilities,
                                      Engine& engine) {
  std::vector<std::int64_t> counts(probabilities.size(), 0);
  double left = 0;
  for (const double p : probabilities) left += p;
  for (std::size_t i = 0; i < probabilities.size() && n > 0; ++i) {
    const double share = left > 0 ? std::clamp(probabilities[i] / left, 0.0, 1.0) : 1.0;
    const bool last = i + 1 == probabilities.size();
    counts[i] = last ? n : boost::random::binomial_distribution<std::int64_t>(n, share)(engine);
    n -= counts[i];
    left -= probabilities[i];
  }
  return counts;
}

std::vector<double> cell_probabilities(const Mixture& mixture, const BitMatrix& cells) {
  std::vector<double> probabilities;
  for_each_posterior(mixture, {.ones = cells}, {}, [&](const PosteriorBlock& block) {
    for (const double value : block.log_likelihoods) probabilities.push_back(std::exp(value));
  });
  return probabilities;
}

}  // namespace

std::uint64_t bootstrap_seed(std::uint64_t seed, std::uint64_t purpose, std::uint64_t index) {
  // SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), once for each of the three.
  std::uint64_t x = 0;
  for (const std::uint64_t part : {seed, purpose, index}) {
    x += part + 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    x ^= x >> 31;
  }
  return x;
}

void refuse_sampling_weights(const Estimation& estimation) {
  if (estimation.weights_kind == WeightsKind::kFrequency) return;
  throw std::invalid_argument(
      "a bootstrap draws rows with equal chances, so it cannot go with sampling weights: take sandwich "
      "standard errors, and BIC or cross-validation in place of a test");
}

void refuse_class_sets(const Dataset& data, const Estimation& estimation) {
  const auto is_set = [&data](const std::int64_t& label) {
    return label < 0 && !data.class_sets.allowed(label).empty();
  };
  if (!estimation.semi_supervised || std::ranges::none_of(data.labels, is_set)) return;
  throw std::invalid_argument(
      "data sets are not drawn where rows have sets of classes: how a row came to its set is not known. Draw "
      "rows again instead, take standard errors, or choose the number of components by a criterion");
}

ParametricSource::ParametricSource(const Mixture& mixture, const PatternTable& table)
    : mixture_(mixture), table_(table), sets_(answered_sets(table)), labelled_(sets_.weights.size(), 0.0) {
  for (std::size_t i = 0; i < table.rows.labels.size(); ++i)
    labelled_[sets_.set_of_pattern[i]] += table.rows.labels[i] >= 0 ? table.rows.weights[i] : 0;
  const std::size_t n_features = mixture.n_features();
  if (table.rows.missing || !table.rows.labels.empty()) return;
  const double n_cells = n_patterns(mixture.items(), n_features);
  // Four draws a row and item cost about as much as a binomial a cell.
  if (n_cells > kMostCells || 4 * n_cells >= table.n * static_cast<double>(n_features)) return;
  patterns_ = all_patterns(mixture.items(), n_features);
  cells_ = cell_probabilities(mixture, patterns_);
}

Dataset ParametricSource::draw(std::uint64_t seed, Watch* watch) const {
  Engine engine(seed);
  return cells_.empty() ? draw_rows(engine, watch) : draw_cells(engine);
}

Dataset ParametricSource::draw_cells(Engine& engine) const {
  const std::vector<std::int64_t> counts = multinomial(whole(table_.n), cells_, engine);
  BitMatrix rows(0, mixture_.n_features());
  Dataset data;
  data.categorical = table_.rows.categorical;
  for (std::size_t pattern = 0; pattern < counts.size(); ++pattern) {
    if (counts[pattern] == 0) continue;
    rows.append_row(patterns_.row(pattern));
    data.weights.push_back(static_cast<double>(counts[pattern]));
  }
  data.ones = std::move(rows);
  return data;
}

Dataset ParametricSource::draw_rows(Engine& engine, Watch* watch) const {
  const std::size_t n_features = mixture_.n_features();
  std::int64_t n_rows = 0;
  for (const double weight : sets_.weights) n_rows += whole(weight);
  BitMatrix ones(static_cast<std::size_t>(n_rows), n_features);
  BitMatrix missing(table_.rows.missing ? static_cast<std::size_t>(n_rows) : 0, n_features);
  std::vector<std::int64_t> labels(table_.rows.labels.empty() ? 0 : static_cast<std::size_t>(n_rows), -1);
  std::size_t i = 0;
  for (std::size_t set = 0; set < sets_.weights.size(); ++set) {
    const auto first =
        static_cast<std::size_t>(std::ranges::find(sets_.set_of_pattern, set) - sets_.set_of_pattern.begin());
    std::vector<bool> asked(n_features, true);
    for (std::size_t d = 0; table_.rows.missing && d < n_features; ++d)
      asked[d] = !test(*table_.rows.missing, first, d);
    for (std::int64_t row = 0; row < whole(sets_.weights[set]); ++row, ++i) {
      if (row % kRowsBetweenLooks == 0 && is_cancelled(watch)) break;
      const std::size_t component = index_at(mixture_.weights(), uniform(engine));
      if (!labels.empty() && row < whole(labelled_[set])) labels[i] = static_cast<std::int64_t>(component);
      draw_answers(
          mixture_, component, [&](std::size_t d) { return asked[d]; }, engine, ones, i);
      for (std::size_t d = 0; d < n_features; ++d) {
        if (!asked[d]) missing.set(i, d);
      }
    }
  }
  Dataset data{.ones = std::move(ones), .labels = std::move(labels), .categorical = table_.rows.categorical};
  if (table_.rows.missing) data.missing = std::move(missing);
  return collapse(data).data;
}

Dataset resampled(const PatternTable& table, std::uint64_t seed) {
  Engine engine(seed);
  const std::vector<std::int64_t> counts = multinomial(whole(table.n), table.rows.weights, engine);
  Dataset data = table.rows;
  for (std::size_t i = 0; i < counts.size(); ++i) data.weights[i] = static_cast<double>(counts[i]);
  return data;
}

}  // namespace mixbern
