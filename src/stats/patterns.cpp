#include "stats/patterns.hpp"

#include <algorithm>
#include <utility>

#include "data/answered.hpp"
#include "data/for_each_one.hpp"
#include "data/select_rows.hpp"

namespace mixbern {
namespace {

// Patterns of the items that the mask in row s leaves.
double n_cells(const Items& items, const Rows& masks, std::size_t s) {
  double n = 1;
  for (const Items::Group& item : items.all(n_features(masks))) {
    if (!test(masks, s, item.first)) n *= static_cast<double>(item.n_answers());
  }
  return n;
}

CollapsedRows collapsed(const Dataset& data, bool keep_labels) {
  if (data.labels.empty() || keep_labels) return collapse(data);
  Dataset bare{
      .ones = data.ones, .missing = data.missing, .weights = data.weights, .categorical = data.categorical};
  return collapse(bare);
}

}  // namespace

PatternTable count_patterns(const Dataset& data, bool keep_labels) {
  CollapsedRows all = collapsed(data, keep_labels);
  const std::size_t n_distinct = all.data.n_rows();
  std::vector<double> squares(n_distinct, 0.0);
  std::vector<std::size_t> first(n_distinct, data.n_rows());
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    const std::size_t pattern = all.distinct_of_row[i];
    squares[pattern] += data.weight(i) * data.weight(i);
    first[pattern] = std::min(first[pattern], i);
  }
  std::vector<std::size_t> chosen, number(n_distinct, kNoPattern);
  for (std::size_t i = 0; i < n_distinct; ++i) {
    if (!(all.data.weights[i] > 0) || !answered_anything(all.data, i)) continue;
    number[i] = chosen.size();
    chosen.push_back(i);
  }
  PatternTable table;
  table.rows = select_rows(all.data, chosen);
  for (const std::size_t i : chosen) {
    table.squared_weights.push_back(squares[i]);
    table.first_row.push_back(first[i]);
    table.n += all.data.weights[i];
  }
  table.pattern_of_row = std::move(all.distinct_of_row);
  for (std::size_t& pattern : table.pattern_of_row) pattern = number[pattern];
  return table;
}

AnsweredSets answered_sets(const PatternTable& table) {
  AnsweredSets sets;
  const std::size_t n_features = table.rows.n_features();
  const Items items = table.rows.items();
  if (!table.rows.missing) {
    sets.set_of_pattern.assign(table.rows.n_rows(), 0);
    sets.weights = {table.n};
    sets.n_cells = {n_patterns(items, n_features)};
    return sets;
  }
  CollapsedRows masks = collapse({.ones = *table.rows.missing, .weights = table.rows.weights});
  for (std::size_t s = 0; s < masks.data.n_rows(); ++s)
    sets.n_cells.push_back(n_cells(items, masks.data.ones, s));
  sets.set_of_pattern = std::move(masks.distinct_of_row);
  sets.weights = std::move(masks.data.weights);
  return sets;
}

BitMatrix all_patterns(const Items& items, std::size_t n_features) {
  const std::vector<Items::Group> all = items.all(n_features);
  const auto n = static_cast<std::size_t>(n_patterns(items, n_features));
  BitMatrix rows(n, n_features);
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t rest = i;
    for (const Items::Group& item : all) {
      const std::size_t answer = rest % item.n_answers();
      rest /= item.n_answers();
      if (item.size > 1) rows.set(i, item.first + answer);
      if (item.size == 1 && answer == 1) rows.set(i, item.first);
    }
  }
  return rows;
}

void expand_row(const Dataset& data, std::size_t i, double* values, double* observed) {
  const std::size_t n_features = data.n_features();
  std::fill_n(values, n_features, 0.0);
  std::fill_n(observed, n_features, 1.0);
  for_each_one(data.ones, i, [&](std::size_t d) { values[d] = 1; });
  if (data.missing) for_each_one(*data.missing, i, [&](std::size_t d) { observed[d] = 0; });
}

}  // namespace mixbern
