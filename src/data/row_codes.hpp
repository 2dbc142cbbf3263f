// Rows spelt as the kernels want them: as numbers of table rows to be summed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "mixbern/dataset/rows.hpp"

namespace mixbern {

/// What a code stands for. Groups halve the work where ones come in runs, as on images; their table is four
/// times as large.
enum class Encoding {
  kColumns,  ///< code d: feature d is one
  kGroups,   ///< code 16 g + p: features 4 g … 4 g + 3 are the bits of p, not all zero
};

/// Rows of a table for such codes: D, or 16 ⌈D / 4⌉.
std::size_t n_codes(Encoding encoding, std::size_t n_features);

/// Groups if the rows (the first thousands of them) then have at most 7 codes where they had 10 ones. Sparse
/// rows are lists of columns already.
Encoding choose_encoding(const Rows& rows);

/// Codes of packed rows.
std::size_t count_codes(std::span<const std::uint64_t> words, Encoding encoding);

/// A table for columns, [D × width], made one for groups, [16 ⌈D / 4⌉ × width]: row 16 g + p is the sum of
/// the rows of the features in p, in ascending order. Row 16 g is
/// zero; rows of patterns with features past the last are left as they are.
template <class T>
void expand_groups(const T* columns, std::size_t n_features, std::size_t width, T* groups) {
  for (std::size_t first = 0; first < n_features; first += 4) {
    T* sums = groups + first * 4 * width;
    std::fill_n(sums, width, T{0});
    for (std::size_t pattern = 1; pattern < 16; ++pattern) {
      const std::size_t top = pattern >= 8 ? 3 : pattern >= 4 ? 2 : pattern >= 2 ? 1 : 0;
      if (first + top >= n_features) break;
      const T* without = sums + (pattern ^ (std::size_t{1} << top)) * width;
      const T* added = columns + (first + top) * width;
      for (std::size_t k = 0; k < width; ++k) sums[pattern * width + k] = without[k] + added[k];
    }
  }
}

/// A table for columns, [D × width], as `encoding` wants it.
template <class Vector>
Vector encoded(Vector columns, std::size_t width, Encoding encoding) {
  if (encoding == Encoding::kColumns) return columns;
  const std::size_t n_features = columns.size() / width;
  Vector groups(n_codes(encoding, n_features) * width);
  expand_groups(columns.data(), n_features, width, groups.data());
  return groups;
}

/// Rows as codes: row i has codes[offsets[i]] … codes[offsets[i + 1] - 1].
struct CodedRows {
  std::vector<std::uint64_t> offsets;
  std::vector<std::uint32_t> codes;
};
/// All packed rows, if that takes 8 MB at most; sparse rows are coded as they are.
std::optional<CodedRows> code_rows(const Rows& rows, Encoding encoding);

/// The codes of one block of rows at a time, in memory that is used again.
class RowCodes {
 public:
  /// Packed rows, of the same number of words each.
  void decode(std::span<const std::uint64_t> words, std::size_t n_rows, Encoding encoding);
  /// Refers to rows begin … of `coded`; to codes elsewhere, such as the columns of sparse rows.
  void refer(const CodedRows& coded, std::size_t begin);
  void refer(const std::uint64_t* offsets, const std::uint32_t* codes);

  /// One more than rows; row i has codes()[offsets()[i]] … codes()[offsets()[i + 1] - 1].
  const std::uint64_t* offsets() const { return offsets_; }
  const std::uint32_t* codes() const { return codes_; }
  std::uint64_t count(std::size_t i) const { return offsets_[i + 1] - offsets_[i]; }
  std::span<const std::uint32_t> of_row(std::size_t i) const {
    return {codes_ + offsets_[i], codes_ + offsets_[i + 1]};
  }

 private:
  std::vector<std::uint64_t> own_offsets_;
  // Room for the most that there can be; what is never written never takes memory.
  std::unique_ptr<std::uint32_t[]> own_codes_;
  std::size_t capacity_ = 0;
  const std::uint64_t* offsets_ = nullptr;
  const std::uint32_t* codes_ = nullptr;
};

}  // namespace mixbern
