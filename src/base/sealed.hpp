// Bytes that are known again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mixbern {

/// Finds what a disk or a line does, not what somebody means to do. O(bytes).
std::uint64_t checksum(std::string_view bytes);

/// `body` behind `magic`, a first line that names the format and its version, and a checksum.
std::string sealed(std::string_view magic, std::string_view body);

/// The body, a part of the bytes. Throws std::invalid_argument where they begin otherwise or are damaged.
std::string_view unsealed(std::string_view magic, std::string_view bytes);

}  // namespace mixbern
