// 512-bit kernel: a tile of 16 lanes an instruction. Sums of doubles are those of the 256-bit kernel.
//
// The limit of add_lanes is one 64-byte line a cycle from the first-level cache, half of that from the
// second.
#include <immintrin.h>

#include "kernels/bit_counters.hpp"
#include "kernels/kernel_table.hpp"

namespace mixbern::kernel {
namespace {

bool is_supported() {
  return kAvx2Kernel.is_supported() && __builtin_cpu_supports("avx512f") != 0 &&
         __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
         __builtin_cpu_supports("avx512vl") != 0;
}

size_t count_ones(unsigned mask) {
  return static_cast<size_t>(__builtin_popcount(mask));
}

// Compressed in a register and stored whole: compressing into memory is slow on some processors.
size_t store_chosen(__mmask16 chosen, __m512i values, uint32_t* to) {
  _mm512_storeu_si512(to, _mm512_maskz_compress_epi32(chosen, values));
  return count_ones(chosen);
}

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

void add_lanes(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const int32_t* tile,
               const int32_t* start, size_t start_stride, int32_t* out, size_t out_stride) {
  for (size_t i = 0; i < n_rows; ++i, start += start_stride, out += out_stride) {
    const uint32_t* code = codes + offsets[i];
    const uint32_t* end = codes + offsets[i + 1];
    __m512i sum = _mm512_loadu_si512(start);
    __m512i other = _mm512_setzero_si512();
    for (; code + 2 <= end; code += 2) {
      sum = _mm512_add_epi32(sum, _mm512_loadu_si512(tile + code[0] * kLanes));
      other = _mm512_add_epi32(other, _mm512_loadu_si512(tile + code[1] * kLanes));
    }
    if (code != end) other = _mm512_add_epi32(other, _mm512_loadu_si512(tile + *code * kLanes));
    _mm512_storeu_si512(out, _mm512_add_epi32(sum, other));
  }
}

__m512i coarse(const int32_t* entries, int32_t lift, float scale) {
  const __m512i lifted = _mm512_add_epi32(_mm512_loadu_si512(entries), _mm512_set1_epi32(lift));
  return _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_cvtepi32_ps(lifted), _mm512_set1_ps(scale)));
}

void coarsen(const int32_t* tiles, size_t n_tiles, size_t n_codes, const int32_t* lifts, float scale,
             uint8_t* lines) {
  for (size_t j = 0; j < n_codes; ++j, lines += kByteLanes) {
    __m512i tile[4];
    for (size_t t = 0; t < 4; ++t) {
      tile[t] =
          t < n_tiles ? coarse(tiles + (t * n_codes + j) * kLanes, lifts[j], scale) : _mm512_setzero_si512();
    }
    for (size_t t = 0; t < 2; ++t) {
      const __m512i words = _mm512_or_si512(tile[t], _mm512_slli_epi32(tile[t + 2], 8));
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(lines) + t, _mm512_cvtepi32_epi16(words));
    }
  }
}

