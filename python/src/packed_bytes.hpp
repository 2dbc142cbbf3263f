// Rows that numpy.packbits packed, as the library has them.
#pragma once

#include <cstddef>
#include <memory>

#include "mixbern/dataset/rows.hpp"
#include "packing.hpp"

namespace mixbern::python {

/// Which bit of a byte holds the first of its eight features.
enum class BitOrder { kHighestFirst, kLowestFirst };

/// Rows of bytes, one row of `bytes` a row: read in place, and `owner` kept, where they are the library's
/// words already; else rewritten as words, in one pass. REQUIRES: bytes of a row make n_features bits, or as
/// many whole words, and bits beyond the features are zero; the latter is checked, std::invalid_argument
/// otherwise.
BitMatrix packed_rows(const ArrayView& bytes, std::size_t n_features, BitOrder order,
                      std::shared_ptr<const void> owner);

}  // namespace mixbern::python
