// Binary rows: packed bits for dense data, column lists for sparse data, in memory or outside.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <variant>
#include <vector>

namespace mixbern {

/// Numbers in memory of their own, or in memory that `owner` keeps, which is read in place and copied before
/// the first change. Whoever lends memory leaves its contents alone as long as it is lent.
template <class T>
class Storage {
 public:
  Storage() = default;
  explicit Storage(std::vector<T> own) : own_(std::move(own)) {}
  /// REQUIRES: `owner` is not null.
  Storage(std::span<const T> lent, std::shared_ptr<const void> owner)
      : lent_(lent), owner_(std::move(owner)) {}

  std::span<const T> view() const { return owner_ ? lent_ : std::span<const T>(own_); }
  bool is_lent() const { return owner_ != nullptr; }
  /// The numbers to be changed; a copy of lent ones from now on.
  std::vector<T>& own() {
    if (owner_) {
      own_.assign(lent_.begin(), lent_.end());
      owner_.reset();
    }
    return own_;
  }

  bool operator==(const Storage& other) const { return std::ranges::equal(view(), other.view()); }

 private:
  std::vector<T> own_;
  std::span<const T> lent_;
  std::shared_ptr<const void> owner_;
};

/// N × D bits, each row padded to whole 64-bit words.
///
/// Bit d of row i is bit d % 64 of word d / 64: numpy.packbits(axis=1, bitorder="little") viewed as
/// little-endian 64-bit words. Padding bits are always zero. Memory: N · ceil(D / 64) · 8 bytes.
class BitMatrix {
 public:
  BitMatrix() = default;
  /// All bits zero. Throws std::length_error if the size overflows.
  BitMatrix(std::size_t n_rows, std::size_t n_features);
  /// Takes over `words`. REQUIRES: words.size() == n_rows * words_for(n_features) and zero padding bits; both
  /// are checked, std::invalid_argument otherwise.
  BitMatrix(std::size_t n_rows, std::size_t n_features, std::vector<std::uint64_t> words);
  /// Reads words that belong to `owner` in place. REQUIRES: as above.
  BitMatrix(std::size_t n_rows, std::size_t n_features, std::span<const std::uint64_t> words,
            std::shared_ptr<const void> owner);

  static std::size_t words_for(std::size_t n_features) { return (n_features + 63) / 64; }

  std::size_t n_rows() const { return n_rows_; }
  std::size_t n_features() const { return n_features_; }
  std::size_t words_per_row() const { return words_per_row_; }

  std::span<const std::uint64_t> words() const { return words_.view(); }
  std::span<const std::uint64_t> row(std::size_t i) const {
    return {words().data() + i * words_per_row_, words_per_row_};
  }
  std::span<std::uint64_t> mutable_row(std::size_t i) {
    return {words_.own().data() + i * words_per_row_, words_per_row_};
  }

  bool test(std::size_t i, std::size_t d) const {
    return (words()[i * words_per_row_ + d / 64] >> (d % 64)) & 1U;
  }
  void set(std::size_t i, std::size_t d) {
    words_.own()[i * words_per_row_ + d / 64] |= std::uint64_t{1} << (d % 64);
  }

  /// Adds one row. REQUIRES: words.size() == words_per_row(), padding bits zero.
  void append_row(std::span<const std::uint64_t> words);
  void reserve_rows(std::size_t n_rows) { words_.own().reserve(n_rows * words_per_row_); }

  bool operator==(const BitMatrix&) const = default;

 private:
  void check_words() const;

  std::size_t n_rows_ = 0;
  std::size_t n_features_ = 0;
  std::size_t words_per_row_ = 0;
  Storage<std::uint64_t> words_;
};

/// N × D bits as a list of the set columns of each row, strictly ascending. Memory: 4 bytes a one, 8 bytes a
/// row.
class SparseRows {
 public:
  explicit SparseRows(std::size_t n_features = 0);
  /// REQUIRES: offsets.front() == 0, ascending, offsets.back() == columns.size(), columns of a row strictly
  /// ascending and below n_features, n_features < 2^32; all checked, std::invalid_argument otherwise.
  SparseRows(std::size_t n_features, std::vector<std::uint64_t> offsets, std::vector<std::uint32_t> columns);
  /// Reads columns that belong to `owner` in place. REQUIRES: as above.
  SparseRows(std::size_t n_features, std::vector<std::uint64_t> offsets,
             std::span<const std::uint32_t> columns, std::shared_ptr<const void> owner);

