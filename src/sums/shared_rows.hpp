// Packed rows that components share, gathered by component.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/registry.hpp"

namespace mixbern {

/// Σ_i amount_i x_id over rows given to component k, K × D. Rows are copied and added up later, component by
/// component: its sums then stay in the cache, and those of a word in registers, whatever K is. Memory: the
/// rows, 256 KB of them at most, so that they are still in the cache, and 36 bytes a share, of which there
/// are 4,096 to 65,536.
class SharedRows {
 public:
  static constexpr std::int64_t kMostAmount = UINT32_MAX;

  explicit SharedRows(std::size_t n_components);

  /// A row, of which the next shares are. REQUIRES: not is_full(); rows of the same number of words.
  void add_row(std::span<const std::uint64_t> words) {
    row_ = words_.size();
    words_.insert(words_.end(), words.begin(), words.end());
  }
  /// REQUIRES: 0 <= amount <= kMostAmount.
  void add_share(std::size_t component, std::int64_t amount) {
    shares_.push_back({row_, static_cast<std::uint32_t>(component), static_cast<std::uint32_t>(amount)});
  }
  bool is_full() const { return shares_.size() >= capacity_ || words_.size() >= kMostWords; }
  /// Adds to sums[k · n_features + d], which has room for 64 numbers more than K · D, and forgets the rows.
  void flush(std::size_t n_features, std::int64_t* sums);
  void clear();

 private:
  struct Share {
    std::size_t row;  // where its words begin
    std::uint32_t component, amount;
  };
  static constexpr std::size_t kMostWords = std::size_t{1} << 15;

  void sort();

  std::size_t n_components_;
  std::size_t capacity_;
  std::size_t row_ = 0;
  std::vector<std::uint64_t> words_;
  std::vector<Share> shares_;
  std::vector<kernel::WeightedRow> sorted_;
  std::vector<std::size_t> ends_;  // of each component in sorted_
};

}  // namespace mixbern
