#include "model/whole_rows.hpp"

#include <algorithm>

#include "kernels/registry.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kMostPending = 255;

// Byte b of the result has bit b of each byte of x: an 8 × 8 matrix of bits transposed (Warren 2012, Hacker's
// Delight, 7-3).
std::uint64_t transposed(std::uint64_t x) {
  const auto swap = [&](unsigned distance, std::uint64_t chosen) {
    const std::uint64_t t = (x ^ (x >> distance)) & chosen;
    x ^= t ^ (t << distance);
  };
  swap(7, 0x00aa00aa00aa00aa);
  swap(14, 0x0000cccc0000cccc);
  swap(28, 0x00000000f0f0f0f0);
  return x;
}

}  // namespace

void WholeRows::prepare(std::size_t n_components, std::size_t width) {
  if (!sums_.empty()) return;
  width_ = width;
  sums_.resize(n_components * width_);
  pending_.resize(n_components);
}

// REQUIRES: the counters have room for them.
void WholeRows::count_rows(std::size_t component, std::size_t n) {
  n_rows_ += n;
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
  std::uint32_t* sums = sums_.data() + component * width_;
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

// Eight features at a time: their bits from each plane side by side.
void WholeRows::flush_planes(const std::uint64_t* planes, std::uint32_t* sums) const {
  const std::size_t n_words = width_ / 64;
  for (std::size_t d = 0; d < width_; d += 8) {
    std::uint64_t bits = 0;
    for (std::size_t p = 0; p < 8; ++p) {
      bits |= (planes[p * n_words + d / 64] >> (d % 64) & 0xff) << (8 * p);
    }
    const std::uint64_t counts = transposed(bits);
    for (std::size_t j = 0; j < 8; ++j) sums[d + j] += static_cast<std::uint32_t>(counts >> (8 * j) & 0xff);
  }
}

void WholeRows::clear() {
  if (empty()) return;
  n_rows_ = 0;
  std::fill(planes_.begin(), planes_.end(), 0U);
  std::fill(bytes_.begin(), bytes_.end(), std::uint8_t{0});
  std::fill(sums_.begin(), sums_.end(), 0U);
  std::fill(pending_.begin(), pending_.end(), std::uint8_t{0});
}

std::span<const std::uint32_t> WholeRows::counts(std::size_t component) {
  flush(component);
  return std::span(sums_).subspan(component * width_, width_);
}

}  // namespace mixbern
