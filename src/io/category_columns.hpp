// Columns of a table that are items of any number of answers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "io/bit_rows.hpp"
#include "io/missing_codes.hpp"
#include "mixbern/dataset/dataset.hpp"

namespace mixbern::io {

/// The answers of chosen columns while they stream by, and what becomes of the table's features at the end: a
/// column of two answers is one feature, one of more is a feature an answer, in their natural order or the
/// one that was given. With the items of a model, their answers are the only ones. Memory: 2 bytes a cell.
class CategoryColumns {
 public:
  /// More answers are an id or a number, no item.
  static constexpr std::size_t kMostAnswers = 1000;
  static constexpr std::uint16_t kNoAnswer = UINT16_MAX;

  /// What a cell is: kZero stands for any answer, whose number is `answer`.
  struct Answer {
    Cell cell;
    std::uint16_t answer = kNoAnswer;
  };

  CategoryColumns() = default;
  /// Columns that are any of `chosen`, ascending.
  CategoryColumns(const std::vector<std::size_t>& chosen, MissingCodes codes);
  /// Of a model: `items` of n_features features.
  CategoryColumns(const std::vector<CategoricalItem>& items, std::size_t n_features, MissingCodes codes);

  bool empty() const { return columns_.empty(); }
  /// Answers of a column in the order that they shall have, if they are an item's: those that come go before
  /// others. REQUIRES: no cell of the column was coded.
  void order(std::size_t column, const std::vector<std::string>& values);
  bool holds(std::size_t column) const { return columns_.contains(column); }
  /// kRefused: beyond kMostAnswers, or none of the model's.
  Answer code(std::size_t column, std::string_view cell);
  void put(std::size_t column, std::size_t row, std::uint16_t answer);
  /// The answers of a column so far.
  const std::vector<std::string>& values(std::size_t column) const { return columns_.at(column).values; }

  /// Gives `data`, which has a feature for each column and nothing but missing cells in these, their
  /// features, names and codings.
  void expand(Dataset& data);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  struct Column {
    std::vector<std::string> values;
    std::unordered_map<std::string, std::uint16_t, Hash, std::equal_to<>> numbers;  // of values and spellings
    std::vector<std::uint16_t> answers;                                             // of each row
    std::unordered_map<std::string, std::size_t> places = {};  // in the order that was given
  };

  void sort_answers(Column& column) const;
  bool is_item(const Column& column) const { return stored_ || column.values.size() > 2; }
  BitMatrix expanded(const BitMatrix& bits, const std::vector<std::size_t>& first, bool answers) const;

  std::map<std::size_t, Column> columns_;
  MissingCodes codes_;
  bool stored_ = false;
};

/// As column_names().
std::vector<std::string> names_of_columns(const std::vector<std::string>& feature_names,
                                          const std::vector<CategoricalItem>& categorical);
/// One coding a column, empty for categorical items.
std::vector<Coding> column_codings(const std::vector<Coding>& codings,
                                   const std::vector<CategoricalItem>& categorical);

}  // namespace mixbern::io