// A line is 32 words; sums of the words and of their upper bytes give those of the lower ones.
void add_bytes(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const uint8_t* lines,
               const uint16_t* start, size_t start_stride, uint16_t* out, size_t out_stride) {
  for (size_t i = 0; i < n_rows; ++i, start += start_stride, out += out_stride) {
    __m512i words = _mm512_setzero_si512();
    __m512i odd = _mm512_setzero_si512();
    for (uint64_t j = offsets[i]; j < offsets[i + 1]; ++j) {
      const __m512i bytes = _mm512_loadu_si512(lines + codes[j] * kByteLanes);
      words = _mm512_add_epi16(words, bytes);
      odd = _mm512_add_epi16(odd, _mm512_srli_epi16(bytes, 8));
    }
    const __m512i even = _mm512_sub_epi16(words, _mm512_slli_epi16(odd, 8));
    _mm512_storeu_si512(out, _mm512_add_epi16(_mm512_loadu_si512(start), even));
    _mm512_storeu_si512(out + 32, _mm512_add_epi16(_mm512_loadu_si512(start + 32), odd));
  }
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

void find_near(const uint16_t* values, size_t stride, size_t n_rows, size_t n_components,
               const uint16_t* reaches, uint32_t* begins, uint32_t* components) {
  begins[0] = 0;
  for (size_t i = 0; i < n_rows; ++i, values += stride) {
    const int wanted = largest_word(values, n_components) - reaches[i];
    const __m512i threshold = _mm512_set1_epi16(static_cast<int16_t>(wanted > 0 ? wanted : 0));
    uint32_t count = begins[i];
    for (size_t k = 0; k < n_components; k += 32) {
      uint32_t near = _mm512_cmpge_epu16_mask(_mm512_loadu_si512(values + k), threshold);
      if (n_components - k < 32) near &= (1U << (n_components - k)) - 1;
      for (; near != 0; near &= near - 1) {
        components[count++] = static_cast<uint32_t>(k) + static_cast<uint32_t>(__builtin_ctz(near));
      }
    }
    while (count % kLanes != 0) components[count++] = kNone;
    begins[i + 1] = count;
  }
}

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

// a · b + c, rounded twice.
__m512d multiply_add(__m512d a, __m512d b, __m512d c) {
  return _mm512_add_pd(_mm512_mul_pd(a, b), c);
}

// Same steps as exp_negative in scalar.cpp, eight at a time. REQUIRES: x > kExpUnderflow.
[[gnu::always_inline]] inline __m512d exp_negative(__m512d x) {
  const __m512d magic = _mm512_set1_pd(kRoundMagic);
  const __m512d shifted = _mm512_add_pd(_mm512_mul_pd(x, _mm512_set1_pd(kLog2E)), magic);
  const __m512d n = _mm512_sub_pd(shifted, magic);
  const __m512d reduced = _mm512_sub_pd(x, _mm512_mul_pd(n, _mm512_set1_pd(kLn2High)));
  const __m512d r = _mm512_sub_pd(reduced, _mm512_mul_pd(n, _mm512_set1_pd(kLn2Low)));
  __m512d pairs[kExpTerms / 2];
  for (int j = 0; j < kExpTerms / 2; ++j) {
    pairs[j] = multiply_add(_mm512_set1_pd(kExpSeries[2 * j + 1]), r, _mm512_set1_pd(kExpSeries[2 * j]));
  }
  const __m512d r2 = _mm512_mul_pd(r, r);
  const __m512d r4 = _mm512_mul_pd(r2, r2);
  const __m512d low =
      multiply_add(multiply_add(pairs[3], r2, pairs[2]), r4, multiply_add(pairs[1], r2, pairs[0]));
  const __m512d high = multiply_add(pairs[6], r4, multiply_add(pairs[5], r2, pairs[4]));
  const __m512d series = multiply_add(high, _mm512_mul_pd(r4, r4), low);
  const __m512i exponent = _mm512_slli_epi64(_mm512_castpd_si512(shifted), 52);
  return _mm512_castsi512_pd(_mm512_add_epi64(_mm512_castpd_si512(series), exponent));
}

// The lanes of either half, with the pairs of each changed round.
__m512d other_pairs(__m512d x) {
  return _mm512_shuffle_f64x2(x, x, 0b10110001);
}

__m512d other_of_pairs(__m512d x) {
  return _mm512_permute_pd(x, 0b01010101);
}

__m128d first_of_halves(__m512d x) {
  return _mm_unpacklo_pd(_mm512_castpd512_pd128(x), _mm512_extractf64x2_pd(x, 2));
}

// Two rows of four components at most.
void softmax(double* values, size_t n_rows, size_t stride, const double* base, double* maxima, double* sums) {
  if (stride != 4) return avx2::softmax(values, n_rows, stride, base, maxima, sums);
  const __m512d base_twice = _mm512_broadcast_f64x4(_mm256_loadu_pd(base));
  size_t i = 0;
  for (; i + 2 <= n_rows; i += 2) {
    const __m512d joint = _mm512_add_pd(_mm512_loadu_pd(values + 4 * i), base_twice);
    __m512d maximum = _mm512_max_pd(joint, other_pairs(joint));
    maximum = _mm512_max_pd(maximum, other_of_pairs(maximum));
    const __mmask8 possible = _mm512_cmp_pd_mask(maximum, _mm512_set1_pd(-1e308), _CMP_GT_OQ);
    const __m512d x = _mm512_sub_pd(joint, _mm512_maskz_mov_pd(possible, maximum));
    const __mmask8 matters = _mm512_cmp_pd_mask(x, _mm512_set1_pd(kExpUnderflow), _CMP_GT_OQ);
    const __m512d e = _mm512_maskz_mov_pd(matters, exp_negative(x));
    __m512d sum = _mm512_add_pd(e, other_pairs(e));
    sum = _mm512_add_pd(sum, other_of_pairs(sum));
    const __m512d inverse = _mm512_maskz_div_pd(possible, _mm512_set1_pd(1), sum);
    _mm512_storeu_pd(values + 4 * i, _mm512_mul_pd(e, inverse));
    _mm_storeu_pd(maxima + i, first_of_halves(maximum));
    _mm_storeu_pd(sums + i, first_of_halves(sum));
  }
  avx2::softmax(values + 4 * i, n_rows - i, stride, base, maxima + i, sums + i);
}

// Same steps as logarithm in scalar.cpp, eight at a time.
[[gnu::always_inline]] inline __m512d logarithm(__m512d x) {
  const __mmask8 subnormal = _mm512_cmp_pd_mask(x, _mm512_set1_pd(kSmallestNormal), _CMP_LT_OQ);
  const __m512i bits = _mm512_castpd_si512(_mm512_mask_mul_pd(x, subnormal, x, _mm512_set1_pd(kTwoTo54)));
  const __m512i bias = _mm512_set1_epi64(int64_t{1024} << 52);
  const __m512i offset = _mm512_sub_epi64(bits, _mm512_set1_epi64(static_cast<int64_t>(kSqrtHalfBits)));
  const __m512i shifted = _mm512_and_si512(_mm512_add_epi64(offset, bias),
                                           _mm512_set1_epi64(static_cast<int64_t>(0xfff0000000000000)));
  const __m512d too_much = _mm512_mask_mov_pd(_mm512_set1_pd(1024), subnormal, _mm512_set1_pd(1078));
  const __m512d exponent = _mm512_sub_pd(_mm512_cvtepi64_pd(_mm512_srli_epi64(shifted, 52)), too_much);
  const __m512d mantissa = _mm512_castsi512_pd(_mm512_add_epi64(_mm512_sub_epi64(bits, shifted), bias));
  const __m512d f = _mm512_sub_pd(mantissa, _mm512_set1_pd(1));
  const __m512d s = _mm512_div_pd(f, _mm512_add_pd(_mm512_set1_pd(2), f));
  const __m512d square = _mm512_mul_pd(s, s);
  __m512d series = _mm512_set1_pd(kLogSeries[0]);
  for (int term = 1; term < kLogTerms; ++term) {
    series = _mm512_add_pd(_mm512_mul_pd(series, square), _mm512_set1_pd(kLogSeries[term]));
  }
  const __m512d tail = _mm512_add_pd(_mm512_mul_pd(_mm512_mul_pd(s, square), series),
                                     _mm512_mul_pd(exponent, _mm512_set1_pd(kLn2Low)));
  const __m512d result = _mm512_add_pd(_mm512_mul_pd(exponent, _mm512_set1_pd(kLn2High)),
                                       _mm512_add_pd(_mm512_mul_pd(_mm512_set1_pd(2), s), tail));
  const __mmask8 positive = _mm512_cmp_pd_mask(x, _mm512_setzero_pd(), _CMP_GT_OQ);
  return _mm512_mask_mov_pd(_mm512_set1_pd(-__builtin_inf()), positive, result);
}

// The first n of 8 lanes.
__mmask8 first_lanes(size_t n) {
  return static_cast<__mmask8>(n >= 8 ? 0xff : (1U << n) - 1);
}

void logarithms(const double* x, size_t n, double* out) {
  for (size_t i = 0; i < n; i += 8) {
    const __mmask8 there = first_lanes(n - i);
    _mm512_mask_storeu_pd(out + i, there, logarithm(_mm512_maskz_loadu_pd(there, x + i)));
  }
}

int32_t largest(const int32_t* values, size_t n) {
  __m512i maximum = _mm512_loadu_si512(values);
  for (size_t k = kLanes; k < n; k += kLanes) {
    maximum = _mm512_max_epi32(maximum, _mm512_loadu_si512(values + k));
  }
  return _mm512_reduce_max_epi32(maximum);
}

// REQUIRES: 0 <= x < 2^51.
__m512i rounded(__m512d x) {
  const __m512d magic = _mm512_set1_pd(kRoundMagic);
  return _mm512_sub_epi64(_mm512_castpd_si512(_mm512_add_pd(x, magic)), _mm512_castpd_si512(magic));
}

// Entries that matter, those near the maximum of their row, of some rows: few, mostly, among all components.
// Their exponentials are taken side by side, whatever row they are in. A row with one of them has none here:
// its sum is known.
constexpr size_t kEntries = 1024;

struct Entries {
  size_t row[65];
  size_t begin[65];  // entries of a row; one more than rows
  // Written a vector at a time.
  int32_t below[kEntries + kLanes];  // value less maximum
  uint32_t component[kEntries + kLanes];
  double e[kEntries + kLanes];  // exp of that
};

// Of a row: n values for `components`; null: 0, 1, ….
struct RowLanes {
  const int32_t* values;
  const uint32_t* components;
  size_t n;
};

RowLanes row_of(const Lanes& lanes, size_t i) {
  if (lanes.begins == nullptr) return {lanes.values + i * lanes.stride, nullptr, lanes.most};
  const size_t begin = lanes.begins[i];
  return {lanes.values + begin, lanes.components + begin, lanes.begins[i + 1] - begin};
}

// Entries of a row from number `count` on; how many there are then.
[[gnu::always_inline]] inline size_t find_entries(const RowLanes& lanes, int32_t maximum, int64_t reach,
                                                  size_t count, Entries& entries) {
  const __m512i ascending = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const int64_t wanted = maximum - reach;
  const __m512i threshold = _mm512_set1_epi32(static_cast<int32_t>(wanted > INT32_MIN ? wanted : INT32_MIN));
  for (size_t l = 0; l < lanes.n; l += kLanes) {
    const __m512i value = _mm512_loadu_si512(lanes.values + l);
    const __mmask16 near = _mm512_cmpgt_epi32_mask(value, threshold);
    if (near == 0) continue;
    const __m512i component = lanes.components == nullptr
                                  ? _mm512_add_epi32(ascending, _mm512_set1_epi32(static_cast<int>(l)))
                                  : _mm512_loadu_si512(lanes.components + l);
    _mm512_storeu_si512(entries.component + count, _mm512_maskz_compress_epi32(near, component));
    const __m512i below = _mm512_sub_epi32(value, _mm512_set1_epi32(maximum));
    count += store_chosen(near, below, reinterpret_cast<uint32_t*>(entries.below + count));
  }
  return count;
}

void take_exponentials(size_t count, double unit, Entries& entries) {
  for (size_t j = 0; j < count; j += 8) {
    const __m256i below = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(entries.below + j));
    _mm512_storeu_pd(entries.e + j,
                     exp_negative(_mm512_mul_pd(_mm512_cvtepi32_pd(below), _mm512_set1_pd(unit))));
  }
}

