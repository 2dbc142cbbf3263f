// Rows that belong to one component alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mixbern {

/// Σ x_id over rows given whole to component k: [K × D]. Counters of a byte, which stay in the cache, are
/// added to 64-bit sums before they overflow. Memory: 9 · K · D bytes, from the first row on.
class WholeRows {
 public:
  /// Rows `rows` of these, packed in `n_words` each: a few instructions a row for all the features of a
  /// register, whatever is in them. Between two calls of clear() all rows have to be in the same spelling.
  void add(std::size_t n_components, std::size_t component, std::span<const std::uint64_t> words,
           std::size_t n_words, std::span<const std::uint32_t> rows);
  /// A row by the columns of its ones; `width`: D rounded up to a multiple of 64.
  void add_ones(std::size_t n_components, std::size_t width, std::size_t component,
                std::span<const std::uint32_t> columns);
  void clear();

  bool empty() const { return n_rows_ == 0; }
  /// Counts of one component by feature; whole words, so that there may be more than D of them.
  std::span<const std::int64_t> counts(std::size_t component);

 private:
  void prepare(std::size_t n_components, std::size_t width);
  void count_rows(std::size_t component, std::size_t n);
  void flush(std::size_t component);
  void flush_planes(const std::uint64_t* planes, std::int64_t* sums) const;

  std::size_t width_ = 0;   // 64 · words
  std::size_t n_rows_ = 0;  // since the last clear()
  // Of each component `width_` counters: packed rows in planes of bits (see the kernels' count_bits), others
  // in bytes.
  std::vector<std::uint64_t> planes_;
  std::vector<std::uint8_t> bytes_;
  std::vector<std::uint8_t> pending_;  // rows in the counters of each component
  std::vector<std::int64_t> sums_;
};

}  // namespace mixbern
