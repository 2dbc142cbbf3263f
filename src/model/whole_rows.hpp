// Rows that belong to one component alone, counted as bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/aligned.hpp"

namespace mixbern {

/// Σ x_id over rows given whole to component k: [K × D]. Bytes, which stay in the cache, are counted up to
/// 255 and then added to 32-bit sums. Memory: 5 · K · D bytes, from the first row on.
class WholeRows {
 public:
  /// Fewer than 2^32 rows may be added in all, in whatever spelling. A packed row costs one instruction for
  /// each 32 or 64 features, whatever is in it.
  void add(std::size_t n_components, std::size_t component, std::span<const std::uint64_t> words);
  /// A row by the columns of its ones; `width`: D rounded up to a multiple of 64.
  void add_ones(std::size_t n_components, std::size_t width, std::size_t component,
                std::span<const std::uint32_t> columns);
  void clear();

  bool empty() const { return n_rows_ == 0; }
  /// Counts of one component by feature; whole words, so that there may be more than D of them.
  std::span<const std::uint32_t> counts(std::size_t component);

 private:
  void prepare(std::size_t n_components, std::size_t width);
  void count_row(std::size_t component);
  void flush(std::size_t component);

  std::size_t width_ = 0;   // 64 · words
  std::size_t n_rows_ = 0;  // since the last clear()
  AlignedVector<std::uint8_t> bytes_;
  std::vector<std::uint8_t> pending_;  // rows in the bytes of each component
  std::vector<std::uint32_t> sums_;
};

}  // namespace mixbern
