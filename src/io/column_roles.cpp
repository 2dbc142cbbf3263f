#include "io/column_roles.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "io/column_finder.hpp"
#include "io/missing_codes.hpp"
#include "io/values.hpp"

namespace mixbern {
namespace io {
namespace {

// Fewer rows than that tell nothing by being all different.
constexpr std::size_t kFewestIds = 20;
constexpr std::size_t kMostGroups = 20;
// An item of a questionnaire has no more answers, and numbers for them are no larger.
constexpr std::size_t kMostAnswers = 12;
constexpr double kLargestAnswer = 20;

constexpr auto kIdNames = std::to_array<std::string_view>(
    {"id",      "ids",         "pid",        "sid",    "uid",     "uuid",      "guid",
     "caseid",  "case",        "respondent", "respid", "subject", "subjid",    "person",
     "patient", "participant", "record",     "index",  "key",     "unnamed: 0"});
constexpr auto kWeightNames =
    std::to_array<std::string_view>({"w", "wt", "wts", "wgt", "weight", "weights", "pweight", "fweight",
                                     "freq", "frequency", "count", "n", "gewicht", "poids", "peso"});
constexpr auto kGroupNames = std::to_array<std::string_view>(
    {"sex",       "gender",  "male",   "female",  "group",  "grp",    "arm",       "treat",   "treated",
     "treatment", "control", "cohort", "country", "region", "state",  "site",      "center",  "centre",
     "clinic",    "school",  "wave",   "year",    "age",    "race",   "ethnicity", "stratum", "strata",
     "cluster",   "psu",     "class",  "label",   "target", "outcome"});

template <std::size_t kN>
bool is_among(const std::array<std::string_view, kN>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool called_id(const std::string& name) {
  return is_among(kIdNames, name) || name.ends_with("_id") || name.ends_with(".id") ||
         name.ends_with(" id") || name.starts_with("id_");
}

bool called_weight(const std::string& name) {
  return is_among(kWeightNames, name) || name.starts_with("weight") || name.ends_with("weight") ||
         name.ends_with("_wt") || name.ends_with("_wgt");
}

bool looks_like_id(const ColumnSummary& column, const std::string& name, std::size_t n_rows) {
  const std::size_t n_there = n_rows - column.n_missing;
  if (called_id(name)) return column.n_values > 2 && 2 * column.n_values > n_there;
  return column.n_values == n_there && n_there > kFewestIds && (column.whole || !column.numbers);
}

bool looks_like_answers(const ColumnSummary& column) {
  if (column.n_values > kMostAnswers) return false;
  return !column.numbers || (column.whole && std::ranges::all_of(column.values, [](const std::string& value) {
                               return std::abs(parse_number(value).value_or(0)) <= kLargestAnswer;
                             }));
}

ColumnRole role_of(const ColumnSummary& column, const TableSummary& table) {
  const std::string name = in_lower_case(column.name);
  if (column.n_values == 0) return ColumnRole::kEmpty;
  if (column.n_values == 1) return ColumnRole::kConstant;
  if (column.numbers && called_weight(name) && column.n_values > 2) return ColumnRole::kWeight;
  if (column.categorical && column.n_values > 2) return ColumnRole::kCategorical;
  if (looks_like_id(column, name, table.n_rows)) return ColumnRole::kId;
  if (is_among(kGroupNames, name))
    return column.n_values <= kMostGroups ? ColumnRole::kGroup : ColumnRole::kCovariate;
  if (column.n_values == 2 || !column.missing_codes.empty()) return ColumnRole::kItem;
  if (table.text && looks_like_answers(column)) return ColumnRole::kCategorical;
  return column.n_values <= kMostGroups || !column.numbers ? ColumnRole::kGroup : ColumnRole::kCovariate;
}

std::vector<std::string> answers_in(const ColumnSummary& column) {
  std::vector<std::string> answers;
  for (const std::string& value : column.values) {
    if (std::ranges::find(column.missing_codes, value) == column.missing_codes.end())
      answers.push_back(in_lower_case(value));
  }
  return answers;
}

// Two words that no other column has, where the others share theirs, tell a group: m and f.
void find_groups_by_words(TableSummary& table) {
  std::map<std::vector<std::string>, std::size_t> n_columns;
  for (const ColumnSummary& column : table.columns) {
    if (column.role == ColumnRole::kItem) ++n_columns[answers_in(column)];
  }
  const bool shared = std::ranges::any_of(n_columns, [](const auto& pair) { return pair.second >= 3; });
  for (ColumnSummary& column : table.columns) {
    if (!shared || column.role != ColumnRole::kItem) continue;
    const std::vector<std::string> answers = answers_in(column);
    const bool words = std::ranges::none_of(
        answers, [](const std::string& answer) { return parse_number(answer) || is_yes_or_no(answer); });
    if (words && n_columns[answers] == 1) column.role = ColumnRole::kGroup;
  }
}

// One column of several numbers is a grade or a count; a scale of answers stands in several columns.
void find_lone_numbers(TableSummary& table) {
  const auto guessed = [](const ColumnSummary& column) {
    return column.role == ColumnRole::kCategorical && column.numbers && !column.categorical;
  };
  if (std::ranges::count_if(table.columns, guessed) != 1) return;
  std::ranges::find_if(table.columns, guessed)->role = ColumnRole::kGroup;
}

// One id and one weight: of several the first is taken, the others describe rows.
void keep_first(TableSummary& table, ColumnRole role) {
  bool found = false;
  for (ColumnSummary& column : table.columns) {
    if (column.role != role) continue;
    if (std::exchange(found, true)) column.role = ColumnRole::kCovariate;
  }
}

void guess_roles(TableSummary& table) {
  for (ColumnSummary& column : table.columns) {
    if (column.n_values == column.values.size()) column.missing_codes = likely_missing_codes(column.values);
    column.role = role_of(column, table);
  }
  find_groups_by_words(table);
  find_lone_numbers(table);
}

std::vector<std::string> names_of(const TableSummary& table) {
  std::vector<std::string> names;
  for (const ColumnSummary& column : table.columns) names.push_back(column.name);
  return names;
}

// A column that is given leaves no other in its role.
void give_role(const ColumnFinder& finder, const std::string& name, ColumnRole role, TableSummary& table) {
  if (name.empty()) return;
  for (ColumnSummary& column : table.columns) {
    if (column.role == role) column.role = ColumnRole::kCovariate;
  }
  table.columns[finder.find(name)].role = role;
}

void leave_out(const ColumnFinder& finder, const ReadOptions& options, TableSummary& table) {
  std::vector<bool> chosen(table.columns.size(), options.columns.empty());
  for (const std::string& name : options.columns) {
    for (const std::size_t column : finder.select(name).columns) chosen[column] = true;
  }
  for (const std::string& name : options.exclude) {
    for (const std::size_t column : finder.select(name).columns) chosen[column] = false;
  }
  for (std::size_t column = 0; column < chosen.size(); ++column) {
    ColumnRole& role = table.columns[column].role;
    const bool two_values =
        table.columns[column].n_values == 2 || !table.columns[column].missing_codes.empty();
    if (!chosen[column]) role = ColumnRole::kCovariate;
    if (chosen[column] && !options.columns.empty() && two_values) role = ColumnRole::kItem;
  }
}

}  // namespace

void settle_roles(const std::string& file, const ReadOptions& options, TableSummary& table) {
  const std::vector<std::string> names = names_of(table);
  const ColumnFinder finder(names, names.size(), file);
  for (const std::string& name : options.categorical) {
    for (const std::size_t d : finder.select_or_all(name).columns) table.columns[d].categorical = true;
  }
  guess_roles(table);
  if (!options.columns.empty() || !options.exclude.empty()) leave_out(finder, options, table);
  give_role(finder, options.id_column, ColumnRole::kId, table);
  give_role(finder, options.weight_column, ColumnRole::kWeight, table);
  if (!options.label_column.empty())
    table.columns[finder.find(options.label_column)].role = ColumnRole::kGroup;
  keep_first(table, ColumnRole::kId);
  keep_first(table, ColumnRole::kWeight);
}

namespace {

std::vector<std::size_t> with_role(const TableSummary& table, ColumnRole role) {
  std::vector<std::size_t> columns;
  for (std::size_t d = 0; d < table.columns.size(); ++d) {
    if (table.columns[d].role == role) columns.push_back(d);
  }
  return columns;
}

std::string missing_of(const TableSummary& table, const std::vector<std::string>& names) {
  std::vector<std::vector<std::string>> codes, values;
  for (const ColumnSummary& column : table.columns) {
    const bool item = column.role == ColumnRole::kItem;
    codes.push_back(item ? column.missing_codes : std::vector<std::string>());
    values.push_back(item ? column.values : std::vector<std::string>());
  }
  return missing_option(names, codes, values);
}

// Whichever of --exclude and --columns is shorter.
std::string choice_of(const TableSummary& table, const std::vector<std::string>& names) {
  std::vector<std::size_t> left_out;
  std::vector<std::size_t> items;
  for (std::size_t d = 0; d < table.columns.size(); ++d) {
    const ColumnRole role = table.columns[d].role;
    if (role == ColumnRole::kItem || role == ColumnRole::kCategorical) {
      items.push_back(d);
    } else if (role != ColumnRole::kId && role != ColumnRole::kWeight) {
      left_out.push_back(d);
    }
  }
  if (left_out.empty() || items.empty()) return {};
  const std::string exclude = column_list(names, left_out), columns = column_list(names, items);
  return columns.size() < exclude.size() ? "--columns " + shell_word(columns)
                                         : "--exclude " + shell_word(exclude);
}

}  // namespace
}  // namespace io

std::string_view to_string(ColumnRole role) {
  constexpr std::array<std::string_view, 8> kNames = {"item", "categorical", "constant", "empty",
                                                      "id",   "weight",      "group",    "covariate"};
  return kNames.at(static_cast<std::size_t>(role));
}

std::vector<std::size_t> features_like_groups(const Dataset& data) {
  if (data.codings.empty() || data.feature_names.empty()) return {};
  TableSummary table{.n_rows = data.n_rows()};
  const Items items = data.items();
  for (std::size_t d = 0; d < data.n_features(); ++d) {
    const Coding& coding = data.codings[d];
    ColumnSummary column{.name = data.feature_names[d]};
    for (const std::string& value : {coding.zero, coding.one}) {
      if (!value.empty() && !items.is_category(d)) column.values.push_back(value);
    }
    column.n_values = column.values.size();
    table.columns.push_back(std::move(column));
  }
  io::guess_roles(table);
  return io::with_role(table, ColumnRole::kGroup);
}

std::string suggested_options(const TableSummary& table) {
  const std::vector<std::string> names = io::names_of(table);
  std::string options;
  const auto add = [&](const std::string& option) { options += options.empty() ? option : " " + option; };
  for (const auto& [role, option] :
       {std::pair(ColumnRole::kId, "--id "), {ColumnRole::kWeight, "--weights "}}) {
    const std::vector<std::size_t> columns = io::with_role(table, role);
    if (!columns.empty()) add(option + shell_word(io::column_list(names, columns)));
  }
  if (const std::string missing = io::missing_of(table, names); !missing.empty())
    add("--missing " + shell_word(missing));
  const std::vector<std::size_t> categorical = io::with_role(table, ColumnRole::kCategorical);
  if (table.text && !categorical.empty())
    add("--categorical " + shell_word(io::column_list(names, categorical)));
  if (const std::string choice = io::choice_of(table, names); !choice.empty()) add(choice);
  return options;
}

}  // namespace mixbern
