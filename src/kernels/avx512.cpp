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

// The first lane that is the maximum, and whether it is the only one above the threshold.
struct Best {
  uint32_t lane;
  bool alone;
};

Best find_best(const int32_t* values, size_t lanes, int32_t maximum, int32_t threshold) {
  size_t n_near = 0;
  uint32_t best = kNone;
  for (size_t k = 0; k < lanes; k += kLanes) {
    const __m512i value = _mm512_loadu_si512(values + k);
    const __mmask16 near = _mm512_cmpgt_epi32_mask(value, _mm512_set1_epi32(threshold));
    n_near += count_ones(near);
    if (near == 0 || best != kNone) continue;
    const unsigned is_best = _mm512_cmpeq_epi32_mask(value, _mm512_set1_epi32(maximum));
    if (is_best != 0) best = static_cast<uint32_t>(k) + static_cast<uint32_t>(__builtin_ctz(is_best));
  }
  return {best, n_near == 1};
}

size_t softmax_fixed(const int32_t* values, size_t values_stride, size_t n_rows, size_t lanes, double unit,
                     const double* factors, size_t stride, int32_t* maxima, double* sums, uint32_t* sole,
                     uint32_t* shared, int64_t* fixed, int64_t* counts) {
  const auto reach = static_cast<int64_t>(kNegligible / unit);
  const size_t used = lanes < stride ? lanes : stride;
  size_t n_shared = 0;
  for (size_t i = 0; i < n_rows; ++i, values += values_stride) {
    const int32_t maximum = largest(values, lanes);
    const int64_t wanted = maximum - reach;
    const auto threshold = static_cast<int32_t>(wanted > INT32_MIN ? wanted : INT32_MIN);
    const Best best = find_best(values, lanes, maximum, threshold);
    const auto all = static_cast<int64_t>(factors[i]);
    maxima[i] = maximum;
    if (best.alone) {
      sums[i] = 1;
      sole[i] = best.lane;
      counts[best.lane] += all;
      continue;
    }
    __m512i sum_lanes = _mm512_setzero_si512();
    for (size_t k = 0; k < used; k += 8) {
      const __m256i value = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values + k));
      const __mmask8 there = first_lanes(used - k);
      const __mmask8 near = _mm256_mask_cmpgt_epi32_mask(there, value, _mm256_set1_epi32(threshold));
      __m512d e = _mm512_setzero_pd();
      if (near != 0) {
        const __m256i difference = _mm256_maskz_sub_epi32(near, value, _mm256_set1_epi32(maximum));
        e = _mm512_maskz_mov_pd(
            near, exp_negative(_mm512_mul_pd(_mm512_cvtepi32_pd(difference), _mm512_set1_pd(unit))));
        sum_lanes = _mm512_add_epi64(sum_lanes, rounded(_mm512_mul_pd(e, _mm512_set1_pd(kSumScale))));
      }
      _mm512_mask_storeu_epi64(fixed + k, there, _mm512_castpd_si512(e));
    }
    sums[i] = static_cast<double>(_mm512_reduce_add_epi64(sum_lanes)) * (1 / kSumScale);
    const double factor = factors[i] / sums[i];
    if (static_cast<int64_t>(__builtin_nearbyint(factor)) == all) {
      sole[i] = best.lane;
      counts[best.lane] += all;
      continue;
    }
    sole[i] = kNone;
    for (size_t k = 0; k < used; k += 8) {
      const __mmask8 there = first_lanes(used - k);
      const __m512i e = _mm512_maskz_loadu_epi64(there, fixed + k);
      if (_mm512_test_epi64_mask(e, e) == 0) continue;
      const __m512i responsibility = rounded(_mm512_mul_pd(_mm512_castsi512_pd(e), _mm512_set1_pd(factor)));
      _mm512_mask_storeu_epi64(fixed + k, there, responsibility);
      const __m512i count = _mm512_maskz_loadu_epi64(there, counts + k);
      _mm512_mask_storeu_epi64(counts + k, there, _mm512_add_epi64(count, responsibility));
    }
    for (size_t k = used; k < stride; ++k) fixed[k] = 0;
    shared[n_shared++] = static_cast<uint32_t>(i);
    fixed += stride;
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
