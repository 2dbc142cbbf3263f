// Tables and changed copies of data that the tests of the statistics share.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "mixbern/mixbern.hpp"
#include "reference.hpp"

namespace mixbern {

inline Dataset table(const std::string& name) {
  ReadOptions options;
  if (name == "cheating") options.exclude = {"GPA"};
  return read_dataset(std::string(MIXBERN_DATA_DIR) + "/" + name + ".csv", options);
}

/// Row i of the result is row order[i].
inline Dataset rows_of(const Dataset& data, const std::vector<std::size_t>& order) {
  Dataset result = data;
  BitMatrix ones(order.size(), data.n_features());
  BitMatrix missing(order.size(), data.n_features());
  result.weights.clear();
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (std::size_t d = 0; d < data.n_features(); ++d) {
      if (test(data.ones, order[i], d)) ones.set(i, d);
      if (reference::is_missing(data, order[i], d)) missing.set(i, d);
    }
    if (!data.weights.empty()) result.weights.push_back(data.weights[order[i]]);
  }
  result.ones = ones;
  if (data.missing) result.missing = missing;
  return result;
}

/// Every row `times` times.
inline Dataset repeated(const Dataset& data, std::size_t times) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < data.n_rows() * times; ++i) order.push_back(i % data.n_rows());
  return rows_of(data, order);
}

inline Dataset weighted(Dataset data, double weight) {
  data.weights.assign(data.n_rows(), weight);
  return data;
}

/// Zeros and ones exchanged in all columns.
inline Dataset flipped(const Dataset& data) {
  BitMatrix ones(data.n_rows(), data.n_features());
  for (std::size_t i = 0; i < data.n_rows(); ++i) {
    for (std::size_t d = 0; d < data.n_features(); ++d) {
      if (!test(data.ones, i, d) && !reference::is_missing(data, i, d)) ones.set(i, d);
    }
  }
  Dataset result = data;
  result.ones = ones;
  return result;
}

inline Mixture flipped(const Mixture& mixture) {
  std::vector<double> theta(mixture.probabilities().begin(), mixture.probabilities().end());
  for (double& p : theta) p = 1 - p;
  return {{mixture.weights().begin(), mixture.weights().end()}, theta};
}

inline std::vector<std::size_t> backwards(std::size_t n) {
  std::vector<std::size_t> order(n);
  for (std::size_t i = 0; i < n; ++i) order[i] = n - 1 - i;
  return order;
}

}  // namespace mixbern
