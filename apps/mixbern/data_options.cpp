// Options that say where data is and how to read it.
#include <fmt/format.h>

#include "common_options.hpp"
#include "text.hpp"

namespace mixbern::app {

namespace {

std::optional<bool> parse_header(const std::string& text) {
  if (text == "yes") return true;
  if (text == "no") return false;
  if (text == "auto") return std::nullopt;
  refuse_choice("--header", text, "yes|no|auto");
}

void add_column_options(CLI::App& command, DataOptions& options) {
  const std::string group = "Data";
  add_value(
      command, "--header", [&options](const std::string& text) { options.read.header = parse_header(text); },
      "yes|no|auto", "Whether the first line of a text table holds names [auto: found by looking at it]",
      group);
  add_value(
      command, "--columns",
      [&options](const std::string& text) { options.read.columns = parse_names("--columns", text); },
      "A,B:D,Q*",
      "Use only these columns, in this order: names, numbers from 1, ranges (q1:q9, 2-15), patterns ('q*')",
      group);
  add_value(
      command, "--exclude",
      [&options](const std::string& text) { options.read.exclude = parse_names("--exclude", text); },
      "A,B:D,Q*", "Use all columns but these, named as for --columns", group);
  add_value(
      command, "--id", [&options](const std::string& text) { options.read.id_column = text; }, "COLUMN",
      "What rows are called stands in this column, which is no item; results show it", group);
  add_value(
      command, "--feature-names", [&options](const std::string& text) { options.feature_names = text; },
      "FILE", "Names for features that have none, one a line", group);
  add_value(
      command, "--index-base",
      [&options](const std::string& text) {
        options.read.index_base = static_cast<unsigned>(parse_count("--index-base", text, 0, 1));
      },
      "0|1", "Whether columns of LIBSVM count from 0 or 1 [from 0 where there is one]", group);
}

/// An option that may come several times, each time with several values.
void add_values(CLI::App& command, const std::string& name, std::vector<std::string>& values,
                const std::string& type, const std::string& description) {
  const auto take = [&values](const std::vector<std::string>& texts) { values = texts; };
  command.add_option_function<std::vector<std::string>>(name, take, description)
      ->type_name(type)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->group("Data");
}

void add_missing_option(CLI::App& command, DataOptions& options, bool for_model) {
  add_values(
      command, "--missing", options.read.missing, "VALUE|ITEM=VALUE",
      fmt::format(
          "Values that stand for a missing answer: VALUE in all items, ITEM=VALUE in one; several with "
          "commas or by giving the option again [empty cells, NA and the like{}]",
          for_model ? "; those of MODEL" : ""));
}

void add_one_option(CLI::App& command, DataOptions& options) {
  add_values(command, "--one", options.read.one, "VALUE|ITEM=VALUE",
             "Which answer of the items is 1, the one that probabilities are of: VALUE for all items, "
             "ITEM=VALUE for one of them; several with commas or by giving the option again [the second in "
             "natural order]");
}

}  // namespace

std::string DataOptions::name() const {
  if (paths.size() <= 1) return paths.empty() ? "" : paths.front();
  return fmt::format("{} and {} more", paths.front(), grouped(paths.size() - 1));
}

CLI::Option* add_data_argument(CLI::App& command, DataOptions& options) {
  return add_arguments(
      command, "DATA", [&options](const std::vector<std::string>& texts) { options.paths = texts; },
      kDataWords);
}

void add_data_options(CLI::App& command, DataOptions& options, DataUse use) {
  const std::string group = "Data";
  const bool for_model = use != DataUse::kNewData;
  add_value(
      command, "--format",
      [&options](const std::string& text) { options.read.format = parse_format("--format", text); },
      kDataFormatNames, "Format of DATA [by its first bytes, then its name]", group);
  add_value(
      command, "--threshold",
      [&options](const std::string& text) { options.read.threshold = parse_real("--threshold", text); }, "T",
      fmt::format("For grey or count data: a cell is 1 where its value > T{}",
                  for_model ? " [as in MODEL]" : ""),
      group);
  add_value(
      command, "--rows",
      [&options](const std::string& text) {
        const RowRange range = parse_rows("--rows", text);
        options.read.first_row = range.first;
        options.read.end_row = range.end;
      },
      "A:B", "Use the rows A … B-1, counted from 0 as in Python; A: and :B leave one end open [all rows]",
      group);
  add_column_options(command, options);
  add_missing_option(command, options, for_model);
  if (!for_model) add_one_option(command, options);
  if (!for_model) {
    add_value(
        command, "--categorical",
        [&options](const std::string& text) {
          options.read.categorical = parse_names("--categorical", text);
        },
        "A,B|all", "Columns that are items of any number of answers, named as for --columns, or all", group);
  }
  if (use == DataUse::kForFilling) return;
  add_value(
      command, "--weights", [&options](const std::string& text) { options.weights = text; }, "COLUMN|FILE",
      "Row weights: a column of DATA, or a file with one number a row [all 1]", group);
  if (for_model) return;
  add_value(
      command, "--labels", [&options](const std::string& text) { options.labels = text; }, "COLUMN|FILE",
      "Known classes, 0 … K-1 or texts: a column of DATA, or a file with one a row; empty, NA and -1 are "
      "unknown",
      group);
  add_value(
      command, "--shape",
      [&options](const std::string& text) { options.shape = parse_shape("--shape", text); }, "HxW",
      "The features are the pixels of images, row by row, for example 28x28 [as in DATA]", group);
}

}  // namespace mixbern::app
