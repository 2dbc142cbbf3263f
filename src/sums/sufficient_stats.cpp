#include "sums/sufficient_stats.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/parallel.hpp"

namespace mixbern {
namespace {

// Bits of a responsibility in fixed-point arithmetic: what is below 2^-25 of an average row is exactly zero.
constexpr int kFixedBits = 24;

}  // namespace

int fraction_bits_for(double largest_weight, double total_weight) {
  const int for_one = 50 - static_cast<int>(std::ceil(std::log2(std::max(largest_weight, 1e-300))));
  const int for_all = 61 - static_cast<int>(std::ceil(std::log2(std::max(total_weight, 1e-300))));
  return std::clamp(std::min(for_one, for_all), -900, 900);
}

StatsLayout layout_for(const RowFacts& facts, std::size_t n_components, bool keeps_remainders) {
  int bits = fraction_bits_for(facts.largest_weight, facts.total_weight);
  if (facts.arithmetic == Arithmetic::kFixed && facts.total_weight > 0) {
    const double average = facts.total_weight / static_cast<double>(facts.n_rows);
    bits = std::min(bits, kFixedBits - std::ilogb(average));
  }
  return {n_components, facts.ones.size(), !facts.missing.empty(), facts.total_weight,
          bits,         facts.encodings,   keeps_remainders};
}

SufficientStats::SufficientStats(const StatsLayout& layout)
    : layout_(layout),
      unit_(std::ldexp(1.0, -layout.fraction_bits)),
      log_likelihood_(layout.total_weight),
      counts_(layout.stride()),
      ones_(layout.n_components, layout.n_features, layout.encodings.ones, layout.fraction_bits),
      missing_(layout.n_components, layout.has_missing ? layout.n_features : 0, layout.encodings.missing,
               layout.fraction_bits) {
  if (layout.keeps_remainders)
    remainders_.emplace(layout.n_components, layout.n_features, layout.has_missing);
}

void SufficientStats::clear() {
  log_likelihood_.clear();
  n_shared_ = 0;
  std::fill(counts_.begin(), counts_.end(), 0);
  ones_.clear();
  missing_.clear();
  if (remainders_) remainders_->clear();
}

void SufficientStats::finish() {
  ones_.finish();
  missing_.finish();
  const SoleRows& sole = ones_.sole();
  if (sole.empty()) return;
  for (std::size_t k = 0; k < layout_.n_components; ++k) {
    counts_[k] += sole.n_rows(k) << layout_.fraction_bits;
  }
}

void SufficientStats::merge(const SufficientStats& other) {
  log_likelihood_.merge(other.log_likelihood_);
  n_shared_ += other.n_shared_;
  add_elements(counts_, other.counts_);
  ones_.merge(other.ones_);
  missing_.merge(other.missing_);
  if (remainders_) remainders_->merge(*other.remainders_);
}

std::size_t n_whole_numbers(const StatsLayout& layout) {
  const std::size_t cells = layout.n_components * layout.n_features;
  return FixedSum::kDigits + 1 + layout.stride() + cells * (layout.has_missing ? 2 : 1);
}

std::vector<std::int64_t> SufficientStats::whole_numbers(const FixedSum& log_likelihood) const {
  const auto digits = log_likelihood.digits();
  std::vector<std::int64_t> values(digits.begin(), digits.end());
  values.reserve(n_whole_numbers(layout_));
  values.push_back(n_shared_);
  values.insert(values.end(), counts_.begin(), counts_.end());
  ones_.append_to(values);
  missing_.append_to(values);
  return values;
}

void SufficientStats::assign(std::span<const std::int64_t> values) {
  const std::size_t cells = layout_.n_components * layout_.n_features;
  log_likelihood_.assign(values.first<FixedSum::kDigits>());
  n_shared_ = values[FixedSum::kDigits];
  values = values.subspan(FixedSum::kDigits + 1);
  std::ranges::copy(values.first(counts_.size()), counts_.begin());
  values = values.subspan(counts_.size());
  ones_.assign(values.first(cells));
  missing_.assign(values.subspan(cells));
}

void SufficientStats::add_row(const RowBlock& rows, std::size_t i, const RowShares& shares) {
  for (std::size_t e = 0; e < shares.components.size(); ++e) {
    counts_[shares.components[e]] += shares.amounts[e];
  }
  ones_.add(rows.ones(), i, shares);
  if (rows.has_missing()) missing_.add(rows.missing(), i, shares);
}

void SufficientStats::crowd(std::uint32_t i, const RowShares& shares) {
  crowded_.push_back(i);
  const std::size_t stride = layout_.stride();
  crowded_amounts_.resize(crowded_.size() * stride);
  std::int64_t* amounts = crowded_amounts_.data() + (crowded_.size() - 1) * stride;
  for (std::size_t e = 0; e < shares.components.size(); ++e) {
    amounts[shares.components[e]] += shares.amounts[e];
    counts_[shares.components[e]] += shares.amounts[e];
  }
}

void SufficientStats::add_crowded(RowBlock& rows) {
  const std::size_t n = crowded_.size();
  const RowBlock::Chosen ones = rows.spell(crowded_);
  ones_.add_by_code(ones.codes, 0, ones.rows, n, crowded_amounts_.data());
  if (rows.has_missing()) {
    missing_.add_by_code(rows.missing_codes(), 0, crowded_.data(), n, crowded_amounts_.data());
  }
  crowded_.clear();
  crowded_amounts_.clear();
}

void SufficientStats::add_all(RowBlock& rows, std::size_t begin, std::size_t n,
                              std::span<const std::int64_t> amounts, std::span<const std::int64_t> counts) {
  rows.spell();
  for (std::size_t k = 0; k < counts_.size(); ++k) counts_[k] += counts[k];
  ones_.add_by_code(rows.codes(), begin, nullptr, n, amounts.data());
  if (rows.has_missing()) missing_.add_by_code(rows.missing_codes(), begin, nullptr, n, amounts.data());
}

void SufficientStats::add_sole(const RowBlock& rows, std::span<const std::uint32_t> sole) {
  ones_.add_sole(rows.ones(), sole);
  if (rows.has_missing()) missing_.add_sole(rows.missing(), sole);
}

std::vector<std::size_t> SufficientStats::empty_components() const {
  std::vector<std::size_t> empty;
  for (std::size_t k = 0; k < layout_.n_components; ++k) {
    if (count(k) == 0) empty.push_back(k);
  }
  return empty;
}

}  // namespace mixbern
