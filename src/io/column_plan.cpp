#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "io/delimited_layout.hpp"
#include "io/message.hpp"
#include "io/values.hpp"

namespace mixbern::io {
namespace {

constexpr std::size_t kNamesNear = 4;
constexpr std::size_t kNamesCompared = 10000;
constexpr std::size_t kNamesShown = 8;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Levenshtein's distance without regard to case, one row of the table at a time.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t change = diagonal + (lower(a[i]) == lower(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({change, row[j] + 1, diagonal + 1});
    }
  }
  return row[b.size()];
}

std::vector<std::string> names_near(std::string_view wanted, const std::vector<std::string>& names) {
  wanted = wanted.substr(0, 64);
  std::set<std::pair<std::size_t, std::string>> ranked;
  for (std::size_t i = 0; i < std::min(names.size(), kNamesCompared); ++i) {
    const std::string name = names[i].substr(0, 64);
    const std::size_t d = distance(wanted, name);
    if (!name.empty() && d <= std::max<std::size_t>(2, wanted.size() / 2)) ranked.emplace(d, in_quotes(name));
  }
  std::vector<std::string> near;
  for (const auto& [d, name] : ranked) {
    if (near.size() < kNamesNear) near.push_back(name);
  }
  return near;
}

class ColumnFinder {
 public:
  ColumnFinder(const std::vector<std::string>& names, std::size_t n_columns, const std::string& file)
      : names_(names), n_columns_(n_columns), file_(file) {}

  std::size_t find(const std::string& wanted) const {
    const auto named = std::ranges::find(names_, wanted);
    if (named != names_.end()) {
      if (std::find(named + 1, names_.end(), wanted) != names_.end()) {
        throw error(fmt::format("more than one column is called {}", in_quotes(wanted)),
                    "name it by its number, from 1");
      }
      return static_cast<std::size_t>(named - names_.begin());
    }
    const auto number = parse_count(wanted);
    if (number && *number >= 1 && *number <= n_columns_) return *number - 1;
    throw error(fmt::format("there is no column {}", in_quotes(wanted)), remedy(wanted));
  }

 private:
  std::string remedy(const std::string& wanted) const {
    if (names_.empty()) return fmt::format("it has no header: name columns by number, 1 to {}", n_columns_);
    const std::vector<std::string> near = names_near(wanted, names_);
    if (!near.empty()) return "names near it: " + listed(near, kNamesNear);
    std::vector<std::string> shown;
    for (std::size_t i = 0; i < std::min(names_.size(), kNamesShown); ++i)
      shown.push_back(in_quotes(names_[i]));
    const char* more = names_.size() > kNamesShown ? ", …" : "";
    return fmt::format("it has {}{}", listed(shown, kNamesShown), more);
  }

  InputError error(std::string reason, std::string remedy) const {
    return {Place{file_, 1, 0}, std::move(reason), std::move(remedy)};
  }

  const std::vector<std::string>& names_;
  std::size_t n_columns_;
  const std::string& file_;
};

std::vector<const std::string*> wanted_columns(const ReadOptions& options) {
  std::vector<const std::string*> wanted;
  for (const std::string& name : options.columns) wanted.push_back(&name);
  for (const std::string& name : options.exclude) wanted.push_back(&name);
  if (!options.weight_column.empty()) wanted.push_back(&options.weight_column);
  if (!options.label_column.empty()) wanted.push_back(&options.label_column);
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
  for (const std::string& name : options.exclude) excluded[finder.find(name)] = true;
  if (options.columns.empty()) {
    for (std::size_t column = 0; column < plan.roles.size(); ++column) {
      if (plan.roles[column] == Role::kUnused && !excluded[column]) add_feature(plan, column);
    }
  }
  for (const std::string& name : options.columns) {
    const std::size_t column = finder.find(name);
    if (plan.roles[column] != Role::kUnused) {
      throw InputError(Place{file, 1, column + 1}, fmt::format("column {} is used twice", in_quotes(name)),
                       "name each column once, and no weights or labels among them");
    }
    if (!excluded[column]) add_feature(plan, column);
  }
}

}  // namespace

bool options_name_a_cell(const std::vector<std::string>& first_record, const ReadOptions& options) {
  const std::set<std::string_view> cells(first_record.begin(), first_record.end());
  // A number may be the place of a column as well as its name, so it tells nothing.
  return std::ranges::any_of(wanted_columns(options), [&](const std::string* name) {
    return cells.contains(*name) && !parse_number(*name);
  });
}

ColumnPlan plan_columns(const DelimitedLayout& layout, const ReadOptions& options, const std::string& file) {
  ColumnPlan plan;
  const std::size_t n_columns = layout.first_record.size();
  if (layout.header) plan.column_names = layout.first_record;
  plan.roles.assign(n_columns, Role::kUnused);
  plan.feature_of_column.assign(n_columns, ColumnPlan::kNoFeature);
  const ColumnFinder finder(plan.column_names, n_columns, file);
  if (!options.weight_column.empty()) {
    plan.roles[finder.find(options.weight_column)] = Role::kWeight;
    plan.has_weights = true;
  }
  if (!options.label_column.empty()) {
    Role& role = plan.roles[finder.find(options.label_column)];
    if (role == Role::kWeight) throw InputError(Place{file, 1, 0}, "weights and labels are the same column");
    role = Role::kLabel;
    plan.has_labels = true;
  }
  add_chosen_features(plan, finder, options, file);
  if (plan.column_of_feature.empty()) {
    throw InputError(Place{file, 1, 0}, "no column is left as a feature", "exclude fewer columns");
  }
  return plan;
}

}  // namespace mixbern::io
