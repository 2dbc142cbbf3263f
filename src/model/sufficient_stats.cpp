#include "model/sufficient_stats.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mixbern {
namespace {

void add(std::vector<std::int64_t>& to, const std::vector<std::int64_t>& from) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
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
      counts_(layout.stride()) {
  const auto make = [&](Sums& sums, Encoding encoding) {
    sums.by_code.resize(n_codes(encoding, layout.n_features) * layout.stride());
    sums.by_component.resize(layout.n_components * layout.n_features);
  };
  make(ones_, layout.encodings.ones);
  if (layout.has_missing) make(missing_, layout.encodings.missing);
}

void SufficientStats::clear() {
  log_likelihood_.clear();
  std::fill(counts_.begin(), counts_.end(), 0);
  std::fill(ones_.by_code.begin(), ones_.by_code.end(), 0);
  std::fill(missing_.by_code.begin(), missing_.by_code.end(), 0);
  whole_rows_.clear();
}

void SufficientStats::merge(const SufficientStats& other) {
  log_likelihood_.merge(other.log_likelihood_);
  add(counts_, other.counts_);
  add(ones_.by_code, other.ones_.by_code);
  add(missing_.by_code, other.missing_.by_code);
  whole_rows_.merge(other.whole_rows_);
}

void SufficientStats::finish() {
  finish(ones_, layout_.encodings.ones);
  if (layout_.has_missing) finish(missing_, layout_.encodings.missing);
  if (whole_rows_.empty()) return;
  const std::int64_t one = std::int64_t{1} << layout_.fraction_bits;
  for (std::size_t k = 0; k < layout_.n_components; ++k) {
    const auto counts = whole_rows_.counts(k);
    std::int64_t* sums = ones_.by_component.data() + k * layout_.n_features;
    for (std::size_t d = 0; d < layout_.n_features; ++d) sums[d] += counts[d] * one;
  }
}

void SufficientStats::finish(Sums& sums, Encoding encoding) const {
  const std::size_t stride = layout_.stride();
  std::vector<std::int64_t> sum(stride);
  for (std::size_t d = 0; d < layout_.n_features; ++d) {
    std::fill(sum.begin(), sum.end(), 0);
    for_each_code_of(encoding, d, [&](std::size_t code) {
      const std::int64_t* row = sums.by_code.data() + code * stride;
      for (std::size_t k = 0; k < stride; ++k) sum[k] += row[k];
    });
    for (std::size_t k = 0; k < layout_.n_components; ++k) {
      sums.by_component[k * layout_.n_features + d] = sum[k];
    }
  }
}

Mixture SufficientStats::maximise(const Mixture& previous, double smoothing,
                                  std::span<const std::size_t> floored) const {
  std::vector<double> weights;
  std::vector<double> probabilities;
  probabilities.reserve(layout_.n_components * layout_.n_features);
  double sum = 0;
  for (std::size_t k = 0; k < layout_.n_components; ++k) {
    weights.push_back(count(k) + smoothing);
    sum += weights.back();
    for (std::size_t d = 0; d < layout_.n_features; ++d) {
      const double denominator = observed(k, d) + 2 * smoothing;
      probabilities.push_back(denominator > 0 ? std::min((ones(k, d) + smoothing) / denominator, 1.0)
                                              : previous.probabilities(k)[d]);
    }
    for (const std::size_t d : floored) {
      double& p = probabilities[k * layout_.n_features + d];
      p = std::clamp(p, kUnseenProbability, 1 - kUnseenProbability);
    }
  }
  if (!(sum > 0)) weights.assign(previous.weights().begin(), previous.weights().end());
  return {std::move(weights), std::move(probabilities)};
}

std::vector<std::size_t> SufficientStats::empty_components() const {
  std::vector<std::size_t> empty;
  for (std::size_t k = 0; k < layout_.n_components; ++k) {
    if (counts_[k] == 0) empty.push_back(k);
  }
  return empty;
}

}  // namespace mixbern
