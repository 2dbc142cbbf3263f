// Packed data whose rows stay in their file.
#pragma once

#include <optional>
#include <string>

#include "mixbern/io/io.hpp"

namespace mixbern::io {

/// The data of an uncompressed packed file, all of its rows outside memory; nothing if it is no such file.
/// Weights and labels are read. Missing cells are checked, which takes a pass; whatever else of the rows is
/// checked whenever it is read. Throws InputError.
std::optional<Dataset> open_packed(const std::string& path, const ReadOptions& options);

}  // namespace mixbern::io
