#include "stats/patterns.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

namespace mixbern {
namespace {

Rows chosen_rows(const Rows& rows, const std::vector<std::size_t>& chosen) {
  return std::visit(
      [&](const auto& r) -> Rows {
        using Kind = std::decay_t<decltype(r)>;
        Kind result = [&] {
          if constexpr (std::is_same_v<Kind, BitMatrix>) {
            return BitMatrix(0, r.n_features());
          } else {
            return SparseRows(r.n_features());
          }
        }();
        for (const std::size_t i : chosen) result.append_row(r.row(i));
        return result;
      },
      rows);
}

// Calls `use(d)` for each set bit of row i.
template <class Use>
void for_each_one(const Rows& rows, std::size_t i, const Use& use) {
  if (const auto* sparse = std::get_if<SparseRows>(&rows)) {
    for (const std::uint32_t d : sparse->row(i)) use(std::size_t{d});
    return;
  }
  const auto& packed = std::get<BitMatrix>(rows);
  for (std::size_t d = 0; d < packed.n_features(); ++d) {
    if (packed.test(i, d)) use(d);
  }
}

bool answered_anything(const Dataset& data, std::size_t i) {
  return !data.missing || count_ones(*data.missing, i) < data.n_features();
}

CollapsedRows collapsed(const Dataset& data, bool keep_labels) {
  if (data.labels.empty() || keep_labels) return collapse(data);
  Dataset bare{.ones = data.ones, .missing = data.missing, .weights = data.weights};
  return collapse(bare);
}

}  // namespace

PatternTable count_patterns(const Dataset& data, bool keep_labels) {
  const CollapsedRows all = collapsed(data, keep_labels);
  const std::size_t n_distinct = all.data.n_rows();
  std::vector<double> squares(n_distinct, 0.0);
  std::vector<std::size_t> first(n_distinct, data.n_rows());
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    const std::size_t pattern = all.distinct_of_row[i];
    squares[pattern] += data.weight(i) * data.weight(i);
    first[pattern] = std::min(first[pattern], i);
  }
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < n_distinct; ++i) {
    if (all.data.weights[i] > 0 && answered_anything(all.data, i)) chosen.push_back(i);
  }
  PatternTable table;
  table.rows.ones = chosen_rows(all.data.ones, chosen);
  if (all.data.missing) table.rows.missing = chosen_rows(*all.data.missing, chosen);
  for (const std::size_t i : chosen) {
    table.rows.weights.push_back(all.data.weights[i]);
    if (!all.data.labels.empty()) table.rows.labels.push_back(all.data.labels[i]);
    table.squared_weights.push_back(squares[i]);
    table.first_row.push_back(first[i]);
    table.n += all.data.weights[i];
  }
  return table;
}

AnsweredSets answered_sets(const PatternTable& table) {
  AnsweredSets sets;
  const std::size_t n_features = table.rows.n_features();
  if (!table.rows.missing) {
    sets.set_of_pattern.assign(table.rows.n_rows(), 0);
    sets.weights = {table.n};
    sets.n_items = {n_features};
    return sets;
  }
  CollapsedRows masks = collapse({.ones = *table.rows.missing, .weights = table.rows.weights});
  for (std::size_t s = 0; s < masks.data.n_rows(); ++s)
    sets.n_items.push_back(n_features - count_ones(masks.data.ones, s));
  sets.set_of_pattern = std::move(masks.distinct_of_row);
  sets.weights = std::move(masks.data.weights);
  return sets;
}

void expand_row(const Dataset& data, std::size_t i, double* values, double* observed) {
  const std::size_t n_features = data.n_features();
  std::fill_n(values, n_features, 0.0);
  std::fill_n(observed, n_features, 1.0);
  for_each_one(data.ones, i, [&](std::size_t d) { values[d] = 1; });
  if (data.missing) for_each_one(*data.missing, i, [&](std::size_t d) { observed[d] = 0; });
}

}  // namespace mixbern
