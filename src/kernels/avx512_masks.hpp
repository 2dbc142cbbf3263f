// Chosen lanes of 512-bit registers, for the files of the 512-bit kernel alone.
#pragma once

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

namespace mixbern::kernel::avx512 {

// The first n of 8 lanes.
static inline __mmask8 first_lanes(size_t n) {
  return static_cast<__mmask8>(n >= 8 ? 0xff : (1U << n) - 1);
}

static inline size_t count_ones(unsigned mask) {
  return static_cast<size_t>(__builtin_popcount(mask));
}

// Compressed in a register and stored whole: compressing into memory is slow on some processors.
static inline size_t store_chosen(__mmask16 chosen, __m512i values, void* to) {
  _mm512_storeu_si512(to, _mm512_maskz_compress_epi32(chosen, values));
  return count_ones(chosen);
}

}  // namespace mixbern::kernel::avx512
