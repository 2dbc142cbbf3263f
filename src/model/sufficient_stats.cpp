#include "model/sufficient_stats.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "data/for_each_one.hpp"
#include "model/parallel.hpp"

namespace mixbern {
namespace {

void fill_zero(std::vector<std::int64_t>& sums) {
  for_ranges(sums.size(), 1, [&](std::size_t begin, std::size_t end) {
    std::fill(sums.data() + begin, sums.data() + end, 0);
  });
}

}  // namespace

int fraction_bits_for(double largest_weight, double total_weight) {
  const int for_one = 50 - static_cast<int>(std::ceil(std::log2(std::max(largest_weight, 1e-300))));
  const int for_all = 61 - static_cast<int>(std::ceil(std::log2(std::max(total_weight, 1e-300))));
  return std::clamp(std::min(for_one, for_all), -900, 900);
}

SufficientStats::SufficientStats(const StatsLayout& layout)
    : layout_(layout),
      unit_(std::ldexp(1.0, -layout.fraction_bits)),
      log_likelihood_(layout.total_weight),
      counts_(layout.stride()),
      ones_(layout.n_components),
      missing_(layout.n_components) {
  const std::size_t size = layout.n_components * layout.n_features + 64;
  ones_.sums.resize(size);
  if (layout.has_missing) missing_.sums.resize(size);
}

void SufficientStats::clear() {
  log_likelihood_.clear();
  fill_zero(counts_);
  for (Sums* sums : {&ones_, &missing_}) {
    fill_zero(sums->sums);
    if (std::exchange(sums->has_codes, false)) fill_zero(sums->by_code);
    sums->weighted.clear();
  }
  whole_rows_.clear();
}

std::int64_t* SufficientStats::by_code(Sums& of, Encoding encoding) {
  of.has_codes = true;
  of.by_code.resize(n_codes(encoding, layout_.n_features) * layout_.stride());
  return of.by_code.data();
}

void SufficientStats::add(Sums& to, const Rows& rows, std::size_t i, std::size_t k, std::int64_t amount) {
  const auto* packed = std::get_if<BitMatrix>(&rows);
  // All bits of a word cost as much as four ones by themselves.
  constexpr std::size_t kFewWords = 32;
  if (packed != nullptr && amount <= WeightedRows::kMostAmount &&
      (packed->words_per_row() <= kFewWords || count_ones(rows, i) > 4 * packed->words_per_row())) {
    to.weighted.add(packed->row(i).data(), k, amount);
    if (to.weighted.is_full()) to.weighted.flush(layout_.n_features, to.sums.data());
    return;
  }
  std::int64_t* sums = to.sums.data() + k * layout_.n_features;
  for_each_one(rows, i, [&](std::size_t d) { sums[d] += amount; });
}

void SufficientStats::merge(const SufficientStats& other) {
  log_likelihood_.merge(other.log_likelihood_);
  add_elements(counts_, other.counts_);
  add_elements(ones_.sums, other.ones_.sums);
  add_elements(missing_.sums, other.missing_.sums);
  whole_rows_.merge(other.whole_rows_);
}

void SufficientStats::finish() {
  finish(ones_, layout_.encodings.ones);
  finish(missing_, layout_.encodings.missing);
  whole_rows_.finish();
}

void SufficientStats::finish(Sums& of, Encoding encoding) const {
  if (!of.weighted.empty()) of.weighted.flush(layout_.n_features, of.sums.data());
  if (!std::exchange(of.has_codes, false)) return;
  const std::size_t n_groups = (layout_.n_features + 3) / 4;
  for_ranges(n_groups, 16 * layout_.stride(), [&](std::size_t begin, std::size_t end) {
    for (std::size_t group = begin; group < end; ++group) {
      if (encoding == Encoding::kColumns) {
        take_columns(of, 4 * group);
      } else {
        take_group(of, group);
      }
    }
  });
}

// Four columns at a time, which then stand side by side.
void SufficientStats::take_columns(Sums& of, std::size_t first) const {
  const std::size_t stride = layout_.stride();
  const std::size_t n = std::min<std::size_t>(4, layout_.n_features - first);
  std::int64_t* columns = of.by_code.data() + first * stride;
  for (std::size_t k = 0; k < layout_.n_components; ++k) {
    std::int64_t* to = of.sums.data() + k * layout_.n_features + first;
    for (std::size_t j = 0; j < n; ++j) to[j] += columns[j * stride + k];
  }
  std::fill_n(columns, n * stride, 0);
}

void SufficientStats::take_group(Sums& of, std::size_t group) const {
  const std::size_t stride = layout_.stride();
  const std::size_t n = std::min<std::size_t>(4, layout_.n_features - 4 * group);
  std::int64_t* codes = of.by_code.data() + 16 * group * stride;
  for (std::size_t k = 0; k < layout_.n_components; ++k) {
    std::int64_t of_feature[4] = {};
    for (unsigned pattern = 1; pattern < 16; ++pattern) {
      const std::int64_t count = codes[pattern * stride + k];
      for (unsigned j = 0; j < 4; ++j) of_feature[j] += (pattern >> j & 1U) != 0 ? count : 0;
    }
    std::int64_t* to = of.sums.data() + k * layout_.n_features + 4 * group;
    for (std::size_t j = 0; j < n; ++j) to[j] += of_feature[j];
  }
  std::fill_n(codes, 16 * stride, 0);
}

Mixture SufficientStats::maximise(const Mixture& previous, const Prior& prior,
                                  std::optional<std::span<const std::size_t>> constant) const {
  std::vector<double> weights(layout_.n_components);
  double sum = 0;
  for (std::size_t k = 0; k < layout_.n_components; ++k) sum += weights[k] = count(k) + prior.strength;
  if (!(sum > 0)) weights.assign(previous.weights().begin(), previous.weights().end());
  std::vector<double> probabilities(layout_.n_components * layout_.n_features);
  for_ranges(layout_.n_components, 4 * layout_.n_features, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      double* theta = probabilities.data() + k * layout_.n_features;
      maximise_component(k, previous.probabilities(k).data(), prior, theta);
      if (constant) keep_off_bounds(k, previous.probabilities(k), prior, *constant, theta);
    }
  });
  return {std::move(weights), std::move(probabilities)};
}

