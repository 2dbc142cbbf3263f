// The data on which two commits are compared.
#pragma once

#include <string>
#include <vector>

#include "mixbern/mixbern.hpp"

namespace parity {

struct Table {
  std::string name;
  mixbern::Dataset data;
  bool holds_labels = false;
};

/// One of each kind that the engine treats in a way of its own: packed and sparse rows, in runs and
/// scattered, long and short, with missing cells, weights, labels, equal rows. Drawn from fixed seeds.
std::vector<Table> tables();

}  // namespace parity
