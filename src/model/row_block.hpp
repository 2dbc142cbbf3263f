// Some rows of a data set, spelt as codes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/row_codes.hpp"
#include "mixbern/dataset.hpp"

namespace mixbern {

struct RowFacts;

/// How the ones and the missing cells of a data set are spelt.
struct Encodings {
  Encoding ones = Encoding::kColumns;
  Encoding missing = Encoding::kColumns;
  bool operator==(const Encodings&) const = default;
};
Encodings choose_encodings(const Dataset& data);

/// Rows begin … end-1. Reloading uses the same memory again.
class RowBlock {
 public:
  /// `data` is not owned and must stay while the block is used. With `hold_labels`, known labels are fixed.
  void load(const Dataset& data, const Encodings& encodings, std::size_t begin, std::size_t end,
            bool hold_labels);
  /// The same in the encodings of `facts`, of the same data, from its codes where it has them.
  void load(const Dataset& data, const RowFacts& facts, std::size_t begin, std::size_t end, bool hold_labels);

  std::size_t begin() const { return begin_; }
  std::size_t size() const { return end_ - begin_; }
  /// Spelt when they are first asked for: sums over bits do without.
  const RowCodes& ones() const;
  /// The j-th of some rows is row rows[j] of `codes`, or, if `rows` is null, row j.
  struct Chosen {
    const RowCodes& codes;
    const std::uint32_t* rows;
  };
  /// Those of rows begin + rows[j], alone if the others are not spelt yet. Valid until the next call.
  Chosen ones_of(std::span<const std::uint32_t> rows);
  /// REQUIRES: has_missing().
  const RowCodes& missing() const { return missing_; }
  bool has_missing() const { return data_->missing.has_value(); }
  bool holds_labels() const { return hold_labels_; }

  /// Packed words of all rows, none for sparse rows; of their missing cells, REQUIRES: has_missing().
  std::span<const std::uint64_t> words() const { return words_of(data_->ones); }
  std::span<const std::uint64_t> missing_words() const { return words_of(*data_->missing); }
  bool is_weighted() const { return !data_->weights.empty(); }
  /// Of row begin + i.
  double weight(std::size_t i) const { return data_->weight(begin_ + i); }
  /// The component that it is held in, -1 if none.
  std::int64_t held_label(std::size_t i) const { return hold_labels_ ? data_->labels[begin_ + i] : -1; }
  /// No cell is observed.
  bool is_silent(std::size_t i) const {
    return has_missing() && count_ones(*data_->missing, begin_ + i) == data_->n_features();
  }

 private:
  void set(const Dataset& data, std::size_t begin, std::size_t end, bool hold_labels);
  std::span<const std::uint64_t> words_of(const Rows& rows) const {
    const auto* packed = std::get_if<BitMatrix>(&rows);
    if (packed == nullptr) return {};
    return packed->words().subspan(begin_ * packed->words_per_row(), size() * packed->words_per_row());
  }

  const Dataset* data_ = nullptr;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool hold_labels_ = false;
  Encoding encoding_ = Encoding::kColumns;  // of ones
  mutable bool is_due_ = false;             // ones_ are to be spelt
  mutable RowCodes ones_;
  RowCodes missing_;
  RowCodes chosen_;
  std::vector<std::uint64_t> chosen_words_;
};

}  // namespace mixbern
