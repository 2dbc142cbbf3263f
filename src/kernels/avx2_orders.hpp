// Chosen lanes of 256-bit registers, for the files of the 256-bit kernel alone.
#pragma once

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

namespace mixbern::kernel::avx2 {

// For each byte the numbers of its bits, those that are one first, a byte each.
struct Orders {
  uint64_t of[256];

  constexpr Orders() : of{} {
    for (unsigned mask = 0; mask < 256; ++mask) {
      unsigned n = 0;
      for (unsigned bit = 0; bit < 8; ++bit) {
        if ((mask >> bit & 1U) != 0) of[mask] |= uint64_t{bit} << (8 * n++);
      }
    }
  }
};
static constexpr Orders kOrders;

// Lane numbers for _mm256_permutevar8x32_epi32 that put the chosen lanes first.
static inline __m256i order_of(unsigned chosen) {
  return _mm256_cvtepu8_epi32(_mm_cvtsi64_si128(static_cast<long long>(kOrders.of[chosen])));
}

}  // namespace mixbern::kernel::avx2
