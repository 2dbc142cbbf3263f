// Several files as one data set, row after row.
#pragma once

#include <string>
#include <vector>

#include "mixbern/dataset/dataset.hpp"

namespace mixbern::io {

/// What one file holds.
struct DataPart {
  std::string file;
  Dataset data;
};

/// The rows of all parts in their order; outside memory if some part's are. The parts must agree in their
/// features, names, threshold and shape, and in having weights and labels; columns may be coded the other way
/// round. Throws InputError that names the file that does not agree. REQUIRES: at least one part.
Dataset joined_data(std::vector<DataPart> parts);

}  // namespace mixbern::io
