#include "mixbern/dataset/rows.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <utility>

#include "data/for_each_one.hpp"
#include "data/pieces.hpp"

namespace mixbern {
namespace {

std::size_t checked_product(std::size_t a, std::size_t b) {
  if (b != 0 && a > std::numeric_limits<std::size_t>::max() / b) {
    throw std::length_error("BitMatrix: n_rows * n_features is too large");
  }
  return a * b;
}

std::size_t count_bits(std::span<const std::uint64_t> words) {
  std::size_t count = 0;
  for (const std::uint64_t word : words) count += static_cast<std::size_t>(std::popcount(word));
  return count;
}

// Bits of the last word that belong to features.
std::uint64_t last_word_mask(std::size_t n_features) {
  const std::size_t rest = n_features % 64;
  return rest == 0 ? ~std::uint64_t{0} : (std::uint64_t{1} << rest) - 1;
}

void check_columns(std::span<const std::uint32_t> columns, std::size_t n_features) {
  for (std::size_t j = 0; j < columns.size(); ++j) {
    if (columns[j] >= n_features || (j > 0 && columns[j] <= columns[j - 1])) {
      throw std::invalid_argument(
          "SparseRows: columns of a row must ascend strictly and stay below n_features");
    }
  }
}

}  // namespace

BitMatrix::BitMatrix(std::size_t n_rows, std::size_t n_features)
    : n_rows_(n_rows),
      n_features_(n_features),
      words_per_row_(words_for(n_features)),
      words_(std::vector<std::uint64_t>(checked_product(n_rows, words_per_row_))) {}

BitMatrix::BitMatrix(std::size_t n_rows, std::size_t n_features, std::vector<std::uint64_t> words)
    : n_rows_(n_rows),
      n_features_(n_features),
      words_per_row_(words_for(n_features)),
      words_(std::move(words)) {
  check_words();
}

BitMatrix::BitMatrix(std::size_t n_rows, std::size_t n_features, std::span<const std::uint64_t> words,
                     std::shared_ptr<const void> owner)
    : n_rows_(n_rows),
      n_features_(n_features),
      words_per_row_(words_for(n_features)),
      words_(words, std::move(owner)) {
  check_words();
}

void BitMatrix::check_words() const {
  if (words().size() != checked_product(n_rows_, words_per_row_)) {
    throw std::invalid_argument("BitMatrix: number of words does not fit n_rows and n_features");
  }
  const std::uint64_t padding = ~last_word_mask(n_features_);
  if (padding == 0) return;
  for (std::size_t i = 0; i < n_rows_ && words_per_row_ > 0; ++i) {
    if ((row(i).back() & padding) != 0) throw std::invalid_argument("BitMatrix: a padding bit is set");
  }
}

void BitMatrix::append_row(std::span<const std::uint64_t> words) {
  words_.own().insert(words_.own().end(), words.begin(), words.end());
  ++n_rows_;
}

SparseRows::SparseRows(std::size_t n_features) : n_features_(n_features), offsets_{0} {}

SparseRows::SparseRows(std::size_t n_features, std::vector<std::uint64_t> offsets,
                       std::vector<std::uint32_t> columns)
    : n_features_(n_features), offsets_(std::move(offsets)), columns_(std::move(columns)) {
  check_rows();
}

SparseRows::SparseRows(std::size_t n_features, std::vector<std::uint64_t> offsets,
                       std::span<const std::uint32_t> columns, std::shared_ptr<const void> owner)
    : n_features_(n_features), offsets_(std::move(offsets)), columns_(columns, std::move(owner)) {
  check_rows();
}

void SparseRows::check_rows() const {
  if (n_features_ > std::numeric_limits<std::uint32_t>::max()) {
    throw std::invalid_argument("SparseRows: n_features must be below 2^32");
  }
  if (offsets_.empty() || offsets_.front() != 0 || offsets_.back() != n_ones() ||
      !std::is_sorted(offsets_.begin(), offsets_.end())) {
    throw std::invalid_argument("SparseRows: offsets must ascend from 0 to the number of columns");
  }
  for (std::size_t i = 0; i < n_rows(); ++i) check_columns(row(i), n_features_);
}

bool SparseRows::test(std::size_t i, std::size_t d) const {
  const auto columns = row(i);
  return std::binary_search(columns.begin(), columns.end(), static_cast<std::uint32_t>(d));
}

void SparseRows::append_row(std::span<const std::uint32_t> columns) {
  check_columns(columns, n_features_);
  columns_.own().insert(columns_.own().end(), columns.begin(), columns.end());
  offsets_.push_back(n_ones());
}

RowsOutside RowsOutside::part(std::size_t begin, std::size_t end) const {
  RowsOutside part = *this;
  part.begin_ = begin_ + begin;
  part.end_ = begin_ + end;
  return part;
}

std::size_t n_rows(const Rows& rows) {
  return std::visit([](const auto& r) { return r.n_rows(); }, rows);
}

std::size_t n_features(const Rows& rows) {
  return std::visit([](const auto& r) { return r.n_features(); }, rows);
}

bool is_outside(const Rows& rows) {
  return std::holds_alternative<RowsOutside>(rows);
}

bool is_packed(const Rows& rows) {
  if (const auto* outside = std::get_if<RowsOutside>(&rows)) return outside->is_packed();
  return std::holds_alternative<BitMatrix>(rows);
}

bool test(const Rows& rows, std::size_t i, std::size_t d) {
  if (is_outside(rows)) return test(to_memory(slice(rows, i, i + 1)), 0, d);
  const auto* packed = std::get_if<BitMatrix>(&rows);
  return packed != nullptr ? packed->test(i, d) : std::get<SparseRows>(rows).test(i, d);
}

std::size_t count_ones(const Rows& rows) {
  std::size_t ones = 0;
  for_each_piece(rows, [&](const Rows& piece, std::size_t) {
    if (const auto* sparse = std::get_if<SparseRows>(&piece)) ones += sparse->n_ones();
    if (const auto* packed = std::get_if<BitMatrix>(&piece)) ones += count_bits(packed->words());
  });
  return ones;
}

std::vector<std::size_t> count_ones_by_feature(const Rows& rows) {
  std::vector<std::size_t> counts(n_features(rows));
  for_each_piece(rows, [&](const Rows& piece, std::size_t) {
    for (std::size_t i = 0; i < n_rows(piece); ++i)
      for_each_one(piece, i, [&](std::size_t d) { ++counts[d]; });
  });
  return counts;
}

std::size_t count_ones(const Rows& rows, std::size_t i) {
  if (is_outside(rows)) return count_ones(to_memory(slice(rows, i, i + 1)), 0);
  if (const auto* sparse = std::get_if<SparseRows>(&rows)) return sparse->row(i).size();
  return count_bits(std::get<BitMatrix>(rows).row(i));
}

Rows to_memory(const Rows& rows) {
  const auto* outside = std::get_if<RowsOutside>(&rows);
  if (outside == nullptr) return rows;
  RowBuffer buffer;
  outside->read(0, outside->n_rows(), buffer);
  if (outside->is_packed())
    return BitMatrix(outside->n_rows(), outside->n_features(), std::move(buffer.words));
  return SparseRows(outside->n_features(), std::move(buffer.offsets), std::move(buffer.columns));
}

BitMatrix to_packed(const Rows& rows) {
  if (is_outside(rows)) return to_packed(to_memory(rows));
  if (const auto* packed = std::get_if<BitMatrix>(&rows)) return *packed;
  const auto& sparse = std::get<SparseRows>(rows);
  BitMatrix packed(sparse.n_rows(), sparse.n_features());
  for (std::size_t i = 0; i < sparse.n_rows(); ++i) {
    for (const std::uint32_t column : sparse.row(i)) packed.set(i, column);
  }
  return packed;
}

SparseRows to_sparse(const Rows& rows) {
  if (is_outside(rows)) return to_sparse(to_memory(rows));
  if (const auto* sparse = std::get_if<SparseRows>(&rows)) return *sparse;
  const auto& packed = std::get<BitMatrix>(rows);
  SparseRows sparse(packed.n_features());
  std::vector<std::uint32_t> columns;
  for (std::size_t i = 0; i < packed.n_rows(); ++i) {
    columns.clear();
    const auto words = packed.row(i);
    for (std::size_t w = 0; w < words.size(); ++w) {
      for (std::uint64_t bits = words[w]; bits != 0; bits &= bits - 1) {
        columns.push_back(
            static_cast<std::uint32_t>(w * 64 + static_cast<std::size_t>(std::countr_zero(bits))));
      }
    }
    sparse.append_row(columns);
  }
  return sparse;
}

Rows slice(const Rows& rows, std::size_t begin, std::size_t end) {
  if (begin > end || end > n_rows(rows)) throw std::invalid_argument("slice: rows out of range");
  if (const auto* outside = std::get_if<RowsOutside>(&rows)) return outside->part(begin, end);
  const auto at = [](auto first, std::size_t i) { return first + static_cast<std::ptrdiff_t>(i); };
  if (const auto* packed = std::get_if<BitMatrix>(&rows)) {
    const std::size_t width = packed->words_per_row();
    const auto first = packed->words().begin();
    return BitMatrix(end - begin, packed->n_features(), {at(first, begin * width), at(first, end * width)});
  }
  const auto& sparse = std::get<SparseRows>(rows);
  const std::uint64_t base = sparse.offsets()[begin];
  std::vector<std::uint64_t> offsets(at(sparse.offsets().begin(), begin),
                                     at(sparse.offsets().begin(), end + 1));
  for (std::uint64_t& offset : offsets) offset -= base;
  const auto first = sparse.columns().begin();
  return SparseRows(sparse.n_features(), std::move(offsets),
                    {at(first, base), at(first, sparse.offsets()[end])});
}

}  // namespace mixbern
