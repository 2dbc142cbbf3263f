// Which rows say something.
#pragma once

#include <cstddef>

#include "mixbern/dataset/dataset.hpp"

namespace mixbern {

/// Whether any cell of row i is observed.
inline bool answered_anything(const Dataset& data, std::size_t i) {
  return !data.missing || count_ones(*data.missing, i) < data.n_features();
}

}  // namespace mixbern
