// Rows that one component has all of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mixbern {

/// Rows of weight 1 of which a component has all, and Σ x_id over them: [K × D]. Counters of a byte, which
/// stay in the cache, are added to 64-bit sums before they overflow. Memory: 9 · K · D bytes, from the first
/// row on. Order of calls: (add* finish merge* read*)*, with clear() before each round but the first.
class SoleRows {
 public:
  SoleRows(std::size_t n_components, std::size_t n_features);

  /// Packed rows of a block: a few instructions a row for all the features of a register, whatever is in
  /// them. `sole`: the component of each, kernel::kNone if there is none.
  void add_bits(std::span<const std::uint64_t> words, std::span<const std::uint32_t> sole);
  /// A row by the columns of its ones. Between two calls of clear() all rows are added in the same way.
  void add_columns(std::size_t component, std::span<const std::uint32_t> columns);
  void finish();
  /// REQUIRES: both finished, of the same shape where they are not empty.
  void merge(const SoleRows& other);
  void clear();

  bool empty() const { return sums_.empty(); }
  /// Of one component: its rows, and how many of them have a one, by feature; whole words, so that there may
  /// be more than D of them. REQUIRES: finished, not empty().
  std::int64_t n_rows(std::size_t component) const { return rows_[component]; }
  std::span<const std::int64_t> ones(std::size_t component) const {
    return std::span(sums_).subspan(component * width_, width_);
  }

 private:
  void prepare();
  void sort(std::span<const std::uint32_t> sole);
  void count_bits(std::size_t component, std::span<const std::uint64_t> words,
                  std::span<const std::uint32_t> rows);
  void count_rows(std::size_t component, std::size_t n);
  void flush(std::size_t component);
  void flush_planes(const std::uint64_t* planes, std::int64_t* sums) const;

  std::size_t n_components_;
  std::size_t width_;  // 64 · words
  // Of each component `width_` counters: packed rows in planes of bits (see the kernels' count_bits), others
  // in bytes.
  std::vector<std::uint64_t> planes_;
  std::vector<std::uint8_t> bytes_;
  std::vector<std::uint8_t> pending_;  // rows in the counters of each component
  std::vector<std::int64_t> rows_;
  std::vector<std::int64_t> sums_;
  std::vector<std::uint32_t> sorted_, ends_;  // rows of a block by component; those of none come last
};

}  // namespace mixbern
