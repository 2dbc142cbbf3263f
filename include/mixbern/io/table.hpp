// Tables in memory, column by column, with the codings of files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "mixbern/dataset/dataset.hpp"

namespace mixbern {

/// Makes a data set of columns whose cells are texts, by the rules for files in docs/formats.md: two values a
/// column, 0 and 1 in their natural order, or what given codings say.
///
/// A stretch of a column arrives as the list of its distinct values and, for each row, a position in that
/// list. Stretches may come in any order; cells that never come are 0.
class TableBuilder {
 public:
  static constexpr std::int32_t kMissing = -1;

  /// `names` is empty or has one entry a column; `missing_codes` are as in ReadOptions. `codings` are empty,
  /// or those of a model's features, of which `items` are the categorical ones; then a column is an item.
  /// Without codings the columns that `categorical` names, or "all", are items of any number of answers.
  TableBuilder(std::size_t n_rows, std::size_t n_columns, std::vector<std::string> names,
               std::vector<Coding> codings = {}, std::vector<std::string> missing_codes = {},
               std::vector<CategoricalItem> items = {}, const std::vector<std::string>& categorical = {});
  ~TableBuilder();
  TableBuilder(TableBuilder&&) noexcept;
  TableBuilder& operator=(TableBuilder&&) noexcept;

  /// Cell (first_row + i, column) is values[positions[i]], or missing. Words for missing values count as
  /// such. Throws InputError, naming column and value, where a value is a third one or fits no given coding.
  /// REQUIRES: the cells are in the table, and positions below values.size(). Cost: O(positions).
  void add(std::size_t column, std::size_t first_row, std::span<const std::int32_t> positions,
           std::span<const std::string> values);

  /// The answers of a categorical column in the order that they shall have; a column of two keeps their
  /// natural one. Others come behind, and those that no cell has are left out. REQUIRES: no cell of it was
  /// added.
  void order(std::size_t column, const std::vector<std::string>& values);

  /// Whether `value` stands for a missing cell of the column by the codes that were given.
  bool is_missing_code(std::size_t column, const std::string& value) const;

  /// Answers that an item in this column may have.
  std::size_t most_answers(std::size_t column) const;

  /// The data set; nothing can be added after it. `warn` hears of columns with one value or none.
  Dataset finish(const std::function<void(const std::string&)>& warn = {});

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace mixbern
