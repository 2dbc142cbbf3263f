#include "data/rows_view.hpp"

#include <algorithm>

namespace mixbern {

RowsView::RowsView(const Rows& rows, std::size_t begin, std::size_t end, RowBuffer& buffer)
    : n_features_(mixbern::n_features(rows)) {
  if (const auto* outside = std::get_if<RowsOutside>(&rows)) {
    outside->read(begin, end, buffer);
    if (outside->is_packed()) {
      width_ = BitMatrix::words_for(n_features_);
      words_ = buffer.words;
    } else {
      offsets_ = buffer.offsets.data();
      columns_ = buffer.columns.data();
    }
    return;
  }
  if (const auto* sparse = std::get_if<SparseRows>(&rows)) {
    offsets_ = sparse->offsets().data() + begin;
    columns_ = sparse->columns().data();
    return;
  }
  const auto& packed = std::get<BitMatrix>(rows);
  width_ = packed.words_per_row();
  words_ = packed.words().subspan(begin * width_, (end - begin) * width_);
}

std::size_t RowsView::count_ones(std::size_t i) const {
  if (!is_packed()) return columns(i).size();
  std::size_t count = 0;
  for (const std::uint64_t word : words(i)) count += static_cast<std::size_t>(std::popcount(word));
  return count;
}

bool RowsView::test(std::size_t i, std::size_t d) const {
  if (is_packed()) return (words(i)[d / 64] >> (d % 64) & 1U) != 0;
  return std::ranges::binary_search(columns(i), static_cast<std::uint32_t>(d));
}

bool RowsView::is_same(std::size_t i, const RowsView& other, std::size_t j) const {
  return is_packed() ? std::ranges::equal(words(i), other.words(j))
                     : std::ranges::equal(columns(i), other.columns(j));
}

}  // namespace mixbern
