// Rows of two classes in several groups.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "mixbern/dataset/dataset.hpp"

namespace mixbern {

struct GroupedRows {
  std::size_t n_rows;
  std::size_t n_items;
  std::vector<std::string> groups;
  std::vector<double> shares;  // of the first class, by group
  std::function<std::size_t(std::size_t row)> group;
  std::function<double(bool first, std::size_t group, std::size_t item)> probability;
};

// Labels are the groups; the share `missing` of the cells is.
inline Dataset drawn_rows(const GroupedRows& design, double missing, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform;
  Dataset data;
  BitMatrix ones(design.n_rows, design.n_items), holes(design.n_rows, design.n_items);
  for (std::size_t i = 0; i < design.n_rows; ++i) {
    const std::size_t group = design.group(i);
    const bool first = uniform(engine) < design.shares[group];
    for (std::size_t d = 0; d < design.n_items; ++d) {
      const bool one = uniform(engine) < design.probability(first, group, d);
      if (uniform(engine) < missing) {
        holes.set(i, d);
      } else if (one) {
        ones.set(i, d);
      }
    }
    data.labels.push_back(static_cast<std::int64_t>(group));
  }
  data.ones = std::move(ones);
  if (missing > 0) data.missing = std::move(holes);
  data.label_names = design.groups;
  return data;
}

}  // namespace mixbern
