// 256-bit kernel: sums over the codes of rows.
//
// The values of a row, or a tile of up to 16 of them, stay in registers while the table rows of its codes
// stream through. The limit is 2 loads a cycle: stride / 4 loads and additions a code in doubles, 2 a tile in
// fixed point.
#include <immintrin.h>

#include "kernels/candidate_rows.hpp"
#include "kernels/code_sums.hpp"
#include "kernels/x86.hpp"

namespace mixbern::kernel::avx2 {
namespace {

size_t trailing_zeros(uint64_t bits) {
  return static_cast<size_t>(__builtin_ctzll(bits));
}

// Sixteen entries as integers of 32 bits, in the order of the packs below.
struct Sixteen {
  __m256i low, high;
};

Sixteen coarse(const int32_t* entries, int32_t lift, float scale) {
  const auto eight = [&](const int32_t* from) {
    const __m256i lifted =
        _mm256_add_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)), _mm256_set1_epi32(lift));
    return _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_cvtepi32_ps(lifted), _mm256_set1_ps(scale)));
  };
  return {eight(entries), eight(entries + 8)};
}

// 16 words from k on; zero past n.
__m256i words_at(const uint16_t* values, size_t k, size_t n) {
  const __m256i words = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values + k));
  if (n - k >= 16) return words;
  const __m256i ascending = _mm256_setr_epi16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return _mm256_and_si256(words,
                          _mm256_cmpgt_epi16(_mm256_set1_epi16(static_cast<int16_t>(n - k)), ascending));
}

// Bit j of the result: values[k + j] is at least the threshold, k + j < n, j < 64. REQUIRES: k < n.
uint64_t candidate_mask(const uint16_t* values, size_t k, size_t n, __m256i threshold) {
  const auto candidates = [&](size_t from) {
    const __m256i value = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values + from));
    return _mm256_cmpeq_epi16(_mm256_max_epu16(value, threshold), value);
  };
  uint64_t mask = 0;
  for (size_t half = 0; half < 64 && k + half < n; half += 32) {
    const __m256i bytes = _mm256_packs_epi16(candidates(k + half), candidates(k + half + 16));
    const int bits = _mm256_movemask_epi8(_mm256_permute4x64_epi64(bytes, 0xd8));
    mask |= static_cast<uint64_t>(static_cast<uint32_t>(bits)) << half;
  }
  return n - k < 64 ? mask & ((uint64_t{1} << (n - k)) - 1) : mask;
}

// Bit k of the result: fixed[k] is not zero, for 64 entries at most.
uint64_t nonzero_mask(const int64_t* fixed, size_t n) {
  uint64_t mask = 0;
  for (size_t k = 0; k < n; k += 4) {
    const __m256i values = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(fixed + k));
    const __m256i zero = _mm256_cmpeq_epi64(values, _mm256_setzero_si256());
    const auto zeros = static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(zero)));
    mask |= static_cast<uint64_t>(zeros ^ 0xFU) << k;
  }
  return mask;
}

struct Own;

}  // namespace

void add_rows(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const double* table,
              size_t stride, double* out) {
  add_rows_by<4>(offsets, codes, n_rows, table, stride, out);
}

void add_tile(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const int32_t* tile, size_t,
              const int32_t* start, size_t start_stride, int32_t* out, size_t out_stride) {
  const auto* lines = reinterpret_cast<const __m256i*>(tile);
  for (size_t i = 0; i < n_rows; ++i, start += start_stride, out += out_stride) {
    const auto* first = reinterpret_cast<const __m256i*>(start);
    auto* target = reinterpret_cast<__m256i*>(out);
    __m256i low = _mm256_loadu_si256(first);
    __m256i high = _mm256_loadu_si256(first + 1);
    for (uint64_t j = offsets[i]; j < offsets[i + 1]; ++j) {
      const __m256i* line = lines + size_t{2} * codes[j];
      low = _mm256_add_epi32(low, _mm256_loadu_si256(line));
      high = _mm256_add_epi32(high, _mm256_loadu_si256(line + 1));
    }
    _mm256_storeu_si256(target, low);
    _mm256_storeu_si256(target + 1, high);
  }
}

