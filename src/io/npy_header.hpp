// The header of an NPY file.
#pragma once

#include <cstdint>
#include <vector>

#include "io/dense_array.hpp"
#include "io/element.hpp"
#include "io/input.hpp"

namespace mixbern::io {

struct NpyHeader {
  ElementType type;
  bool fortran_order = false;
  std::vector<std::uint64_t> sizes;
};

/// Versions 1 to 3. Throws InputError for another magic number, an element type that is no number, or a
/// dictionary that does not parse.
NpyHeader read_npy_header(Input& input);

/// The array that a header describes. Throws InputError for an order of its elements that is not read.
DenseArray npy_array(const Input& input, const NpyHeader& header);

}  // namespace mixbern::io
