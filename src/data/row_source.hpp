// Rows that are read block by block.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "data/row_block.hpp"
#include "mixbern/dataset/dataset.hpp"

namespace mixbern {

/// How exactly iterations are done.
enum class Arithmetic {
  kDouble,  ///< log joints in doubles, responsibilities to 50 bits
  kFixed,   ///< log joints in 32 bits, responsibilities to 24: for data that is large
};

/// Columns in doubles, whose sums then run as when a model is scored, so that both print the same digits;
/// else what is cheaper to go through.
Encodings encodings_for(const Dataset& data, Arithmetic how);

/// All rows of a data set, wherever they are. What a block refers to stays until it is loaded anew.
class RowSource {
 public:
  virtual ~RowSource() = default;
  virtual std::size_t n_rows() const = 0;
  virtual std::size_t n_features() const = 0;
  virtual bool has_missing() const = 0;
  virtual bool is_weighted() const = 0;
  virtual bool is_packed() const = 0;
  virtual Items items() const = 0;
  /// How blocks are spelt.
  virtual Encodings encodings() const = 0;
  /// Rows begin … end − 1. Several threads may call at once, for blocks of their own.
  virtual void load(std::size_t begin, std::size_t end, RowBlock& into) const = 0;
};

/// Those of a data set, which may not change meanwhile. Rows outside memory are read into the block. A block
/// that has the wanted rows already is left as it is.
class RowsOfDataset : public RowSource {
 public:
  /// Spelt as suits the arithmetic. Where codes are few all are kept, which takes a pass over the rows.
  /// `data` is not owned. With `semi_supervised`, known labels are fixed.
  RowsOfDataset(const Dataset& data, Arithmetic how, bool semi_supervised = false);
  /// Spelt so, block by block.
  explicit RowsOfDataset(const Dataset& data, const Encodings& encodings = {}, bool semi_supervised = false)
      : data_(data), semi_supervised_(semi_supervised), encodings_(encodings) {}
  RowsOfDataset(const RowsOfDataset&) = delete;
  RowsOfDataset& operator=(const RowsOfDataset&) = delete;

  std::size_t n_rows() const override { return data_.n_rows(); }
  std::size_t n_features() const override { return data_.n_features(); }
  bool has_missing() const override { return data_.missing.has_value(); }
  bool is_weighted() const override { return !data_.weights.empty(); }
  bool is_packed() const override { return mixbern::is_packed(data_.ones); }
  Items items() const override { return data_.items(); }
  Encodings encodings() const override { return encodings_; }
  void load(std::size_t begin, std::size_t end, RowBlock& into) const override {
    if (into.has(number_, begin, end)) return;
    into.load(data_, begin, end, semi_supervised_, encodings_, kept_);
    into.set_source(number_);
  }

 private:
  static std::uint64_t next_number();

  std::uint64_t number_ = next_number();
  const Dataset& data_;
  bool semi_supervised_;
  Encodings encodings_;
  KeptCodes kept_;
};

/// Calls visit(block) with all rows, in their order.
template <class Visit>
void for_each_block(const RowSource& source, std::size_t block_rows, const Visit& visit) {
  RowBlock block;
  for (std::size_t begin = 0; begin < source.n_rows(); begin += block_rows) {
    source.load(begin, std::min(begin + block_rows, source.n_rows()), block);
    visit(block);
  }
}

/// Folds all rows, in their order, into a value that has add(block), merge(other) and finish(): a part of the
/// rows gives a part of the fold, and parts are merged, then finished. Returns it finished.
template <class Fold>
Fold fold_rows(const RowSource& source, std::size_t block_rows, Fold fold) {
  for_each_block(source, block_rows, [&fold](RowBlock& block) { fold.add(block); });
  fold.finish();
  return fold;
}

}  // namespace mixbern