double sum_of(const double* e, size_t count) {
  __m512i sum = _mm512_setzero_si512();
  for (size_t j = 0; j < count; j += 8) {
    const __m512d values = _mm512_maskz_loadu_pd(first_lanes(count - j), e + j);
    sum = _mm512_add_epi64(sum, rounded(_mm512_mul_pd(values, _mm512_set1_pd(kSumScale))));
  }
  return static_cast<double>(_mm512_reduce_add_epi64(sum)) * (1 / kSumScale);
}

// The component of the first of the largest.
uint32_t best_of(const Entries& entries, size_t j) {
  for (;; j += kLanes) {
    const __m512i below = _mm512_loadu_si512(entries.below + j);
    const __mmask16 largest = _mm512_testn_epi32_mask(below, below);
    if (largest != 0) return entries.component[j + static_cast<size_t>(__builtin_ctz(largest))];
  }
}

// The shares of a row, behind those that are there. Returns where they end.
size_t share(const Entries& entries, size_t begin, size_t end, double factor, size_t to, Shares* shares) {
  for (size_t j = begin; j < end; j += 8) {
    const __m512d e = _mm512_maskz_loadu_pd(first_lanes(end - j), entries.e + j);
    _mm512_storeu_si512(shares->amounts + to + j - begin, rounded(_mm512_mul_pd(e, _mm512_set1_pd(factor))));
    const auto* components = reinterpret_cast<const __m256i*>(entries.component + j);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(shares->components + to + j - begin),
                        _mm256_loadu_si256(components));
  }
  return to + end - begin;
}

