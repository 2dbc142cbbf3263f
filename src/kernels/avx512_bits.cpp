// 512-bit kernel: packed rows, 512 of their bits an instruction.
#include <immintrin.h>

#include "kernels/avx512_masks.hpp"
#include "kernels/bit_counters.hpp"
#include "kernels/x86.hpp"

namespace mixbern::kernel::avx512 {
namespace {

// sum + addend where the lowest 16 bits of `chosen` say so. (Shifted as a mask: through general registers it
// takes twice the time.)
[[gnu::always_inline]] inline __m512i add_where(__mmask64 chosen, __m512i sum, __m512i addend) {
  return _mm512_mask_add_epi32(sum, static_cast<__mmask16>(chosen), sum, addend);
}

// Modulo 2^32; the library's reduction adds the last two as signed integers.
uint32_t sum_of_lanes(__m512i lanes) {
  const __m256i eight = _mm256_add_epi32(_mm512_castsi512_si256(lanes), _mm512_extracti64x4_epi64(lanes, 1));
  __m128i four = _mm_add_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0xb1));
  return static_cast<uint32_t>(_mm_cvtsi128_si32(four));
}

// Adds sixteen unsigned integers.
void add_at(__m512i amounts, int64_t* sums) {
  const __m512i low = _mm512_cvtepu32_epi64(_mm512_castsi512_si256(amounts));
  const __m512i high = _mm512_cvtepu32_epi64(_mm512_extracti64x4_epi64(amounts, 1));
  _mm512_storeu_si512(sums, _mm512_add_epi64(_mm512_loadu_si512(sums), low));
  _mm512_storeu_si512(sums + 8, _mm512_add_epi64(_mm512_loadu_si512(sums + 8), high));
}

// Eight words, or the first n of them.
struct Bits {
  __m512i words;

  static Bits load(const uint64_t* from, size_t n) {
    return {_mm512_maskz_loadu_epi64(first_lanes(n), from)};
  }
  void store(uint64_t* to, size_t n) const { _mm512_mask_storeu_epi64(to, first_lanes(n), words); }
  static Bits sum(Bits a, Bits b, Bits c) {
    return {_mm512_ternarylogic_epi64(a.words, b.words, c.words, 0x96)};
  }
  static Bits carry(Bits a, Bits b, Bits c) {
    return {_mm512_ternarylogic_epi64(a.words, b.words, c.words, 0xe8)};
  }
};

}  // namespace

void decode_columns(const uint64_t* words, size_t n_rows, size_t words_per_row, uint64_t* offsets,
                    uint32_t* codes) {
  const __m512i ascending = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  size_t count = 0;
  offsets[0] = 0;
  for (size_t i = 0; i < n_rows; ++i, words += words_per_row) {
    for (size_t w = 0; w < words_per_row; ++w) {
      if (words[w] == 0) continue;
      for (size_t part = 0; part < 4; ++part) {
        const auto chosen = static_cast<__mmask16>(words[w] >> (16 * part));
        const __m512i first = _mm512_set1_epi32(static_cast<int>(w * 64 + 16 * part));
        count += store_chosen(chosen, _mm512_add_epi32(ascending, first), codes + count);
      }
    }
    offsets[i + 1] = count;
  }
}

void decode_groups(const uint64_t* words, size_t n_rows, size_t words_per_row, uint64_t* offsets,
                   uint32_t* codes) {
  // Lane l of 16 takes bits 4 l … 4 l + 3 of the word: the low half for lanes 0 to 7, the high one for the
  // others.
  const __m512i half = _mm512_setr_epi32(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
  const __m512i shift = _mm512_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28, 0, 4, 8, 12, 16, 20, 24, 28);
  const __m512i table_row =
      _mm512_setr_epi32(0, 16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240);
  size_t count = 0;
  offsets[0] = 0;
  for (size_t i = 0; i < n_rows; ++i, words += words_per_row) {
    for (size_t w = 0; w < words_per_row; ++w) {
      if (words[w] == 0) continue;
      const __m512i word = _mm512_set1_epi64(static_cast<int64_t>(words[w]));
      const __m512i pattern = _mm512_and_si512(_mm512_srlv_epi32(_mm512_permutexvar_epi32(half, word), shift),
                                               _mm512_set1_epi32(15));
      const __m512i first = _mm512_add_epi32(table_row, _mm512_set1_epi32(static_cast<int>(w * 256)));
      count += store_chosen(_mm512_test_epi32_mask(pattern, pattern), _mm512_add_epi32(first, pattern),
                            codes + count);
    }
    offsets[i + 1] = count;
  }
}

void dot_bits(const uint64_t* words, size_t n_words, const uint32_t* rows, size_t n_rows,
              const int32_t* weights, int32_t* out) {
  for (size_t j = 0; j < n_rows; ++j) {
    const uint64_t* row = words + rows[j] * n_words;
    __m512i a = _mm512_setzero_si512();
    __m512i b = _mm512_setzero_si512();
    __m512i c = _mm512_setzero_si512();
    __m512i d = _mm512_setzero_si512();
    for (size_t w = 0; w < n_words; ++w) {
      const __mmask64 ones = row[w];
      const int32_t* entries = weights + 64 * w;
      a = add_where(ones, a, _mm512_loadu_si512(entries));
      b = add_where(_kshiftri_mask64(ones, 16), b, _mm512_loadu_si512(entries + 16));
      c = add_where(_kshiftri_mask64(ones, 32), c, _mm512_loadu_si512(entries + 32));
      d = add_where(_kshiftri_mask64(ones, 48), d, _mm512_loadu_si512(entries + 48));
    }
    const __m512i sum = _mm512_add_epi32(_mm512_add_epi32(a, b), _mm512_add_epi32(c, d));
    out[j] = static_cast<int32_t>(static_cast<uint32_t>(out[j]) + sum_of_lanes(sum));
  }
}

// The sums of a word stay in registers while the rows stream through.
void add_weighted(const WeightedRow* rows, size_t n_rows, size_t n_words, int64_t* sums) {
  for (size_t w = 0; w < n_words; ++w, sums += 64) {
    __m512i a = _mm512_setzero_si512();
    __m512i b = _mm512_setzero_si512();
    __m512i c = _mm512_setzero_si512();
    __m512i d = _mm512_setzero_si512();
    for (size_t j = 0; j < n_rows; ++j) {
      const __mmask64 ones = rows[j].words[w];
      const __m512i amount = _mm512_set1_epi32(static_cast<int>(rows[j].amount));
      a = add_where(ones, a, amount);
      b = add_where(_kshiftri_mask64(ones, 16), b, amount);
      c = add_where(_kshiftri_mask64(ones, 32), c, amount);
      d = add_where(_kshiftri_mask64(ones, 48), d, amount);
    }
    add_at(a, sums);
    add_at(b, sums + 16);
    add_at(c, sums + 32);
    add_at(d, sums + 48);
  }
}

// Of few rows in 256 bits: planes are read and written for them all the same, with masks where a row has no
// multiple of eight words.
void count_bits(const uint64_t* words, size_t n_words, const uint32_t* rows, size_t n_rows,
                uint64_t* planes) {
  constexpr size_t kMany = 16;
  if (n_rows < kMany) return avx2::count_bits(words, n_words, rows, n_rows, planes);
  for (size_t w = 0; w < n_words; w += 8) {
    BitCounters<Bits>::add(words + w, n_words, n_words - w, rows, n_rows, planes + w);
  }
}

}  // namespace mixbern::kernel::avx512
