// Kernels that add responsibilities up for each component and item.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace mixbern::kernel {

// A packed row that counts so much.
struct WeightedRow {
  const uint64_t* words;
  uint32_t component;
  uint32_t amount;
};

// sums[code, k] += fixed[j, k] for each code of row rows[j]: the matrix product of the transposed 0/1 rows
// with `fixed`; entries that are zero cost next to nothing. `rows` null: rows 0, 1, ….
using AddOuter = void(const uint64_t* offsets, const uint32_t* codes, const uint32_t* rows, size_t n_rows,
                      const int64_t* fixed, size_t stride, int64_t* sums);
// sums[64 w + b] += rows[j].amount for each bit b of rows[j].words[w], w < n_words: one column of that
// product, from packed rows. Where no row has a bit, sums are read and written back. REQUIRES: all amounts
// together < 2^32.
using AddWeighted = void(const WeightedRow* rows, size_t n_rows, size_t n_words, int64_t* sums);
// Bit p of a counter of feature 64 w + b is bit b of planes[p · n_words + w], p < 8. To these counters,
// modulo 256: Σ_j bit b of words[rows[j] · n_words + w], w < n_words.
using CountBits = void(const uint64_t* words, size_t n_words, const uint32_t* rows, size_t n_rows,
                       uint64_t* planes);

struct SumKernels {
  AddOuter* add_outer;
  AddWeighted* add_weighted;
  CountBits* count_bits;
};

}  // namespace mixbern::kernel