// Whether a row has one entry is as good as random. So there is no branch on it: an entry that turns out to
// be alone is written over.
void softmax_fixed(const Lanes& lanes, size_t n_rows, double unit, const double* factors, int32_t* maxima,
                   double* sums, uint32_t* sole, Shares* shares) {
  if (lanes.most > kEntries) {
    return avx2::softmax_fixed(lanes, n_rows, unit, factors, maxima, sums, sole, shares);
  }
  const auto reach = static_cast<int64_t>(kNegligible / unit);
  Entries entries;
  entries.begin[0] = 0;
  size_t n_shared = 0;
  size_t n_shares = 0;
  shares->begins[0] = 0;
  for (size_t i = 0; i < n_rows;) {
    size_t n = 0;
    size_t count = 0;
    for (; i < n_rows && n < 64; ++i) {
      const RowLanes row = row_of(lanes, i);
      if (count + row.n > kEntries) break;
      const int32_t maximum = largest(row.values, row.n);
      const size_t end = find_entries(row, maximum, reach, count, entries);
      maxima[i] = maximum;
      sums[i] = 1;
      const size_t is_more = end - count == 1 ? 0 : 1;
      sole[i] = entries.component[count] | (0U - static_cast<uint32_t>(is_more));
      entries.row[n] = i;
      n += is_more;
      count += (end - count) & (0 - is_more);
      entries.begin[n] = count;
    }
    take_exponentials(count, unit, entries);
    for (size_t j = 0; j < n; ++j) {
      const size_t of = entries.row[j];
      const size_t begin = entries.begin[j];
      const size_t end = entries.begin[j + 1];
      sums[of] = sum_of(entries.e + begin, end - begin);
      const double factor = factors[of] / sums[of];
      if (static_cast<int64_t>(__builtin_nearbyint(factor)) == static_cast<int64_t>(factors[of])) {
        sole[of] = best_of(entries, begin);
        continue;
      }
      n_shares = share(entries, begin, end, factor, n_shares, shares);
      shares->rows[n_shared] = static_cast<uint32_t>(of);
      shares->begins[++n_shared] = static_cast<uint32_t>(n_shares);
    }
  }
  shares->n_rows = n_shared;
}

