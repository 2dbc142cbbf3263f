// What a table holds, column by column, whether or not a mixture can be fitted to it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mixbern/io/io.hpp"
#include "mixbern/statistics/relate.hpp"

namespace mixbern {

/// What a column looks like. Only a guess: by its values and, for ids, weights and groups, by its name.
enum class ColumnRole { kItem, kCategorical, kConstant, kEmpty, kId, kWeight, kGroup, kCovariate };
/// "item", "categorical", "constant", "empty", "id", "weight", "group", "covariate".
std::string_view to_string(ColumnRole role);

struct ColumnSummary {
  std::string name = {};                        ///< empty where there is none
  std::size_t n_values = 0;                     ///< different ones, missing apart; at most kMostValuesCounted
  std::vector<std::string> values = {};         ///< the first ten of them that came, in natural order
  std::size_t n_missing = 0;                    ///< cells
  bool numbers = false;                         ///< all values are numbers
  bool whole = false;                           ///< all values are whole numbers
  std::vector<std::string> missing_codes = {};  ///< without them the column has two values
  bool categorical = false;  ///< the file or an option says that it is an item, of any number of answers
  ColumnRole role = ColumnRole::kItem;

  /// Whether a fit takes it as it stands.
  bool can_be_item() const { return n_values == 1 || n_values == 2 || categorical; }
};

struct TableSummary {
  std::size_t n_rows = 0;
  bool text = false;  ///< cells are texts: --categorical takes more than two
  std::vector<ColumnSummary> columns = {};
  std::vector<std::string> problems = {};  ///< what a reader would refuse besides columns, with its line
};

constexpr std::size_t kMostValuesCounted = 1'000'000;

/// Reads all of a data file and says what its columns hold; nothing in a table's cells makes it fail. Takes
/// of `options` the format, header, rows, missing codes and names; columns of all roles are listed. Throws
/// InputError for what is no data file. Cost: one pass; 8 bytes for each different value of a column.
TableSummary summarise_columns(const std::vector<std::string>& paths, const ReadOptions& options = {});

/// The options, as a shell takes them, that make a fit of a table possible: --id, --weights, --missing,
/// --categorical and --exclude or --columns, by the roles of its columns. Empty where it can be fitted as it
/// stands.
std::string suggested_options(const TableSummary& table);

/// A column as it stands in a table of text, one cell a row; empty where it is missing.
struct TextColumn {
  std::string name = {};  ///< its number from 1 where the table has no names
  std::vector<std::string> cells = {};
};

/// The columns that `names` name in the ways of ReadOptions::columns, in that order, each once. Takes of
/// `options` the format, header, rows, missing codes and names, so that rows are those of read_dataset().
/// Throws InputError for a name that is not there and for formats other than text; std::invalid_argument for
/// what can be read only once, such as standard input, since items are read from it too. Cost: one pass.
std::vector<TextColumn> read_columns(const std::vector<std::string>& paths,
                                     const std::vector<std::string>& names, const ReadOptions& options = {});

/// Numbers where all cells are, else categories in their natural order; always those with `as_categories`.
/// Words for yes and for no are the same in any case.
Variable variable_of(const TextColumn& column, bool as_categories = false);

/// The features that look like groups of rows and not like items, by number from 0. It knows names and
/// codings alone, so ids and weights are not among them.
std::vector<std::size_t> features_like_groups(const Dataset& data);

/// `text` as a word of a shell: in quotes where it needs them.
std::string shell_word(std::string_view text);

}  // namespace mixbern
