// The header of an IDX file.
#pragma once

#include <cstdint>
#include <vector>

#include "io/element.hpp"
#include "io/input.hpp"

namespace mixbern::io {

struct IdxHeader {
  ElementType type;
  std::vector<std::uint64_t> sizes;
};

/// Throws InputError for another magic number or a header that is cut short.
IdxHeader read_idx_header(Input& input);

}  // namespace mixbern::io
