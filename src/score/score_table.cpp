#include "score/score_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/parallel.hpp"
#include "kernels/registry.hpp"

namespace mixbern {
namespace {

constexpr int kCoarsest = 16;
constexpr int kFinest = 24;

// The largest sum that at most `most` terms of a row of K × D can have in either direction.
double furthest_sum(const double* row, std::size_t n, std::size_t most) {
  // Sums side by side, so that they can share registers and don't wait for each other.
  constexpr std::size_t kSums = 4;
  std::array<double, kSums> sum{}, size{}, largest{};
  const auto add = [&](std::size_t s, double x) {
    sum[s] += x;
    size[s] += std::abs(x);
    largest[s] = std::max(largest[s], std::abs(x));
  };
  std::size_t j = 0;
  for (; j + kSums <= n; j += kSums) {
    for (std::size_t s = 0; s < kSums; ++s) add(s, row[j + s]);
  }
  for (; j < n; ++j) add(0, row[j]);
  // Of all terms above zero, or of all below.
  const double either =
      (size[0] + size[1] + size[2] + size[3] + std::abs(sum[0] + sum[1] + sum[2] + sum[3])) / 2;
  return std::min(either, static_cast<double>(most) * *std::max_element(largest.begin(), largest.end()));
}

}  // namespace

bool ScoreTable::assign(const Mixture& mixture, const RowFacts& facts, const Prior& prior) {
  odds_.assign(mixture, prior);
  if (odds_.has_certain || !std::isfinite(odds_.log_prior)) return false;
  n_components_ = mixture.n_components();
  n_features_ = mixture.n_features();
  slots_ = kernel::slots_for(n_components_);
  codes_a_row_ = facts.codes_a_row;
  total_weight_ = facts.total_weight;
  largest_base_ = *std::max_element(odds_.base.begin(), odds_.base.end());
  has_missing_ = !facts.missing.empty();
  ones_.centre(odds_.ones, facts.ones, facts.encodings.ones);
  if (has_missing_) missing_.centre(odds_.missing, facts.missing, facts.encodings.missing);
  unit_ = finest_unit(facts);
  if (unit_ > std::ldexp(1.0, -kCoarsest)) return false;
  assign_base();
  return true;
}

void ScoreTable::lay_out(bool by_component) {
  ones_.round(odds_.ones, unit_, by_component);
  if (has_missing_) missing_.round(odds_.missing, unit_, by_component);
}

ScoreShape ScoreTable::shape() const {
  return {n_components_, n_features_, has_missing_, codes_a_row_, ones_.largest() / unit_};
}

double ScoreTable::reach(std::size_t k, const RowFacts& facts) const {
  double sum = largest_base_ - odds_.base[k];
  sum += furthest_sum(odds_.ones.data() + k * n_features_, n_features_, facts.most_ones);
  if (!has_missing_) return sum;
  return sum + furthest_sum(odds_.missing.data() + k * n_features_, n_features_, facts.most_missing);
}

// The finest with which no row's sum can leave 32 bits.
double ScoreTable::finest_unit(const RowFacts& facts) const {
  std::vector<double> reaches(n_components_);
  for_ranges(n_components_, 2 * n_features_, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) reaches[k] = reach(k, facts);
  });
  const double furthest = *std::max_element(reaches.begin(), reaches.end());
  return std::ldexp(1.0, furthest > 0 ? -std::min(std::ilogb(kRange / furthest), kFinest) : -kFinest);
}

void ScoreTable::assign_base() {
  base_.assign(slots_ + kernel::kSlots, std::numeric_limits<std::int32_t>::min());
  base_errors_.resize(n_components_);
  for (std::size_t k = 0; k < n_components_; ++k) {
    const double exact = odds_.base[k] - largest_base_;
    base_[k] = static_cast<std::int32_t>(std::nearbyint(exact / unit_));
    base_errors_[k] = exact - base_[k] * unit_;
  }
}

}  // namespace mixbern
