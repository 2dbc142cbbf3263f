// 512-bit kernel: a tile of 16 lanes an instruction. Sums of doubles are those of the 256-bit kernel.
//
// The limit of add_lanes is one 64-byte line a cycle from the first-level cache, half of that from the
// second.
#include <immintrin.h>

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

int32_t largest(const int32_t* values, size_t lanes) {
  __m512i maximum = _mm512_loadu_si512(values);
  for (size_t k = kLanes; k < lanes; k += kLanes) {
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
// Their exponentials are taken side by side, whatever row they are in.
constexpr size_t kEntries = 1024;

struct Entries {
  size_t begin[65];  // entries of a row; one more than rows
  // Written a vector at a time.
  int32_t below[kEntries + kLanes];  // value less maximum
  uint32_t component[kEntries + kLanes];
  double e[kEntries + kLanes];  // exp of that
};

// Appends the entries of row i.
void find_entries(const int32_t* values, size_t lanes, int32_t maximum, int64_t reach, size_t i,
                  Entries& entries) {
  const __m512i ascending = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const int64_t wanted = maximum - reach;
  const __m512i threshold = _mm512_set1_epi32(static_cast<int32_t>(wanted > INT32_MIN ? wanted : INT32_MIN));
  size_t count = entries.begin[i];
  for (size_t k = 0; k < lanes; k += kLanes) {
    const __m512i value = _mm512_loadu_si512(values + k);
    const __mmask16 near = _mm512_cmpgt_epi32_mask(value, threshold);
    if (near == 0) continue;
    const __m512i component = _mm512_add_epi32(ascending, _mm512_set1_epi32(static_cast<int>(k)));
    _mm512_storeu_si512(entries.component + count, _mm512_maskz_compress_epi32(near, component));
    const __m512i below = _mm512_sub_epi32(value, _mm512_set1_epi32(maximum));
    count += store_chosen(near, below, reinterpret_cast<uint32_t*>(entries.below + count));
  }
  entries.begin[i + 1] = count;
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

// The first of the largest.
uint32_t best_of(const Entries& entries, size_t j) {
  while (entries.below[j] != 0) ++j;
  return entries.component[j];
}

// Responsibilities of a row that components share, and their counts.
void share(Entries& entries, size_t begin, size_t end, double factor, size_t stride, int64_t* fixed,
           int64_t* counts) {
  for (size_t k = 0; k < stride; k += 8) {
    _mm512_mask_storeu_epi64(fixed + k, first_lanes(stride - k), _mm512_setzero_si512());
  }
  for (size_t j = begin; j < end; j += 8) {
    int64_t responsibilities[8];
    const __m512d e = _mm512_maskz_loadu_pd(first_lanes(end - j), entries.e + j);
    _mm512_storeu_si512(responsibilities, rounded(_mm512_mul_pd(e, _mm512_set1_pd(factor))));
    const size_t n = end - j < 8 ? end - j : 8;
    for (size_t l = 0; l < n; ++l) {
      const uint32_t k = entries.component[j + l];
      fixed[k] = responsibilities[l];
      counts[k] += responsibilities[l];
    }
  }
}

size_t softmax_fixed(const int32_t* values, size_t values_stride, size_t n_rows, size_t lanes, double unit,
                     const double* factors, size_t stride, int32_t* maxima, double* sums, uint32_t* sole,
                     uint32_t* shared, int64_t* fixed, int64_t* counts) {
  if (lanes > kEntries) {
    return avx2::softmax_fixed(values, values_stride, n_rows, lanes, unit, factors, stride, maxima, sums,
                               sole, shared, fixed, counts);
  }
  const auto reach = static_cast<int64_t>(kNegligible / unit);
  Entries entries;
  size_t n_shared = 0;
  for (size_t first = 0; first < n_rows;) {
    size_t n = 0;
    entries.begin[0] = 0;
    for (; n < 64 && first + n < n_rows && entries.begin[n] + lanes <= kEntries; ++n) {
      const int32_t* row = values + (first + n) * values_stride;
      maxima[first + n] = largest(row, lanes);
      find_entries(row, lanes, maxima[first + n], reach, n, entries);
    }
    take_exponentials(entries.begin[n], unit, entries);
    for (size_t j = 0; j < n; ++j) {
      const size_t i = first + j;
      const size_t begin = entries.begin[j];
      const size_t end = entries.begin[j + 1];
      const auto all = static_cast<int64_t>(factors[i]);
      sums[i] = end - begin == 1 ? 1 : sum_of(entries.e + begin, end - begin);
      const double factor = factors[i] / sums[i];
      if (end - begin == 1 || static_cast<int64_t>(__builtin_nearbyint(factor)) == all) {
        sole[i] = best_of(entries, begin);
        counts[sole[i]] += all;
        continue;
      }
      sole[i] = kNone;
      share(entries, begin, end, factor, stride, fixed, counts);
      shared[n_shared++] = static_cast<uint32_t>(i);
      fixed += stride;
    }
    first += n;
  }
  return n_shared;
}

void count_bits(const uint64_t* words, size_t n_words, uint8_t* counters) {
  for (size_t w = 0; w < n_words; ++w) {
    const __m512i before = _mm512_loadu_si512(counters + 64 * w);
    _mm512_storeu_si512(counters + 64 * w,
                        _mm512_mask_sub_epi8(before, words[w], before, _mm512_set1_epi8(-1)));
  }
}

}  // namespace

const KernelTable kAvx512Kernel = {"avx512",        "512-bit AVX-512 (F, BW, DQ, VL)",
                                   is_supported,    decode_columns,
                                   decode_groups,   avx2::add_rows,
                                   add_lanes,       avx2::softmax,
                                   softmax_fixed,   avx2::quantise,
                                   avx2::add_outer, count_bits,
                                   logarithms};

}  // namespace mixbern::kernel
