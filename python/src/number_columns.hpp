// Columns of numbers for a table whose cells are texts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "mixbern/io/table.hpp"
#include "packing.hpp"

namespace mixbern::python {

/// How cells are to be read; the parts are those that TableBuilder takes.
struct Reading {
  std::vector<Coding> codings;
  std::vector<CategoricalItem> items;
  std::optional<double> threshold;  ///< numbers are 1 where they are greater
  std::vector<std::string> missing_codes;
  std::vector<std::string> categorical;
};

/// A table that is being built, and how its cells are to be read.
struct Table {
  TableBuilder builder;
  std::vector<std::string> names;
  std::vector<Coding> codings;      ///< stored ones of the columns, or none
  std::optional<double> threshold;  ///< numbers are 1 where they are greater

  /// For a builder of such columns.
  static Table make(std::size_t n_rows, std::size_t n_columns, std::vector<std::string> names, Reading how);
  Dataset finish(const std::function<void(const std::string&)>& warn);
};

/// Adds cells of numbers; NaN is missing, and so is where `missing` is not 0 (empty: nowhere). Booleans are
/// the words false and true, unless the column's stored coding is one of numbers. REQUIRES: one column.
void add_numbers(Table& table, std::size_t column, std::size_t first_row, const ArrayView& cells,
                 std::span<const std::uint8_t> missing);

/// "column 2 ('age')", from position 1.
std::string column_text(const Table& table, std::size_t column);

}  // namespace mixbern::python
