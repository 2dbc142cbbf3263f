#include "sums/cell_sums.hpp"

#include <algorithm>

#include "base/parallel.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kPadding = 64;  // whole words may be added to the last row

// All bits of a word cost as much as four ones by themselves.
bool is_gathered(const RowsView& rows, std::size_t i) {
  constexpr std::size_t kFewWords = 32;
  return rows.is_packed() &&
         (rows.words_per_row() <= kFewWords || rows.count_ones(i) > 4 * rows.words_per_row());
}

}  // namespace

CellSums::CellSums(std::size_t n_components, std::size_t n_features, Encoding encoding, int fraction_bits)
    : n_features_(n_features),
      fraction_bits_(fraction_bits),
      sums_(n_features == 0 ? 0 : n_components * n_features + kPadding),
      gathered_(n_components),
      by_code_(n_components, n_features, encoding),
      sole_(n_components, n_features) {}

void CellSums::add(const RowsView& rows, std::size_t i, const RowShares& shares) {
  const bool gathers = is_gathered(rows, i);
  if (gathers) gathered_.add_row(rows.words(i));
  for (std::size_t e = 0; e < shares.components.size(); ++e) {
    const std::int64_t amount = shares.amounts[e];
    if (amount == 0) continue;
    if (gathers && amount <= SharedRows::kMostAmount) {
      gathered_.add_share(shares.components[e], amount);
      continue;
    }
    std::int64_t* sums = sums_.data() + shares.components[e] * n_features_;
    rows.for_each_one(i, [&](std::size_t d) { sums[d] += amount; });
  }
  if (gathered_.is_full()) gathered_.flush(n_features_, sums_.data());
}

void CellSums::add_sole(const RowsView& rows, std::span<const std::uint32_t> sole) {
  if (rows.is_packed()) return sole_.add_bits(rows.words(), sole);
  for (std::size_t i = 0; i < sole.size(); ++i) {
    if (sole[i] != kernel::kNone) sole_.add_columns(sole[i], rows.columns(i));
  }
}

void CellSums::finish() {
  gathered_.flush(n_features_, sums_.data());
  by_code_.flush(sums_.data());
  sole_.finish();
}

void CellSums::merge(const CellSums& other) {
  add_elements(sums_, other.sums_);
  sole_.merge(other.sole_);
}

void CellSums::append_to(std::vector<std::int64_t>& values) const {
  if (n_features_ == 0) return;
  const std::size_t begin = values.size(), n = sums_.size() - kPadding;
  values.insert(values.end(), sums_.begin(), sums_.begin() + static_cast<std::ptrdiff_t>(n));
  if (sole_.empty()) return;
  for_ranges(n / n_features_, n_features_, [&](std::size_t first, std::size_t last) {
    for (std::size_t k = first; k < last; ++k) {
      std::int64_t* to = values.data() + begin + k * n_features_;
      for (std::size_t d = 0; d < n_features_; ++d) to[d] += sole_.ones(k)[d] << fraction_bits_;
    }
  });
}

void CellSums::assign(std::span<const std::int64_t> values) {
  clear();
  std::ranges::copy(values, sums_.begin());
}

void CellSums::clear() {
  for_ranges(sums_.size(), 1, [&](std::size_t begin, std::size_t end) {
    std::fill(sums_.data() + begin, sums_.data() + end, 0);
  });
  gathered_.clear();
  by_code_.clear();
  sole_.clear();
}

}  // namespace mixbern
