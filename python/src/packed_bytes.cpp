#include "packed_bytes.hpp"

#include <bit>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace mixbern::python {

namespace {

// The bits of each byte in reverse (Warren, Hacker's Delight (2012), section 7-1).
std::uint64_t reversed_bytes(std::uint64_t word) {
  word = (word & 0x5555'5555'5555'5555U) << 1U | (word >> 1U & 0x5555'5555'5555'5555U);
  word = (word & 0x3333'3333'3333'3333U) << 2U | (word >> 2U & 0x3333'3333'3333'3333U);
  return (word & 0x0F0F'0F0F'0F0F'0F0FU) << 4U | (word >> 4U & 0x0F0F'0F0F'0F0F'0F0FU);
}

bool are_words(const ArrayView& bytes, std::size_t words_per_row, BitOrder order) {
  const auto row_bytes = static_cast<std::ptrdiff_t>(words_per_row * sizeof(std::uint64_t));
  return std::endian::native == std::endian::little && order == BitOrder::kLowestFirst &&
         static_cast<std::ptrdiff_t>(bytes.n_columns) == row_bytes && bytes.column_stride == 1 &&
         bytes.row_stride == row_bytes &&
         reinterpret_cast<std::uintptr_t>(bytes.cells) % alignof(std::uint64_t) == 0;
}

}  // namespace

BitMatrix packed_rows(const ArrayView& bytes, std::size_t n_features, BitOrder order,
                      std::shared_ptr<const void> owner) {
  const std::size_t words_per_row = BitMatrix::words_for(n_features);
  if (bytes.element != Element::kU8 || bytes.n_columns > words_per_row * sizeof(std::uint64_t))
    throw std::invalid_argument("rows of bytes, no more than the features take, are needed");
  const std::size_t n_words = bytes.n_rows * words_per_row;
  if (are_words(bytes, words_per_row, order)) {
    const std::span lent(reinterpret_cast<const std::uint64_t*>(bytes.cells), n_words);
    return BitMatrix(bytes.n_rows, n_features, lent, std::move(owner));
  }
  std::vector<std::uint64_t> words(n_words);
  for (std::size_t i = 0; i < bytes.n_rows; ++i) {
    const std::span row = std::span(words).subspan(i * words_per_row, words_per_row);
    const std::byte* cells = bytes.cells + static_cast<std::ptrdiff_t>(i) * bytes.row_stride;
    for (std::size_t b = 0; b < bytes.n_columns; ++b) {
      const auto byte = cells[static_cast<std::ptrdiff_t>(b) * bytes.column_stride];
      row[b / 8] |= std::to_integer<std::uint64_t>(byte) << (8 * (b % 8));
    }
    if (order == BitOrder::kHighestFirst) {
      for (std::uint64_t& word : row) word = reversed_bytes(word);
    }
  }
  return BitMatrix(bytes.n_rows, n_features, std::move(words));
}

}  // namespace mixbern::python
