#include "model/whole_rows.hpp"

#include <algorithm>

#include "kernels/registry.hpp"
#include "model/parallel.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kMostPending = 255;

}  // namespace

void WholeRows::prepare(std::size_t n_components, std::size_t width) {
  if (!empty()) return;
  width_ = width;
  rows_.resize(n_components);
  sums_.resize(n_components * width_);
  pending_.resize(n_components);
}

// REQUIRES: the counters have room for them.
void WholeRows::count_rows(std::size_t component, std::size_t n) {
  rows_[component] += static_cast<std::int64_t>(n);
  pending_[component] = static_cast<std::uint8_t>(pending_[component] + n);
  if (pending_[component] == kMostPending) flush(component);
}

void WholeRows::add(std::size_t n_components, std::size_t component, std::span<const std::uint64_t> words,
                    std::size_t n_words, std::span<const std::uint32_t> rows) {
  prepare(n_components, 64 * n_words);
  planes_.resize(n_components * width_ / 8);
  while (!rows.empty()) {
    const std::size_t n = std::min(rows.size(), kMostPending - pending_[component]);
    kernel::active().count_bits(words.data(), n_words, rows.data(), n,
                                planes_.data() + component * width_ / 8);
    count_rows(component, n);
    rows = rows.subspan(n);
  }
}

void WholeRows::add_ones(std::size_t n_components, std::size_t width, std::size_t component,
                         std::span<const std::uint32_t> columns) {
  prepare(n_components, width);
  bytes_.resize(n_components * width_);
  std::uint8_t* bytes = bytes_.data() + component * width_;
  for (const std::uint32_t d : columns) ++bytes[d];
  count_rows(component, 1);
}

void WholeRows::flush(std::size_t component) {
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
void WholeRows::flush_planes(const std::uint64_t* planes, std::int64_t* sums) const {
  const std::size_t n_words = width_ / 64;
  kernel::WeightedRow rows[8];
  for (unsigned p = 0; p < 8; ++p)
    rows[p] = {.words = planes + p * n_words, .component = 0, .amount = 1U << p};
  kernel::active().add_weighted(rows, 8, n_words, sums);
}

void WholeRows::finish() {
  for (std::size_t k = 0; k < rows_.size(); ++k) flush(k);
}

void WholeRows::merge(const WholeRows& other) {
  if (other.empty()) return;
  prepare(other.rows_.size(), other.width_);
  add_elements(rows_, other.rows_);
  add_elements(sums_, other.sums_);
}

void WholeRows::clear() {
  std::fill(rows_.begin(), rows_.end(), std::int64_t{0});
  std::fill(planes_.begin(), planes_.end(), 0U);
  std::fill(bytes_.begin(), bytes_.end(), std::uint8_t{0});
  std::fill(sums_.begin(), sums_.end(), std::int64_t{0});
  std::fill(pending_.begin(), pending_.end(), std::uint8_t{0});
}

}  // namespace mixbern