void SufficientStats::maximise_component(std::size_t k, const double* previous, const Prior& prior,
                                         double* theta) const {
  const std::size_t n_features = layout_.n_features;
  for (std::size_t d = 0; d < n_features; ++d) {
    const double denominator = observed(k, d) + 2 * prior.strength;
    const double numerator = ones(k, d) + 2 * prior.strength * prior.mean(d);
    theta[d] = denominator > 0 ? std::min(numerator / denominator, 1.0) : previous[d];
  }
}

// A sum that is 0 at this resolution need not be 0: a row that contradicts the bound may have a
// responsibility below half a unit, and a bound is never left again.
void SufficientStats::keep_off_bounds(std::size_t k, std::span<const double> previous, const Prior& prior,
                                      std::span<const std::size_t> constant, double* theta) const {
  if (prior.strength > 0) {
    for (const std::size_t d : constant)
      theta[d] = std::clamp(theta[d], kUnseenProbability, 1 - kUnseenProbability);
    return;
  }
  const double unit = std::ldexp(1.0, -layout_.fraction_bits);
  for (std::size_t d = 0; d < layout_.n_features; ++d) {
    if (std::ranges::binary_search(constant, d)) continue;
    const double closest = observed(k, d) > 0 ? std::min(unit / observed(k, d), 0.5) : 0;
    theta[d] = std::clamp(theta[d], std::min(closest, previous[d]), 1 - std::min(closest, 1 - previous[d]));
  }
}

std::vector<std::size_t> SufficientStats::empty_components() const {
  std::vector<std::size_t> empty;
  for (std::size_t k = 0; k < layout_.n_components; ++k) {
    if (counts_[k] == 0) empty.push_back(k);
  }
  return empty;
}

}  // namespace mixbern
