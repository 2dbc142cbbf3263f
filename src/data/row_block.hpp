// Some rows of a data set, with all that belongs to them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "data/row_codes.hpp"
#include "data/rows_view.hpp"
#include "mixbern/dataset/dataset.hpp"

namespace mixbern {

/// How the ones and the missing cells of a data set are spelt.
struct Encodings {
  Encoding ones = Encoding::kColumns;
  Encoding missing = Encoding::kColumns;
  bool operator==(const Encodings&) const = default;
};
Encodings choose_encodings(const Dataset& data);

/// All packed rows as codes, where those are few enough to be kept instead of decoded in each pass.
struct KeptCodes {
  KeptCodes() = default;
  KeptCodes(const Dataset& data, const Encodings& encodings);

  std::optional<CodedRows> ones, missing;
};

/// Rows begin … end − 1 of a data set, numbered from 0. Reloading uses the same memory again. Order of calls:
/// (load (spell | spell(rows) | read)*)*.
class RowBlock {
 public:
  /// `data` and `kept`, which are of the same data, are not owned and must stay while the block is used. With
  /// `semi_supervised`, known labels are fixed, and sets of classes. Codes that are kept are there at once.
  void load(const Dataset& data, std::size_t begin, std::size_t end, bool semi_supervised,
            const Encodings& encodings = {}, const KeptCodes& kept = {});
  /// Whose rows were loaded, by a number that no other source has.
  void set_source(std::uint64_t source) { source_ = source; }
  bool has(std::uint64_t source, std::size_t begin, std::size_t end) const {
    return source == source_ && begin == begin_ && end - begin == size_;
  }

  /// The number that row 0 has in the data set.
  std::size_t begin() const { return begin_; }
  std::size_t size() const { return size_; }
  const RowsView& ones() const { return ones_; }
  bool has_missing() const { return has_missing_; }
  /// REQUIRES: has_missing().
  const RowsView& missing() const { return missing_; }
  bool is_weighted() const { return !weights_.empty(); }
  /// [size()], empty where all are 1.
  std::span<const double> weights() const { return weights_; }
  double weight(std::size_t i) const { return weights_.empty() ? 1.0 : weights_[i]; }
  bool holds_labels() const { return !labels_.empty(); }
  /// The components that row i may belong to, ascending; nothing where that is any.
  std::span<const std::int64_t> allowed(std::size_t i) const {
    return labels_.empty() ? std::span<const std::int64_t>() : class_sets_->allowed(labels_[i]);
  }
  /// No cell is observed.
  bool is_silent(std::size_t i) const {
    return has_missing_ && missing_.count_ones(i) == missing_.n_features();
  }

  /// Spells all rows, unless they are.
  void spell();
  /// REQUIRES: spelt; for the second, has_missing().
  const RowCodes& codes() const { return ones_codes_; }
  const RowCodes& missing_codes() const { return missing_codes_; }
  /// The j-th of some rows is row rows[j] of `codes`, or, if `rows` is null, row j.
  struct Chosen {
    const RowCodes& codes;
    const std::uint32_t* rows;
  };
  /// The ones of rows[0], rows[1], …, alone if the others are not spelt yet. Valid until the next call.
  Chosen spell(std::span<const std::uint32_t> rows);

 private:
  std::uint64_t source_ = 0;  // 0: nobody's
  std::size_t begin_ = 0;
  std::size_t size_ = 0;
  RowBuffer ones_buffer_, missing_buffer_;  // of rows outside memory
  RowsView ones_, missing_;
  bool has_missing_ = false;
  std::span<const double> weights_;
  std::span<const std::int64_t> labels_;  // that are held
  const ClassSets* class_sets_ = nullptr;
  Encodings encodings_;
  bool has_ones_codes_ = false, has_missing_codes_ = false, is_spelt_ = false;
  RowCodes ones_codes_, missing_codes_, chosen_codes_;
  std::vector<std::uint64_t> chosen_words_;
};

}  // namespace mixbern
