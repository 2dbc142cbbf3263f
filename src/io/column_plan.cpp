#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "io/column_finder.hpp"
#include "io/delimited_layout.hpp"
#include "io/message.hpp"
#include "io/values.hpp"

namespace mixbern::io {
namespace {

std::vector<std::string> wanted_columns(const ReadOptions& options) {
  std::vector<std::string> wanted;
  const auto add = [&](const std::string& name) {
    for (std::string& part : names_within(name)) wanted.push_back(std::move(part));
  };
  for (const std::string& name : options.columns) add(name);
  for (const std::string& name : options.exclude) add(name);
  for (const std::string& name : options.categorical) add(name);
  for (const auto* name : {&options.weight_column, &options.label_column, &options.id_column}) {
    if (!name->empty()) add(*name);
  }
  return wanted;
}

void add_feature(ColumnPlan& plan, std::size_t column) {
  plan.roles[column] = Role::kFeature;
  plan.feature_of_column[column] = plan.column_of_feature.size();
  plan.column_of_feature.push_back(column);
  if (!plan.column_names.empty()) plan.feature_names.push_back(plan.column_names[column]);
}

void add_chosen_features(ColumnPlan& plan, const ColumnFinder& finder, const ReadOptions& options,
                         const std::string& file) {
  std::vector<bool> excluded(plan.roles.size());
  for (const std::string& name : options.exclude) {
    for (const std::size_t column : finder.select(name).columns) excluded[column] = true;
  }
  if (options.columns.empty()) {
    for (std::size_t column = 0; column < plan.roles.size(); ++column) {
      if (plan.roles[column] == Role::kUnused && !excluded[column]) add_feature(plan, column);
    }
  }
  for (const std::string& name : options.columns) {
    const ColumnFinder::Selection selection = finder.select(name);
    for (const std::size_t column : selection.columns) {
      const bool used = plan.roles[column] != Role::kUnused;
      if (used && (selection.one_by_name || plan.roles[column] == Role::kFeature)) {
        throw InputError(Place{file, 1, column + 1}, fmt::format("column {} is used twice", in_quotes(name)),
                         "name each column once, and no weights, labels or ids among them");
      }
      if (!used && !excluded[column]) add_feature(plan, column);
    }
  }
}

void add_categorical(ColumnPlan& plan, const ColumnFinder& finder, const ReadOptions& options,
                     const std::string& file) {
  if (options.categorical.empty()) return;
  if (options.threshold) {
    throw InputError(Place{file, 0, 0}, "a threshold makes every column one of two values",
                     "leave --threshold or --categorical out");
  }
  std::set<std::size_t> features;
  for (const std::string& name : options.categorical) {
    const ColumnFinder::Selection selection = finder.select_or_all(name);
    for (const std::size_t column : selection.columns) {
      const std::size_t feature = plan.feature_of_column[column];
      if (feature != ColumnPlan::kNoFeature) features.insert(feature);
      if (feature == ColumnPlan::kNoFeature && selection.one_by_name) {
        throw InputError(Place{file, 1, column + 1}, fmt::format("column {} is no item", in_quotes(name)),
                         "--categorical names columns that are features");
      }
    }
  }
  plan.categorical.assign(features.begin(), features.end());
}

void check_given_names(const DelimitedLayout& layout, const ReadOptions& options, const std::string& file) {
  const std::size_t n_given = options.feature_names.size();
  if (n_given == 0) return;
  if (layout.header) {
    throw InputError(Place{file, 1, 0}, "its first line has names of its own",
                     "leave --feature-names out, or say --header no if those are values");
  }
  if (n_given != layout.first_record.size()) {
    throw InputError(Place{file, 1, 0},
                     fmt::format("{} names for {} columns", n_given, layout.first_record.size()),
                     "--feature-names needs one line a column");
  }
}

// A column that is no feature.
void take(ColumnPlan& plan, std::size_t column, Role role, const std::string& file) {
  if (plan.roles[column] != Role::kUnused) {
    throw InputError(Place{file, 1, column + 1}, "weights, labels and ids cannot be the same column",
                     "name a column of its own for each");
  }
  plan.roles[column] = role;
}

}  // namespace

bool options_name_a_cell(const std::vector<std::string>& first_record, const ReadOptions& options) {
  const std::set<std::string_view> cells(first_record.begin(), first_record.end());
  // A number may be the place of a column as well as its name, so it tells nothing.
  return std::ranges::any_of(wanted_columns(options), [&](const std::string& name) {
    return cells.contains(name) && !parse_number(name);
  });
}

ColumnPlan plan_columns(const DelimitedLayout& layout, const ReadOptions& options, const std::string& file) {
  ColumnPlan plan;
  const std::size_t n_columns = layout.first_record.size();
  plan.column_names = layout.header ? layout.first_record : options.feature_names;
  check_given_names(layout, options, file);
  plan.roles.assign(n_columns, Role::kUnused);
  plan.feature_of_column.assign(n_columns, ColumnPlan::kNoFeature);
  const ColumnFinder finder(plan.column_names, n_columns, file);
  plan.has_weights = !options.weight_column.empty();
  plan.has_labels = !options.label_column.empty();
  if (plan.has_weights) take(plan, finder.find(options.weight_column), Role::kWeight, file);
  if (plan.has_labels) take(plan, finder.find(options.label_column), Role::kLabel, file);
  if (!options.id_column.empty()) {
    const std::size_t column = finder.find(options.id_column);
    take(plan, column, Role::kId, file);
    if (!plan.column_names.empty()) plan.id_name = plan.column_names[column];
  }
  add_chosen_features(plan, finder, options, file);
  add_categorical(plan, finder, options, file);
  if (plan.column_of_feature.empty()) {
    throw InputError(Place{file, 1, 0}, "no column is left as a feature", "exclude fewer columns");
  }
  return plan;
}

}  // namespace mixbern::io
