// Rows that belong to one component alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mixbern {

/// Rows given whole to component k, and Σ x_id over them: [K × D]. Counters of a byte, which stay in the
/// cache, are added to 64-bit sums before they overflow. Memory: 9 · K · D bytes, from the first row on.
/// Order of calls: (add* finish merge* read*)*, with clear() before each round but the first.
class WholeRows {
 public:
  /// Rows `rows` of these, packed in `n_words` each: a few instructions a row for all the features of a
  /// register, whatever is in them. Between two calls of clear() all rows have to be in the same spelling.
  void add(std::size_t n_components, std::size_t component, std::span<const std::uint64_t> words,
           std::size_t n_words, std::span<const std::uint32_t> rows);
  /// A row by the columns of its ones; `width`: D rounded up to a multiple of 64.
  void add_ones(std::size_t n_components, std::size_t width, std::size_t component,
                std::span<const std::uint32_t> columns);
  void finish();
  /// REQUIRES: both finished, of the same shape where they are not empty.
  void merge(const WholeRows& other);
  void clear();

  bool empty() const { return rows_.empty(); }
  /// Of one component: its rows, and how many of them have a one, by feature; whole words, so that there may
  /// be more than D of them. REQUIRES: finished, not empty().
  std::int64_t n_rows(std::size_t component) const { return rows_[component]; }
  std::span<const std::int64_t> ones(std::size_t component) const {
    return std::span(sums_).subspan(component * width_, width_);
  }

 private:
  void prepare(std::size_t n_components, std::size_t width);
  void count_rows(std::size_t component, std::size_t n);
  void flush(std::size_t component);
  void flush_planes(const std::uint64_t* planes, std::int64_t* sums) const;

  std::size_t width_ = 0;  // 64 · words
  // Of each component `width_` counters: packed rows in planes of bits (see the kernels' count_bits), others
  // in bytes.
  std::vector<std::uint64_t> planes_;
  std::vector<std::uint8_t> bytes_;
  std::vector<std::uint8_t> pending_;  // rows in the counters of each component
  std::vector<std::int64_t> rows_;
  std::vector<std::int64_t> sums_;
};

}  // namespace mixbern
