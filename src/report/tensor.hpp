// Arrays of numbers in a document: their bytes in base64, a third of the size of decimal text and as fast to
// read as to copy.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "report/json_parts.hpp"

namespace mixbern::report {

/// RFC 4648, section 4, with padding.
std::string base64(std::span<const std::byte> bytes);

/// {"dtype", "shape", "base64"}. REQUIRES: the product of the shape is the number of values.
Json tensor(std::span<const float> values, std::vector<std::size_t> shape);
Json tensor(std::span<const std::uint8_t> values, std::vector<std::size_t> shape);
Json tensor(std::span<const std::uint16_t> values, std::vector<std::size_t> shape);
Json tensor(std::span<const std::uint32_t> values, std::vector<std::size_t> shape);
/// Rounded to float32.
Json tensor(std::span<const double> values, std::vector<std::size_t> shape);

}  // namespace mixbern::report
