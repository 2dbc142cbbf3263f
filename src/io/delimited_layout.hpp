// How a delimited text is laid out: delimiter, header, and what each column is for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "io/input.hpp"
#include "mixbern/io/io.hpp"

namespace mixbern::io {

/// Of text, read or written: wider tables are a matter for other formats.
inline constexpr std::size_t kMaxColumns = 1'000'000;

struct DelimitedLayout {
  char delimiter = ',';
  bool header = false;
  bool decimal_comma = false;  ///< numbers are written like 0,38
  std::vector<std::string> first_record;
};

/// Looks ahead in `input` without consuming it. `options.header` settles the header, and so does an option
/// that names a column of the first record.
DelimitedLayout find_layout(Input& input, const ReadOptions& options);

/// One for each column of the file.
enum class Role : std::uint8_t { kFeature, kWeight, kLabel, kId, kUnused };

struct ColumnPlan {
  static constexpr std::size_t kNoFeature = SIZE_MAX;

  std::vector<Role> roles;
  std::vector<std::size_t> feature_of_column;  ///< kNoFeature where the role is another
  std::vector<std::size_t> column_of_feature;
  std::vector<std::string> column_names;   ///< of all columns, empty without a header
  std::vector<std::string> feature_names;  ///< the same for the features
  std::vector<std::size_t> categorical;    ///< the features of any number of answers
  std::string id_name;                     ///< of the column of ids, empty where it has none
  bool has_weights = false;
  bool has_labels = false;
};

/// Resolves the column options against the header. Throws InputError for a name that does not exist.
ColumnPlan plan_columns(const DelimitedLayout& layout, const ReadOptions& options, const std::string& file);

/// Whether one of the column options is, as a text, a cell of the first record that tells it to be a header.
bool options_name_a_cell(const std::vector<std::string>& first_record, const ReadOptions& options);

}  // namespace mixbern::io
