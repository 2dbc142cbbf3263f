// Columns by what users call them: names, numbers, ranges, patterns.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mixbern/io/error.hpp"

namespace mixbern::io {

/// Finds columns of one table. A name goes before a number from 1, which goes before a range ("A:C", "2-15")
/// and a pattern ("q*", "q?"); names in ranges are names or numbers. Throws InputError, with near names, for
/// what is not there. It keeps references: names and file have to outlive it.
class ColumnFinder {
 public:
  /// `names` is empty where columns have none.
  ColumnFinder(const std::vector<std::string>& names, std::size_t n_columns, const std::string& file)
      : names_(names), n_columns_(n_columns), file_(file) {}

  /// The one column that is called so.
  std::size_t find(const std::string& wanted) const;

  /// All columns that `wanted` means, in its order.
  struct Selection {
    std::vector<std::size_t> columns;
    bool one_by_name = false;  ///< a name or number of one column, no range and no pattern
  };
  Selection select(const std::string& wanted) const;
  /// select(), or all columns for "all" where no column is called so.
  Selection select_or_all(const std::string& wanted) const;

 private:
  bool is_column(const std::string& wanted) const;
  std::vector<std::size_t> in_range(std::string_view wanted) const;
  std::vector<std::size_t> like(std::string_view pattern) const;
  std::string remedy(const std::string& wanted) const;
  InputError error(std::string reason, std::string remedy) const;

  const std::vector<std::string>& names_;
  std::size_t n_columns_;
  const std::string& file_;
};

/// The names that `wanted`, a name or a range of names, is made of.
std::vector<std::string> names_within(const std::string& wanted);

/// `columns`, ascending, as --columns and --exclude take them: names where a name says which column it is,
/// else numbers; three and more in a row as a range.
std::string column_list(const std::vector<std::string>& names, const std::vector<std::size_t>& columns);

}  // namespace mixbern::io
