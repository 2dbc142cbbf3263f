#include "io/choose_features.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "io/column_finder.hpp"
#include "io/message.hpp"

namespace mixbern::io {
namespace {

// Items, by their number.
std::vector<std::size_t> chosen_items(const std::string& file, const ReadOptions& options,
                                      const Dataset& data, std::size_t n_items) {
  const std::vector<std::string> names = column_names(data);
  const ColumnFinder finder(names, n_items, file);
  std::vector<bool> taken(n_items);
  for (const std::string& name : options.exclude) {
    for (const std::size_t d : finder.select(name).columns) taken[d] = true;
  }
  std::vector<std::size_t> chosen;
  for (std::size_t d = 0; d < taken.size() && options.columns.empty(); ++d) {
    if (!taken[d]) chosen.push_back(d);
  }
  for (const std::string& name : options.columns) {
    for (const std::size_t d : finder.select(name).columns) {
      if (taken[d]) continue;
      chosen.push_back(d);
      taken[d] = true;
    }
  }
  if (chosen.empty()) throw InputError(Place{file, 0, 0}, "no feature is left", "exclude fewer of them");
  return chosen;
}

BitMatrix chosen_bits(const BitMatrix& rows, std::span<const std::size_t> chosen) {
  BitMatrix result(rows.n_rows(), chosen.size());
  for (std::size_t i = 0; i < rows.n_rows(); ++i) {
    const auto from = rows.row(i);
    const auto to = result.mutable_row(i);
    for (std::size_t d = 0; d < chosen.size(); ++d) {
      const std::uint64_t bit = from[chosen[d] / 64] >> (chosen[d] % 64) & 1U;
      to[d / 64] |= bit << (d % 64);
    }
  }
  return result;
}

SparseRows chosen_bits(const SparseRows& rows, std::span<const std::size_t> chosen) {
  constexpr std::uint32_t kLeftOut = UINT32_MAX;
  std::vector<std::uint32_t> place(rows.n_features(), kLeftOut);
  for (std::size_t d = 0; d < chosen.size(); ++d) place[chosen[d]] = static_cast<std::uint32_t>(d);
  SparseRows result(chosen.size());
  std::vector<std::uint32_t> row;
  for (std::size_t i = 0; i < rows.n_rows(); ++i) {
    row.clear();
    for (const std::uint32_t column : rows.row(i)) {
      if (place[column] != kLeftOut) row.push_back(place[column]);
    }
    std::ranges::sort(row);
    result.append_row(row);
  }
  return result;
}

Rows chosen_features(const Rows& rows, std::span<const std::size_t> chosen) {
  const Rows held = to_memory(rows);
  if (const auto* packed = std::get_if<BitMatrix>(&held)) return chosen_bits(*packed, chosen);
  return chosen_bits(std::get<SparseRows>(held), chosen);
}

template <class T>
std::vector<T> at(const std::vector<T>& values, std::span<const std::size_t> chosen) {
  std::vector<T> result;
  for (const std::size_t d : chosen) {
    if (!values.empty()) result.push_back(values[d]);
  }
  return result;
}

}  // namespace

Dataset choose_features(const std::string& file, const ReadOptions& options, Dataset data) {
  const std::vector<Items::Group> items = data.items().all(data.n_features());
  std::vector<std::size_t> chosen;
  std::vector<CategoricalItem> categorical;
  for (const std::size_t item : chosen_items(file, options, data, items.size())) {
    const auto known = std::ranges::find(data.categorical, items[item].first, &CategoricalItem::first);
    if (known != data.categorical.end())
      categorical.push_back({known->name, chosen.size(), known->categories});
    for (std::size_t d = items[item].first; d < items[item].end(); ++d) chosen.push_back(d);
  }
  data.ones = chosen_features(data.ones, chosen);
  if (data.missing) data.missing = chosen_features(*data.missing, chosen);
  data.feature_names = at(data.feature_names, chosen);
  data.codings = at(data.codings, chosen);
  data.categorical = std::move(categorical);
  data.shape = {};
  return data;
}

}  // namespace mixbern::io
