// The tables on which starts and stop rule are judged.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "mixbern/mixbern.hpp"

namespace optima {

struct Case {
  std::string name;
  mixbern::Dataset data;
  std::vector<std::size_t> n_components;
};

/// Nine public tables of binary items, K = 2 … 6; `folder` holds their CSV files.
std::vector<Case> public_tables(const std::string& folder);

/// Thirty-two drawn tables of awkward shape: few items, overlapping classes, a rare class, many items, each
/// in eight sizes; the true number of classes and one more.
std::vector<Case> simulated_tables();

/// The first rows of images (a packed or IDX file), and sparse rows drawn from eight classes of 500 items.
mixbern::Dataset images(const std::string& path, std::size_t n_rows);
mixbern::Dataset sparse_rows(std::uint64_t seed);

}  // namespace optima