void coarsen(const int32_t* tiles, size_t n_tiles, size_t n_codes, const int32_t* lifts, float scale,
             uint8_t* lines) {
  const Sixteen none = {_mm256_setzero_si256(), _mm256_setzero_si256()};
  for (size_t j = 0; j < n_codes; ++j, lines += kByteSlots) {
    Sixteen tile[4];
    for (size_t t = 0; t < 4; ++t) {
      tile[t] = t < n_tiles ? coarse(tiles + (t * n_codes + j) * kSlots, lifts[j], scale) : none;
    }
    for (size_t t = 0; t < 2; ++t) {
      // Words of a byte of tile t and a byte of tile t + 2; packing works in halves of a register.
      const __m256i low = _mm256_or_si256(tile[t].low, _mm256_slli_epi32(tile[t + 2].low, 8));
      const __m256i high = _mm256_or_si256(tile[t].high, _mm256_slli_epi32(tile[t + 2].high, 8));
      const __m256i words = _mm256_permute4x64_epi64(_mm256_packus_epi32(low, high), 0xd8);
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(lines) + t, words);
    }
  }
}

// A line is 32 words; sums of the words and of their upper bytes give those of the lower ones.
void add_bytes(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const uint8_t* lines,
               const uint16_t* start, size_t start_stride, uint16_t* out, size_t out_stride) {
  for (size_t i = 0; i < n_rows; ++i, start += start_stride, out += out_stride) {
    // Four variables, where two arrays would be copied in each step.
    __m256i words = _mm256_setzero_si256(), more_words = words, odd = words, more_odd = words;
    for (const uint32_t* code = codes + offsets[i]; code != codes + offsets[i + 1]; ++code) {
      const auto* line = reinterpret_cast<const __m256i*>(lines + *code * kByteSlots);
      const __m256i bytes = _mm256_loadu_si256(line), more = _mm256_loadu_si256(line + 1);
      words = _mm256_add_epi16(words, bytes);
      more_words = _mm256_add_epi16(more_words, more);
      odd = _mm256_add_epi16(odd, _mm256_srli_epi16(bytes, 8));
      more_odd = _mm256_add_epi16(more_odd, _mm256_srli_epi16(more, 8));
    }
    const __m256i odds[2] = {odd, more_odd};
    const __m256i all[2] = {words, more_words};
    const auto* from = reinterpret_cast<const __m256i*>(start);
    auto* to = reinterpret_cast<__m256i*>(out);
    for (int v = 0; v < 2; ++v) {
      const __m256i even = _mm256_sub_epi16(all[v], _mm256_slli_epi16(odds[v], 8));
      _mm256_storeu_si256(to + v, _mm256_add_epi16(_mm256_loadu_si256(from + v), even));
      _mm256_storeu_si256(to + 2 + v, _mm256_add_epi16(_mm256_loadu_si256(from + 2 + v), odds[v]));
    }
  }
}

size_t find_candidates(const uint16_t* values, size_t stride, size_t n_rows, size_t n_components,
                       const uint16_t* reaches, uint32_t* sole, uint32_t* rows, uint32_t* begins,
                       uint32_t* components) {
  CandidateRows<Own> found(sole, rows, begins, components);
  for (size_t i = 0; i < n_rows; ++i, values += stride) {
    __m256i maximum = words_at(values, 0, n_components);
    for (size_t k = 16; k < n_components; k += 16) {
      maximum = _mm256_max_epu16(maximum, words_at(values, k, n_components));
    }
    // The least of the complements.
    const __m128i half = _mm_max_epu16(_mm256_castsi256_si128(maximum), _mm256_extracti128_si256(maximum, 1));
    const __m128i least = _mm_minpos_epu16(_mm_xor_si128(half, _mm_set1_epi16(-1)));
    const int largest = 0xffff - (_mm_cvtsi128_si32(least) & 0xffff);
    const int wanted = largest - reaches[i];
    const __m256i threshold = _mm256_set1_epi16(static_cast<int16_t>(wanted > 0 ? wanted : 0));
    for (size_t k = 0; k < n_components; k += 64) {
      for (uint64_t mask = candidate_mask(values, k, n_components, threshold); mask != 0; mask &= mask - 1) {
        found.add(k + trailing_zeros(mask));
      }
    }
    found.end_row(i);
  }
  return found.n_several();
}

void add_outer(const uint64_t* offsets, const uint32_t* codes, const uint32_t* rows, size_t n_rows,
               const int64_t* fixed, size_t stride, int64_t* sums) {
  add_outer_by<4>(offsets, codes, rows, n_rows, fixed, stride, nonzero_mask, sums);
}

}  // namespace mixbern::kernel::avx2