  std::size_t n_rows() const { return offsets_.size() - 1; }
  std::size_t n_features() const { return n_features_; }
  std::size_t n_ones() const { return columns_.view().size(); }
  std::span<const std::uint64_t> offsets() const { return offsets_; }
  std::span<const std::uint32_t> columns() const { return columns_.view(); }
  std::span<const std::uint32_t> row(std::size_t i) const {
    return {columns().data() + offsets_[i], static_cast<std::size_t>(offsets_[i + 1] - offsets_[i])};
  }
  bool test(std::size_t i, std::size_t d) const;

  /// Adds one row. REQUIRES: strictly ascending columns below n_features().
  void append_row(std::span<const std::uint32_t> columns);

  bool operator==(const SparseRows&) const = default;

 private:
  void check_rows() const;

  std::size_t n_features_ = 0;
  std::vector<std::uint64_t> offsets_;
  Storage<std::uint32_t> columns_;
};

/// Rows of either kind, as a RowReader fills it in; the memory is used again.
struct RowBuffer {
  std::vector<std::uint64_t> words;    ///< packed: as in BitMatrix
  std::vector<std::uint64_t> offsets;  ///< sparse: as in SparseRows, from 0
  std::vector<std::uint32_t> columns;
};

/// Rows outside memory, such as in files. Several threads may read at once.
class RowReader {
 public:
  virtual ~RowReader() = default;
  virtual std::size_t n_rows() const = 0;
  virtual std::size_t n_features() const = 0;
  /// Whether words are filled in, or offsets and columns.
  virtual bool is_packed() const = 0;
  /// Rows begin … end − 1, checked as BitMatrix and SparseRows are. Throws InputError that names the place.
  virtual void read(std::size_t begin, std::size_t end, RowBuffer& into) const = 0;
};

/// N × D bits that stay outside memory and are read in pieces. A copy is as cheap as a pointer.
class RowsOutside {
 public:
  /// REQUIRES: `reader` is not null.
  explicit RowsOutside(std::shared_ptr<const RowReader> reader)
      : reader_(std::move(reader)), end_(reader_->n_rows()) {}

  std::size_t n_rows() const { return end_ - begin_; }
  std::size_t n_features() const { return reader_->n_features(); }
  bool is_packed() const { return reader_->is_packed(); }
  void read(std::size_t begin, std::size_t end, RowBuffer& into) const {
    reader_->read(begin_ + begin, begin_ + end, into);
  }
  /// Rows begin … end − 1 of these, outside as well. REQUIRES: begin <= end <= n_rows().
  RowsOutside part(std::size_t begin, std::size_t end) const;

  /// The same rows of the same reader.
  bool operator==(const RowsOutside&) const = default;

 private:
  std::shared_ptr<const RowReader> reader_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

/// Rows of any kind. Everything that takes `Rows` gives the same result for all.
using Rows = std::variant<BitMatrix, SparseRows, RowsOutside>;

std::size_t n_rows(const Rows& rows);
std::size_t n_features(const Rows& rows);
bool is_packed(const Rows& rows);
bool is_outside(const Rows& rows);
bool test(const Rows& rows, std::size_t i, std::size_t d);
/// Number of ones in all rows, and in each column. Cost: one pass.
std::size_t count_ones(const Rows& rows);
std::vector<std::size_t> count_ones_by_feature(const Rows& rows);
/// Number of ones in row i.
std::size_t count_ones(const Rows& rows, std::size_t i);
/// The same bits in the other form. Cost: one pass and the memory of the result.
BitMatrix to_packed(const Rows& rows);
SparseRows to_sparse(const Rows& rows);
/// The rows in memory: a copy, read where they are outside.
Rows to_memory(const Rows& rows);
/// Rows begin … end-1 as a copy of the same kind. REQUIRES: begin <= end <= n_rows(rows).
Rows slice(const Rows& rows, std::size_t begin, std::size_t end);

}  // namespace mixbern
