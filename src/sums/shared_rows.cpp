#include "sums/shared_rows.hpp"

#include <algorithm>
#include <numeric>

#include "mixbern/dataset/rows.hpp"

namespace mixbern {

// Enough for each component to have many rows at a time.
SharedRows::SharedRows(std::size_t n_components)
    : n_components_(n_components), capacity_(std::clamp<std::size_t>(32 * n_components, 4096, 65'536)) {}

// By component, in the order in which they came.
void SharedRows::sort() {
  ends_.assign(n_components_, 0);
  for (const Share& share : shares_) ++ends_[share.component];
  std::exclusive_scan(ends_.begin(), ends_.end(), ends_.begin(), std::size_t{0});
  sorted_.resize(shares_.size());
  for (const Share& share : shares_) {
    sorted_[ends_[share.component]++] = {words_.data() + share.row, share.component, share.amount};
  }
}

void SharedRows::clear() {
  words_.clear();
  shares_.clear();
}

void SharedRows::flush(std::size_t n_features, std::int64_t* sums) {
  if (shares_.empty()) return;
  sort();
  const std::size_t n_words = BitMatrix::words_for(n_features);
  std::size_t begin = 0;
  for (std::size_t k = 0; k < n_components_; ++k) {
    while (begin < ends_[k]) {
      // As many as 32 bits hold, and as the first-level cache does.
      constexpr std::size_t kMostRows = 128;
      std::uint64_t total = 0;
      std::size_t end = begin;
      for (; end < std::min(ends_[k], begin + kMostRows); ++end) {
        total += sorted_[end].amount;
        if (total > kMostAmount) break;
      }
      kernel::active().sums.add_weighted(sorted_.data() + begin, end - begin, n_words, sums + k * n_features);
      begin = end;
    }
  }
  clear();
}

}  // namespace mixbern
