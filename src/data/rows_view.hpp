// Some rows of either kind, where they lie.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "mixbern/dataset/rows.hpp"

namespace mixbern {

/// n rows of D bits, packed or sparse, in memory of somebody else, which must stay while they are looked at.
class RowsView {
 public:
  RowsView() = default;
  /// Rows begin … end − 1, read into `buffer` where they are outside memory.
  RowsView(const Rows& rows, std::size_t begin, std::size_t end, RowBuffer& buffer);

  std::size_t n_features() const { return n_features_; }
  bool is_packed() const { return offsets_ == nullptr; }

  /// Of packed rows: words of all, of one, and how many a row has; see BitMatrix.
  std::span<const std::uint64_t> words() const { return words_; }
  std::span<const std::uint64_t> words(std::size_t i) const { return words_.subspan(i * width_, width_); }
  std::size_t words_per_row() const { return width_; }

  /// Of sparse rows: row i has columns()[offsets()[i]] … columns()[offsets()[i + 1] − 1].
  const std::uint64_t* offsets() const { return offsets_; }
  const std::uint32_t* columns() const { return columns_; }
  std::span<const std::uint32_t> columns(std::size_t i) const {
    return {columns_ + offsets_[i], columns_ + offsets_[i + 1]};
  }

  std::size_t count_ones(std::size_t i) const;
  bool test(std::size_t i, std::size_t d) const;
  bool is_same(std::size_t i, const RowsView& other, std::size_t j) const;

  /// Calls visit(d) for each one of row i, d ascending.
  template <class Visit>
  void for_each_one(std::size_t i, const Visit& visit) const {
    if (!is_packed()) {
      for (const std::uint32_t d : columns(i)) visit(std::size_t{d});
      return;
    }
    const std::uint64_t* row = words_.data() + i * width_;
    for (std::size_t w = 0; w < width_; ++w) {
      for (std::uint64_t bits = row[w]; bits != 0; bits &= bits - 1) {
        visit(w * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
      }
    }
  }

 private:
  std::size_t n_features_ = 0;
  std::size_t width_ = 0;
  std::span<const std::uint64_t> words_;
  const std::uint64_t* offsets_ = nullptr;
  const std::uint32_t* columns_ = nullptr;
};

}  // namespace mixbern
