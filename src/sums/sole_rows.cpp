#include "sums/sole_rows.hpp"

#include <algorithm>
#include <numeric>

#include "base/parallel.hpp"
#include "kernels/registry.hpp"
#include "mixbern/dataset/rows.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kMostPending = 255;

}  // namespace

SoleRows::SoleRows(std::size_t n_components, std::size_t n_features)
    : n_components_(n_components), width_(64 * BitMatrix::words_for(n_features)) {}

void SoleRows::prepare() {
  if (!empty()) return;
  rows_.resize(n_components_);
  sums_.resize(n_components_ * width_);
  pending_.resize(n_components_);
}

// REQUIRES: the counters have room for them.
void SoleRows::count_rows(std::size_t component, std::size_t n) {
  rows_[component] += static_cast<std::int64_t>(n);
  pending_[component] = static_cast<std::uint8_t>(pending_[component] + n);
  if (pending_[component] == kMostPending) flush(component);
}

void SoleRows::sort(std::span<const std::uint32_t> sole) {
  ends_.assign(n_components_ + 1, 0);
  const auto end_of = [&](std::uint32_t k) -> std::uint32_t& {
    return ends_[std::min<std::size_t>(k, n_components_)];
  };
  for (const std::uint32_t k : sole) ++end_of(k);
  std::exclusive_scan(ends_.begin(), ends_.end(), ends_.begin(), 0U);
  sorted_.resize(sole.size());
  for (std::uint32_t i = 0; i < sole.size(); ++i) sorted_[end_of(sole[i])++] = i;
}

void SoleRows::add_bits(std::span<const std::uint64_t> words, std::span<const std::uint32_t> sole) {
  sort(sole);
  std::uint32_t begin = 0;
  for (std::size_t k = 0; k < n_components_; ++k) {
    const std::span<const std::uint32_t> rows(sorted_.data() + begin, ends_[k] - begin);
    begin = ends_[k];
    if (!rows.empty()) count_bits(k, words, rows);
  }
}

void SoleRows::count_bits(std::size_t component, std::span<const std::uint64_t> words,
                          std::span<const std::uint32_t> rows) {
  prepare();
  planes_.resize(n_components_ * width_ / 8);
  std::uint64_t* planes = planes_.data() + component * width_ / 8;
  while (!rows.empty()) {
    const std::size_t n = std::min(rows.size(), kMostPending - pending_[component]);
    kernel::active().sums.count_bits(words.data(), width_ / 64, rows.data(), n, planes);
    count_rows(component, n);
    rows = rows.subspan(n);
  }
}

void SoleRows::add_columns(std::size_t component, std::span<const std::uint32_t> columns) {
  prepare();
  bytes_.resize(n_components_ * width_);
  std::uint8_t* bytes = bytes_.data() + component * width_;
  for (const std::uint32_t d : columns) ++bytes[d];
  count_rows(component, 1);
}

void SoleRows::flush(std::size_t component) {
  if (pending_[component] == 0) return;
  pending_[component] = 0;
  std::int64_t* sums = sums_.data() + component * width_;
  if (!planes_.empty()) {
    std::uint64_t* planes = planes_.data() + component * width_ / 8;
    flush_planes(planes, sums);
    std::fill_n(planes, width_ / 8, 0U);
  } else {
    std::uint8_t* bytes = bytes_.data() + component * width_;
    for (std::size_t d = 0; d < width_; ++d) sums[d] += bytes[d];
    std::fill_n(bytes, width_, std::uint8_t{0});
  }
}

// A plane is a row that counts 2^p.
void SoleRows::flush_planes(const std::uint64_t* planes, std::int64_t* sums) const {
  const std::size_t n_words = width_ / 64;
  kernel::WeightedRow rows[8];
  for (unsigned p = 0; p < 8; ++p)
    rows[p] = {.words = planes + p * n_words, .component = 0, .amount = 1U << p};
  kernel::active().sums.add_weighted(rows, 8, n_words, sums);
}

void SoleRows::finish() {
  for (std::size_t k = 0; k < rows_.size(); ++k) flush(k);
}

void SoleRows::merge(const SoleRows& other) {
  if (other.empty()) return;
  prepare();
  add_elements(rows_, other.rows_);
  add_elements(sums_, other.sums_);
}

void SoleRows::clear() {
  if (empty()) return;
  std::fill(rows_.begin(), rows_.end(), std::int64_t{0});
  std::fill(planes_.begin(), planes_.end(), 0U);
  std::fill(bytes_.begin(), bytes_.end(), std::uint8_t{0});
  std::fill(sums_.begin(), sums_.end(), std::int64_t{0});
  std::fill(pending_.begin(), pending_.end(), std::uint8_t{0});
}

}  // namespace mixbern
