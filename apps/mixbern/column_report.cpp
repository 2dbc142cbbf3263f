#include "column_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "text.hpp"

namespace mixbern::app {

namespace {

constexpr std::size_t kMostColumns = 60;

bool takes(const ColumnSummary& column, bool thresholded) {
  return column.can_be_item() || (thresholded && column.numbers);
}

std::string words_of(ColumnRole role) {
  switch (role) {
    case ColumnRole::kWeight:
      return "row weights";
    case ColumnRole::kConstant:
      return "constant";
    case ColumnRole::kEmpty:
      return "empty";
    default:
      return std::string(to_string(role));
  }
}

std::string values_text(const ColumnSummary& column) {
  std::vector<std::string> shown;
  for (const std::string& value : column.values) shown.push_back(one_line(value));
  if (column.n_values == 2) return joined(shown, " / ");
  std::string text = joined(shown, ", ");
  if (column.n_values > shown.size()) text += ", …";
  return text;
}

std::string codes_text(const ColumnSummary& column) {
  if (column.missing_codes.empty()) return "";
  std::vector<std::string> shown;
  for (const std::string& code : column.missing_codes) shown.push_back(one_line(code));
  return fmt::format(" ({} {} like missing)", joined(shown, ", "), shown.size() == 1 ? "looks" : "look");
}

/// The share of ones of the item that a column is, from those of all items; empty where it is none.
std::string share_text(const ColumnSummary& column, const Dataset* data,
                       const std::vector<std::size_t>& all_ones) {
  if (data == nullptr || column.n_missing >= data->n_rows()) return "";
  const auto& names = data->feature_names;
  const auto at = std::ranges::find(names, column.name);
  if (column.name.empty() || at == names.end()) return "";
  const auto ones = static_cast<double>(all_ones[static_cast<std::size_t>(at - names.begin())]);
  return fmt::format("{:.1f}%", 100 * ones / static_cast<double>(data->n_rows() - column.n_missing));
}

std::string given_options(const DataOptions& options) {
  std::string text;
  const ReadOptions& read = options.read;
  if (read.format) text += fmt::format(" --format {}", to_string(*read.format));
  if (read.header) text += *read.header ? " --header yes" : " --header no";
  if (read.threshold) text += fmt::format(" --threshold {}", *read.threshold);
  if (!options.feature_names.empty()) text += " --feature-names " + shell_word(options.feature_names);
  for (const std::string& missing : read.missing) text += " --missing " + shell_word(missing);
  for (const std::string& one : read.one) text += " --one " + shell_word(one);
  return text;
}

/// "survey" of "data/survey.csv.gz".
std::string stem_of(const std::string& path) {
  std::filesystem::path name = std::filesystem::path(path).filename();
  while (name.has_extension() && name != name.stem()) name = name.stem();
  return path == "-" ? "data" : name.string();
}

}  // namespace

Json columns_json(const TableSummary& table, bool thresholded) {
  Json list = Json::array();
  for (const ColumnSummary& column : table.columns) {
    list.push_back({{"name", column.name},
                    {"n_values", column.n_values},
                    {"values", column.values},
                    {"n_missing", column.n_missing},
                    {"is_item", takes(column, thresholded)},
                    {"looks_like", to_string(column.role)},
                    {"missing_codes", column.missing_codes}});
  }
  return list;
}

std::string columns_text(const TableSummary& table, const Dataset* data, std::size_t width) {
  std::string out = "column                values   missing    ones  looks like   values\n";
  const std::size_t left = width > 80 ? width - 62 : 18;
  const auto ones = data == nullptr ? std::vector<std::size_t>() : count_ones_by_feature(data->ones);
  for (std::size_t d = 0; d < std::min(table.columns.size(), kMostColumns); ++d) {
    const ColumnSummary& column = table.columns[d];
    const std::string name = column.name.empty() ? fmt::format("{}", d + 1) : one_line(column.name);
    out += fmt::format("{}{:>10}{:>10}{:>8}  {}{}{}\n", fitted(name, 18), grouped(column.n_values),
                       grouped(column.n_missing), share_text(column, data, ones),
                       fitted(words_of(column.role), 13), shortened(values_text(column), left),
                       codes_text(column));
  }
  if (table.columns.size() > kMostColumns) {
    out += fmt::format("… and {} (--json lists all)\n",
                       counted(table.columns.size() - kMostColumns, "more column"));
  }
  return out;
}

std::string fit_call(const TableSummary& table, const DataOptions& options) {
  const bool thresholded = options.threshold_given();
  const bool any_item = std::ranges::any_of(table.columns, [&](const ColumnSummary& column) {
    return thresholded ? column.numbers
                       : column.role == ColumnRole::kItem || column.role == ColumnRole::kCategorical;
  });
  if (!any_item) return "";
  const std::string suggested = thresholded ? "" : suggested_options(table);
  const std::string model = shell_word(stem_of(options.paths.front()) + ".model");
  std::vector<std::string> files;
  for (const std::string& path : options.paths) files.push_back(shell_word(path));
  return fmt::format("mixbern fit {} -k 2{}{}{} --model {}", joined(files, " "), given_options(options),
                     suggested.empty() ? "" : " ", suggested, model);
}

}  // namespace mixbern::app
