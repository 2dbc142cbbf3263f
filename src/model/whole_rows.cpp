#include "model/whole_rows.hpp"

#include <algorithm>

#include "kernels/registry.hpp"

namespace mixbern {

void WholeRows::prepare(std::size_t n_components, std::size_t width) {
  if (!bytes_.empty()) return;
  width_ = width;
  bytes_.resize(n_components * width_);
  sums_.resize(n_components * width_);
  pending_.resize(n_components);
}

void WholeRows::count_row(std::size_t component) {
  ++n_rows_;
  if (++pending_[component] == 255) flush(component);
}

void WholeRows::add(std::size_t n_components, std::size_t component, std::span<const std::uint64_t> words) {
  prepare(n_components, 64 * words.size());
  kernel::active().count_bits(words.data(), words.size(), bytes_.data() + component * width_);
  count_row(component);
}

void WholeRows::add_ones(std::size_t n_components, std::size_t width, std::size_t component,
                         std::span<const std::uint32_t> columns) {
  prepare(n_components, width);
  std::uint8_t* bytes = bytes_.data() + component * width_;
  for (const std::uint32_t d : columns) ++bytes[d];
  count_row(component);
}

void WholeRows::flush(std::size_t component) {
  if (pending_[component] == 0) return;
  std::uint8_t* bytes = bytes_.data() + component * width_;
  std::uint32_t* sums = sums_.data() + component * width_;
  for (std::size_t d = 0; d < width_; ++d) sums[d] += bytes[d];
  std::fill_n(bytes, width_, std::uint8_t{0});
  pending_[component] = 0;
}

void WholeRows::clear() {
  if (empty()) return;
  n_rows_ = 0;
  std::fill(bytes_.begin(), bytes_.end(), std::uint8_t{0});
  std::fill(sums_.begin(), sums_.end(), 0U);
  std::fill(pending_.begin(), pending_.end(), std::uint8_t{0});
}

std::span<const std::uint32_t> WholeRows::counts(std::size_t component) {
  flush(component);
  return std::span(sums_).subspan(component * width_, width_);
}

}  // namespace mixbern
