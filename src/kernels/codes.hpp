// Kernels that spell packed rows as codes.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace mixbern::kernel {

// decode_* may write so many codes more than there are.
constexpr size_t kDecodeSlack = 64;

// Codes of packed rows: columns of the ones, or groups of four. offsets[0] = 0.
using DecodeRows = void(const uint64_t* words, size_t n_rows, size_t words_per_row, uint64_t* offsets,
                        uint32_t* codes);

struct CodeKernels {
  DecodeRows* decode_columns;
  DecodeRows* decode_groups;
};

}  // namespace mixbern::kernel
