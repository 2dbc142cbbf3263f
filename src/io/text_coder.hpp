// Cells of text to bits, while they stream by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "io/bit_rows.hpp"
#include "io/coding_rules.hpp"
#include "io/missing_codes.hpp"

namespace mixbern::io {

/// The first value of a column becomes 0, the second 1, until plan() says which columns are the other way
/// round; or, with stored codings, what those say. A third value is refused.
///
/// A column costs 26 bytes: its two values are numbers into one list of distinct values, beside them stand
/// the last spellings of both when these are short, which makes the common cell one comparison.
class TextCoder {
 public:
  /// `stored` is empty or has one entry a column.
  TextCoder(std::size_t n_columns, std::span<const Coding> stored, MissingCodes codes = {});

  Cell code(std::size_t column, std::string_view cell) {
    const std::uint64_t key = short_key(cell);
    const Keys& known = keys_[column];
    const bool one = key == known.one;
    const bool zero = key == known.zero;
    // One branch that is nearly always taken: which of the two values it is cannot be predicted.
    if (one | zero) return static_cast<Cell>(one);
    return cell.empty() ? Cell::kMissing : code_slowly(column, cell, key);
  }

  /// Codes a whole row whose cells are all one character long, with delimiters between them. False, with
  /// anything in `ones`, when it is no such row or when code() must look at one of its cells.
  bool code_short_row(std::string_view row, char delimiter, std::span<std::uint64_t> ones) const;

  /// The values of a column so far, those that exist.
  std::vector<std::string> values(std::size_t column) const;
  bool has_stored_codings() const { return stored_; }

  /// Codings in natural order, or the stored ones, completed by what the data added.
  CodingPlan plan() const;

 private:
  static constexpr std::uint64_t kNoKey = ~std::uint64_t{0};

  struct Keys {
    std::uint64_t zero = kNoKey;
    std::uint64_t one = kNoKey;
  };
  struct Values {
    std::uint32_t zero;
    std::uint32_t one;
  };

  // Up to seven bytes and their number in one word; none for longer and for empty cells.
  static std::uint64_t short_key(std::string_view cell) {
    if (cell.size() == 1) return std::uint64_t{1} << 8 | static_cast<unsigned char>(cell[0]);
    if (cell.empty() || cell.size() > 7) return kNoKey - 1;
    std::uint64_t key = cell.size();
    for (const char c : cell) key = key << 8 | static_cast<unsigned char>(c);
    return key;
  }

  Cell code_slowly(std::size_t column, std::string_view cell, std::uint64_t key);
  bool adopt(std::size_t column, std::uint32_t value);
  bool same(std::uint32_t value, std::uint32_t known) const;
  std::uint32_t value_of(std::string_view cell);
  std::uint32_t intern(std::string text);
  Coding coding(std::size_t column) const;

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  bool stored_ = false;
  MissingCodes codes_;
  std::vector<Keys> keys_;
  // The last spellings again, where they are one character long; a NUL, which no text holds, where they are
  // not.
  std::vector<char> zero_characters_;
  std::vector<char> one_characters_;
  std::vector<Values> values_;
  std::vector<std::string> texts_;     // distinct values, canonical
  std::vector<std::uint32_t> groups_;  // for each of them the first that means the same: yes for YES
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> spellings_;
};

/// Numbers to bits by a threshold: 1 where value > threshold.
class ThresholdCoder {
 public:
  explicit ThresholdCoder(double threshold, MissingCodes codes = {})
      : threshold_(threshold), codes_(std::move(codes)) {}
  Cell code(std::size_t column, std::string_view cell) const;

 private:
  double threshold_;
  MissingCodes codes_;
};

}  // namespace mixbern::io