// Adds sixteen unsigned integers.
void add_to(int64_t* sums, __m512i amounts) {
  const __m512i low = _mm512_cvtepu32_epi64(_mm512_castsi512_si256(amounts));
  const __m512i high = _mm512_cvtepu32_epi64(_mm512_extracti64x4_epi64(amounts, 1));
  _mm512_storeu_si512(sums, _mm512_add_epi64(_mm512_loadu_si512(sums), low));
  _mm512_storeu_si512(sums + 8, _mm512_add_epi64(_mm512_loadu_si512(sums + 8), high));
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
    add_to(sums, a);
    add_to(sums + 16, b);
    add_to(sums + 32, c);
    add_to(sums + 48, d);
  }
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

void count_bits(const uint64_t* words, size_t n_words, const uint32_t* rows, size_t n_rows,
                uint64_t* planes) {
  for (size_t w = 0; w < n_words; w += 8) {
    BitCounters<Bits>::add(words + w, n_words, n_words - w, rows, n_rows, planes + w);
  }
}

}  // namespace

const KernelTable kAvx512Kernel = {"avx512",        "512-bit AVX-512 (F, BW, DQ, VL)",
                                   is_supported,    decode_columns,
                                   decode_groups,   avx2::add_rows,
                                   add_lanes,       coarsen,
                                   add_bytes,       find_near,
                                   dot_bits,        softmax,
                                   softmax_fixed,   avx2::quantise,
                                   avx2::add_outer, add_weighted,
                                   count_bits,      logarithms};

}  // namespace mixbern::kernel
