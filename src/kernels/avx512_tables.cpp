// 512-bit kernel: sums over the codes of rows, a tile of 16 slots an instruction.
//
// The limit of add_tile is one 64-byte line a cycle from the first-level cache, half of that from the
// second.
#include <immintrin.h>

#include "kernels/avx512_masks.hpp"
#include "kernels/candidate_rows.hpp"
#include "kernels/x86.hpp"

namespace mixbern::kernel::avx512 {
namespace {

__m512i coarse(const int32_t* entries, int32_t lift, float scale) {
  const __m512i lifted = _mm512_add_epi32(_mm512_loadu_si512(entries), _mm512_set1_epi32(lift));
  return _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_cvtepi32_ps(lifted), _mm512_set1_ps(scale)));
}

// 32 words from k on; zero past n.
__m512i words_at(const uint16_t* values, size_t k, size_t n) {
  return n - k < 32 ? _mm512_maskz_loadu_epi16((1U << (n - k)) - 1, values + k)
                    : _mm512_loadu_si512(values + k);
}

int largest_word(const uint16_t* values, size_t n) {
  __m512i maximum = words_at(values, 0, n);
  for (size_t k = 32; k < n; k += 32) maximum = _mm512_max_epu16(maximum, words_at(values, k, n));
  const __m256i half =
      _mm256_max_epu16(_mm512_castsi512_si256(maximum), _mm512_extracti64x4_epi64(maximum, 1));
  const __m128i quarter = _mm_max_epu16(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
  // The least of the complements.
  const __m128i least = _mm_minpos_epu16(_mm_xor_si128(quarter, _mm_set1_epi16(-1)));
  return 0xffff - (_mm_cvtsi128_si32(least) & 0xffff);
}

struct ByteSums {
  __m512i words = _mm512_setzero_si512();
  __m512i odd = _mm512_setzero_si512();

  void add(const uint8_t* line) {
    const __m512i bytes = _mm512_loadu_si512(line);
    words = _mm512_add_epi16(words, bytes);
    odd = _mm512_add_epi16(odd, _mm512_srli_epi16(bytes, 8));
  }
};

struct Own;

}  // namespace

void add_tile(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const int32_t* tile, size_t,
              const int32_t* start, size_t start_stride, int32_t* out, size_t out_stride) {
  for (size_t i = 0; i < n_rows; ++i, start += start_stride, out += out_stride) {
    const uint32_t* code = codes + offsets[i];
    const uint32_t* end = codes + offsets[i + 1];
    __m512i sum = _mm512_loadu_si512(start);
    __m512i other = _mm512_setzero_si512();
    for (; code + 2 <= end; code += 2) {
      sum = _mm512_add_epi32(sum, _mm512_loadu_si512(tile + code[0] * kSlots));
      other = _mm512_add_epi32(other, _mm512_loadu_si512(tile + code[1] * kSlots));
    }
    if (code != end) other = _mm512_add_epi32(other, _mm512_loadu_si512(tile + *code * kSlots));
    _mm512_storeu_si512(out, _mm512_add_epi32(sum, other));
  }
}

void coarsen(const int32_t* tiles, size_t n_tiles, size_t n_codes, const int32_t* lifts, float scale,
             uint8_t* lines) {
  for (size_t j = 0; j < n_codes; ++j, lines += kByteSlots) {
    __m512i tile[4];
    for (size_t t = 0; t < 4; ++t) {
      tile[t] =
          t < n_tiles ? coarse(tiles + (t * n_codes + j) * kSlots, lifts[j], scale) : _mm512_setzero_si512();
    }
    for (size_t t = 0; t < 2; ++t) {
      const __m512i words = _mm512_or_si512(tile[t], _mm512_slli_epi32(tile[t + 2], 8));
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(lines) + t, _mm512_cvtepi32_epi16(words));
    }
  }
}

// A line is 32 words; sums of the words and of their upper bytes give those of the lower ones. Two codes at a
// time with sums of their own: with one the compiler copies both sums for each code.
void add_bytes(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const uint8_t* lines,
               const uint16_t* start, size_t start_stride, uint16_t* out, size_t out_stride) {
  for (size_t i = 0; i < n_rows; ++i, start += start_stride, out += out_stride) {
    const uint32_t* code = codes + offsets[i];
    const uint32_t* end = codes + offsets[i + 1];
    ByteSums first, second;
    for (; code + 2 <= end; code += 2) {
      first.add(lines + code[0] * kByteSlots);
      second.add(lines + code[1] * kByteSlots);
    }
    if (code != end) first.add(lines + *code * kByteSlots);
    const __m512i words = _mm512_add_epi16(first.words, second.words);
    const __m512i odd = _mm512_add_epi16(first.odd, second.odd);
    const __m512i even = _mm512_sub_epi16(words, _mm512_slli_epi16(odd, 8));
    _mm512_storeu_si512(out, _mm512_add_epi16(_mm512_loadu_si512(start), even));
    _mm512_storeu_si512(out + 32, _mm512_add_epi16(_mm512_loadu_si512(start + 32), odd));
  }
}

size_t find_candidates(const uint16_t* values, size_t stride, size_t n_rows, size_t n_components,
                       const uint16_t* reaches, uint32_t* sole, uint32_t* rows, uint32_t* begins,
                       uint32_t* components) {
  CandidateRows<Own> found(sole, rows, begins, components);
  for (size_t i = 0; i < n_rows; ++i, values += stride) {
    const int wanted = largest_word(values, n_components) - reaches[i];
    const __m512i threshold = _mm512_set1_epi16(static_cast<int16_t>(wanted > 0 ? wanted : 0));
    for (size_t k = 0; k < n_components; k += 32) {
      uint32_t candidates = _mm512_cmpge_epu16_mask(words_at(values, k, n_components), threshold);
      if (n_components - k < 32) candidates &= (1U << (n_components - k)) - 1;
      for (; candidates != 0; candidates &= candidates - 1) {
        found.add(k + static_cast<size_t>(__builtin_ctz(candidates)));
      }
    }
    found.end_row(i);
  }
  return found.n_several();
}

}  // namespace mixbern::kernel::avx512
