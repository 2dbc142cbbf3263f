// Sets of all classes, which say as much as no label.
#pragma once

#include <cstddef>

#include "mixbern/dataset/dataset.hpp"

namespace mixbern {

/// Whether some row may belong to each of so many classes by its set. O(N).
bool has_full_sets(const Dataset& data, std::size_t n_components);

/// The same rows, where those have no label. A copy.
Dataset without_full_sets(const Dataset& data, std::size_t n_components);

}  // namespace mixbern
