// Packed rows that count more or less than one, by component.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/registry.hpp"

namespace mixbern {

/// Σ_i amount_i x_id over rows given to component k, K × D. Rows are gathered and added up component by
/// component: its sums then stay in the cache, and those of a word in registers, whatever K is. Memory: 32
/// bytes a row gathered, of which there are 4,096 to 65,536.
class WeightedRows {
 public:
  static constexpr std::int64_t kMostAmount = UINT32_MAX;

  explicit WeightedRows(std::size_t n_components);

  /// `words` must stay until flush(). REQUIRES: 0 <= amount <= kMostAmount; not is_full().
  void add(const std::uint64_t* words, std::size_t component, std::int64_t amount) {
    rows_.push_back({words, static_cast<std::uint32_t>(component), static_cast<std::uint32_t>(amount)});
  }
  bool is_full() const { return rows_.size() == capacity_; }
  bool empty() const { return rows_.empty(); }
  /// Adds to sums[k · n_features + d], which has room for 64 numbers more than K · D, and forgets the rows.
  void flush(std::size_t n_features, std::int64_t* sums);
  void clear() { rows_.clear(); }

 private:
  void sort();

  std::size_t n_components_;
  std::size_t capacity_;
  std::vector<kernel::WeightedRow> rows_, sorted_;
  std::vector<std::size_t> ends_;  // of each component in sorted_
};

}  // namespace mixbern
