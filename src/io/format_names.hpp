// File names and the formats that they promise.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mixbern/io/io.hpp"

namespace mixbern::io {

/// The last extension of the file's name in lower case, without the dot and before a .gz; empty when there is
/// none.
std::string extension_of(std::string path);
std::optional<DataFormat> format_of_extension(std::string_view extension);
/// "idx, npy, csv, …"
std::string all_format_names();

}  // namespace mixbern::io
