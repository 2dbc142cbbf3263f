#include "packing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <type_traits>
#include <utility>

namespace mixbern::python {

namespace {

constexpr std::size_t kWord = 64;

template <class T>
T load(const std::byte* cell) {
  T value;
  std::memcpy(&value, cell, sizeof value);
  return value;
}

// Which of the cells are ones, which are missing, and whether there is a bad one: a byte each, so that the
// compiler can do many at a time.
struct Bytes {
  std::array<std::uint8_t, kWord> ones;
  std::array<std::uint8_t, kWord> missing;
  bool any_missing = false;
  bool any_bad = false;
};

// Byte j of the product's top byte is bit j: each of the eight factors' bits moves one byte there.
std::uint64_t bits_of(const std::array<std::uint8_t, kWord>& bytes) {
  std::uint64_t bits = 0;
  for (std::size_t group = 0; group < 8; ++group) {
    std::uint64_t eight;
    std::memcpy(&eight, bytes.data() + 8 * group, 8);
    if constexpr (std::endian::native == std::endian::big) eight = __builtin_bswap64(eight);
    bits |= (eight * 0x0102'0408'1020'4080U >> 56) << (8 * group);
  }
  return bits;
}

template <class T>
class Cells {
 public:
  explicit Cells(std::optional<double> threshold) : threshold_(threshold) {}

  bool is_bad(T value) const {
    if constexpr (std::is_floating_point_v<T>) {
      if (std::isnan(value)) return false;
      return threshold_ ? std::isinf(value) : value != 0 && value != 1;
    } else {
      return !threshold_ && value != 0 && value != 1;
    }
  }

  // Reads `n` cells, `stride` bytes from one to the next, into bytes; those beyond are 0.
  void read(const std::byte* cells, std::size_t n, std::ptrdiff_t stride, Bytes& bytes) const {
    std::array<T, kWord> values{};
    if (stride == static_cast<std::ptrdiff_t>(sizeof(T))) {
      std::memcpy(values.data(), cells, n * sizeof(T));
    } else {
      for (std::size_t j = 0; j < n; ++j)
        values[j] = load<T>(cells + static_cast<std::ptrdiff_t>(j) * stride);
    }
    if (threshold_) {
      compare(values, n, bytes);
    } else {
      classify(values, bytes);
    }
  }

 private:
  void classify(const std::array<T, kWord>& values, Bytes& bytes) const {
    std::uint8_t missing = 0;
    std::uint8_t bad = 0;
    for (std::size_t j = 0; j < kWord; ++j) {
      const T value = values[j];
      const auto one = static_cast<std::uint8_t>(value == T{1});
      const auto other = static_cast<std::uint8_t>((value != T{0}) & (value != T{1}));
      bytes.ones[j] = one;
      if constexpr (std::is_floating_point_v<T>) {
        const auto nan = static_cast<std::uint8_t>(value != value);
        bytes.missing[j] = nan;
        missing |= nan;
        bad |= static_cast<std::uint8_t>(other & (nan ^ 1U));
      } else {
        bad |= other;
      }
    }
    bytes.any_missing = missing != 0;
    bytes.any_bad = bad != 0;
  }

  void compare(const std::array<T, kWord>& values, std::size_t n, Bytes& bytes) const {
    bytes.ones.fill(0);
    bytes.missing.fill(0);
    bytes.any_missing = bytes.any_bad = false;
    for (std::size_t j = 0; j < n; ++j) {
      bytes.ones[j] = static_cast<double>(values[j]) > *threshold_;
      if constexpr (std::is_floating_point_v<T>) {
        bytes.missing[j] = std::isnan(values[j]);
        bytes.any_missing = bytes.any_missing || bytes.missing[j] != 0;
        bytes.any_bad = bytes.any_bad || std::isinf(values[j]);
      }
    }
  }

  std::optional<double> threshold_;
};

// In place; bit j of word i becomes bit i of word j (Warren, Hacker's Delight (2012), section 7-3).
void transpose(std::array<std::uint64_t, kWord>& words) {
  std::uint64_t mask = 0x0000'0000'FFFF'FFFFU;
  for (unsigned width = 32; width != 0; width >>= 1U, mask ^= mask << width) {
    for (std::size_t i = 0; i < kWord; i = (i + width + 1) & ~static_cast<std::size_t>(width)) {
      const std::uint64_t swap = ((words[i] >> width) ^ words[i + width]) & mask;
      words[i] ^= swap << width;
      words[i + width] ^= swap;
    }
  }
}

// Where the bits of a block go.
struct Target {
  BitMatrix& ones;
  std::optional<BitMatrix>& missing;

  void put(std::size_t row, std::size_t word, std::uint64_t one_bits) {
    ones.mutable_row(row)[word] = one_bits;
  }
  void put_missing(std::size_t row, std::size_t word, std::uint64_t bits) {
    if (bits == 0) return;
    if (!missing) missing.emplace(ones.n_rows(), ones.n_features());
    missing->mutable_row(row)[word] = bits;
  }
};

// Cells of a row that follow each other: 64 cells are one word.
template <class T>
bool pack_along_rows(const ArrayView& block, const Cells<T>& cells, std::size_t first_row, Target target) {
  Bytes bytes{};
  for (std::size_t i = 0; i < block.n_rows; ++i) {
    const std::byte* row = block.cells + static_cast<std::ptrdiff_t>(i) * block.row_stride;
    for (std::size_t d = 0; d < block.n_columns; d += kWord) {
      cells.read(row + static_cast<std::ptrdiff_t>(d) * block.column_stride,
                 std::min(kWord, block.n_columns - d), block.column_stride, bytes);
      if (bytes.any_bad) return false;
      target.put(first_row + i, d / kWord, bits_of(bytes.ones));
      if (bytes.any_missing) target.put_missing(first_row + i, d / kWord, bits_of(bytes.missing));
    }
  }
  return true;
}

// Cells of a column that follow each other: 64 by 64 cells are 64 words, once they are turned.
template <class T>
bool pack_along_columns(const ArrayView& block, const Cells<T>& cells, std::size_t first_row, Target target) {
  Bytes bytes{};
  std::array<std::uint64_t, kWord> ones;
  std::array<std::uint64_t, kWord> missing;
  for (std::size_t i = 0; i < block.n_rows; i += kWord) {
    const std::size_t n_rows = std::min(kWord, block.n_rows - i);
    for (std::size_t d = 0; d < block.n_columns; d += kWord) {
      ones.fill(0);
      missing.fill(0);
      for (std::size_t j = 0; j < std::min(kWord, block.n_columns - d); ++j) {
        const std::byte* column = block.cells + static_cast<std::ptrdiff_t>(i) * block.row_stride +
                                  static_cast<std::ptrdiff_t>(d + j) * block.column_stride;
        cells.read(column, n_rows, block.row_stride, bytes);
        if (bytes.any_bad) return false;
        ones[j] = bits_of(bytes.ones);
        if (bytes.any_missing) missing[j] = bits_of(bytes.missing);
      }
      transpose(ones);
      transpose(missing);
      for (std::size_t r = 0; r < n_rows; ++r) {
        target.put(first_row + i + r, d / kWord, ones[r]);
        target.put_missing(first_row + i + r, d / kWord, missing[r]);
      }
    }
  }
  return true;
}

template <class T>
std::optional<BadCell> find_bad(const ArrayView& block, const Cells<T>& cells, std::size_t first_row) {
  for (std::size_t i = 0; i < block.n_rows; ++i) {
    for (std::size_t d = 0; d < block.n_columns; ++d) {
      const std::byte* cell = block.cells + static_cast<std::ptrdiff_t>(i) * block.row_stride +
                              static_cast<std::ptrdiff_t>(d) * block.column_stride;
      if (cells.is_bad(load<T>(cell))) return BadCell{first_row + i, d, number_text(cell, block.element)};
    }
  }
  return std::nullopt;
}

}  // namespace

std::string number_text(const std::byte* cell, Element element) {
  return with_type(element, [cell](auto kind) { return fmt::format("{}", load<decltype(kind)>(cell)); });
}

RowPacker::RowPacker(std::size_t n_rows, std::size_t n_features, std::optional<double> threshold)
    : ones_(n_rows, n_features), threshold_(threshold) {}

std::optional<BadCell> RowPacker::add(const ArrayView& block) {
  return with_type(block.element, [&](auto kind) -> std::optional<BadCell> {
    using T = decltype(kind);
    const Cells<T> cells(threshold_);
    const Target target{ones_, missing_};
    const bool along_rows = std::abs(block.column_stride) <= std::abs(block.row_stride);
    const bool good = along_rows ? pack_along_rows<T>(block, cells, n_done_, target)
                                 : pack_along_columns<T>(block, cells, n_done_, target);
    if (!good) return find_bad<T>(block, cells, n_done_);
    n_done_ += block.n_rows;
    return std::nullopt;
  });
}

Dataset RowPacker::finish() {
  Dataset data;
  data.ones = std::move(ones_);
  if (missing_) data.missing = *std::move(missing_);
  data.threshold = threshold_;
  return data;
}

}  // namespace mixbern::python
