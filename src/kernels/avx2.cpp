// 256-bit kernel: 4 doubles or 64-bit integers an instruction.
//
// A packed row is first decoded into column numbers (one trailing-zero count a one, shared by all
// components); a tile of up to 16 components then stays in 4 registers while the table rows of those columns
// stream through. The limit is 2 loads a cycle: stride / 4 loads and additions a one.
#include <immintrin.h>

#include "kernels/kernel_table.hpp"

namespace mixbern::kernel {
namespace {

bool is_supported() {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0;
}

size_t trailing_zeros(uint64_t bits) {
  return static_cast<size_t>(__builtin_ctzll(bits));
}

// Room that decode_word may scribble over behind the columns it reports.
constexpr size_t kSlack = 64;

// Column numbers of the ones of one word. Eight are written whether there are so many or not: a branch for
// each would be mispredicted once a word, which costs more than the writing.
size_t decode_word(uint64_t bits, uint32_t first, uint32_t* columns) {
  const auto count = static_cast<size_t>(__builtin_popcountll(bits));
  for (size_t done = 0; done < count; done += 8) {
    for (size_t j = 0; j < 8; ++j) {
      columns[done + j] = first + static_cast<uint32_t>(_tzcnt_u64(bits));
      bits &= bits - 1;
    }
  }
  return count;
}

// Decodes words from *word on until `columns` could overflow or the row ends; *word moves to the next to
// decode.
size_t decode(const uint64_t* words, size_t words_per_row, size_t* word, uint32_t* columns) {
  size_t count = 0;
  size_t w = *word;
  for (; w < words_per_row && count + 64 <= kDecodeColumns; ++w) {
    count += decode_word(words[w], static_cast<uint32_t>(w * 64), columns + count);
  }
  *word = w;
  return count;
}

template <size_t kVectors>
void add_tile(const uint32_t* columns, size_t count, const double* table, size_t stride, double* out) {
  __m256d sum[kVectors];
  for (size_t v = 0; v < kVectors; ++v) sum[v] = _mm256_loadu_pd(out + 4 * v);
  for (size_t j = 0; j < count; ++j) {
    const double* row = table + columns[j] * stride;
    for (size_t v = 0; v < kVectors; ++v) sum[v] = _mm256_add_pd(sum[v], _mm256_loadu_pd(row + 4 * v));
  }
  for (size_t v = 0; v < kVectors; ++v) _mm256_storeu_pd(out + 4 * v, sum[v]);
}

void add_columns(const uint32_t* columns, size_t count, const double* table, size_t stride, double* out) {
  size_t k = 0;
  for (; k + 16 <= stride; k += 16) add_tile<4>(columns, count, table + k, stride, out + k);
  switch (stride - k) {
    case 4:
      return add_tile<1>(columns, count, table + k, stride, out + k);
    case 8:
      return add_tile<2>(columns, count, table + k, stride, out + k);
    case 12:
      return add_tile<3>(columns, count, table + k, stride, out + k);
    default:
      return;
  }
}

void add_products(const uint64_t* words, size_t n_rows, size_t words_per_row, const double* table,
                  size_t stride, double* out) {
  uint32_t columns[kDecodeColumns + kSlack];
  for (size_t i = 0; i < n_rows; ++i, words += words_per_row, out += stride) {
    for (size_t word = 0; word < words_per_row;) {
      const size_t count = decode(words, words_per_row, &word, columns);
      add_columns(columns, count, table, stride, out);
    }
  }
}

void add_products_sparse(const uint64_t* offsets, const uint32_t* columns, size_t n_rows, const double* table,
                         size_t stride, double* out) {
  for (size_t i = 0; i < n_rows; ++i, out += stride) {
    add_columns(columns + offsets[i], offsets[i + 1] - offsets[i], table, stride, out);
  }
}

// Same steps as exp_negative in scalar.cpp, four at a time.
__m256d exp_negative(__m256d x) {
  const __m256d magic = _mm256_set1_pd(kRoundMagic);
  const __m256d shifted = _mm256_add_pd(_mm256_mul_pd(x, _mm256_set1_pd(kLog2E)), magic);
  const __m256d n = _mm256_sub_pd(shifted, magic);
  const __m256d high = _mm256_sub_pd(x, _mm256_mul_pd(n, _mm256_set1_pd(kLn2High)));
  const __m256d r = _mm256_sub_pd(high, _mm256_mul_pd(n, _mm256_set1_pd(kLn2Low)));
  __m256d series = _mm256_set1_pd(kExpSeries[0]);
  for (int term = 1; term < kExpTerms; ++term) {
    series = _mm256_add_pd(_mm256_mul_pd(series, r), _mm256_set1_pd(kExpSeries[term]));
  }
  const __m256i exponent = _mm256_slli_epi64(_mm256_castpd_si256(shifted), 52);
  const __m256d result = _mm256_castsi256_pd(_mm256_add_epi64(_mm256_castpd_si256(series), exponent));
  return _mm256_and_pd(result, _mm256_cmp_pd(x, _mm256_set1_pd(kExpUnderflow), _CMP_GT_OQ));
}

double maximum_of(const double* values, size_t stride, const double* base) {
  __m256d maximum = _mm256_add_pd(_mm256_loadu_pd(values), _mm256_loadu_pd(base));
  for (size_t k = 4; k < stride; k += 4) {
    maximum = _mm256_max_pd(maximum, _mm256_add_pd(_mm256_loadu_pd(values + k), _mm256_loadu_pd(base + k)));
  }
  const __m128d pair = _mm_max_pd(_mm256_castpd256_pd128(maximum), _mm256_extractf128_pd(maximum, 1));
  return _mm_cvtsd_f64(_mm_max_sd(pair, _mm_unpackhi_pd(pair, pair)));
}

void softmax(double* values, size_t n_rows, size_t stride, const double* base, double* maxima, double* sums) {
  for (size_t i = 0; i < n_rows; ++i, values += stride) {
    const double maximum = maximum_of(values, stride, base);
    const __m256d finite_maximum = _mm256_set1_pd(maximum > -1e308 ? maximum : 0);
    __m256d lanes = _mm256_setzero_pd();
    for (size_t k = 0; k < stride; k += 4) {
      const __m256d joint = _mm256_add_pd(_mm256_loadu_pd(values + k), _mm256_loadu_pd(base + k));
      const __m256d e = exp_negative(_mm256_sub_pd(joint, finite_maximum));
      lanes = _mm256_add_pd(lanes, e);
      _mm256_storeu_pd(values + k, e);
    }
    const __m128d pair = _mm_add_pd(_mm256_castpd256_pd128(lanes), _mm256_extractf128_pd(lanes, 1));
    const double sum = _mm_cvtsd_f64(_mm_add_sd(pair, _mm_unpackhi_pd(pair, pair)));
    const __m256d inverse = _mm256_set1_pd(sum > 0 ? 1 / sum : 0);
    for (size_t k = 0; k < stride; k += 4) {
      _mm256_storeu_pd(values + k, _mm256_mul_pd(_mm256_loadu_pd(values + k), inverse));
    }
    maxima[i] = maximum;
    sums[i] = sum;
  }
}

void quantise(const double* values, size_t n_rows, size_t stride, const double* factors, int64_t* fixed) {
  const __m256d magic = _mm256_set1_pd(kRoundMagic);
  for (size_t i = 0; i < n_rows; ++i, values += stride, fixed += stride) {
    const __m256d factor = _mm256_set1_pd(factors[i]);
    for (size_t k = 0; k < stride; k += 4) {
      const __m256d shifted = _mm256_add_pd(_mm256_mul_pd(_mm256_loadu_pd(values + k), factor), magic);
      const __m256i integer = _mm256_sub_epi64(_mm256_castpd_si256(shifted), _mm256_castpd_si256(magic));
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(fixed + k), integer);
    }
  }
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

void add_dense(const uint32_t* columns, size_t count, const int64_t* fixed, size_t n, size_t stride,
               int64_t* sums) {
  for (size_t j = 0; j < count; ++j) {
    int64_t* row = sums + columns[j] * stride;
    for (size_t k = 0; k < n; k += 4) {
      auto* target = reinterpret_cast<__m256i*>(row + k);
      const __m256i values = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(fixed + k));
      _mm256_storeu_si256(target, _mm256_add_epi64(_mm256_loadu_si256(target), values));
    }
  }
}

void add_one(const uint32_t* columns, size_t count, int64_t value, size_t stride, int64_t* sums) {
  for (size_t j = 0; j < count; ++j) sums[columns[j] * stride] += value;
}

// 64 components at a time: few that are not zero are added one by one, many as vectors.
void add_outer_columns(const uint32_t* columns, size_t count, const int64_t* fixed, size_t stride,
                       int64_t* sums) {
  for (size_t first = 0; first < stride; first += 64) {
    const size_t n = stride - first < 64 ? stride - first : 64;
    uint64_t mask = nonzero_mask(fixed + first, n);
    if (static_cast<size_t>(__builtin_popcountll(mask)) > n / 4) {
      add_dense(columns, count, fixed + first, n, stride, sums + first);
      continue;
    }
    for (; mask != 0; mask &= mask - 1) {
      const size_t k = first + trailing_zeros(mask);
      add_one(columns, count, fixed[k], stride, sums + k);
    }
  }
}

void add_outer(const uint64_t* words, size_t n_rows, size_t words_per_row, const int64_t* fixed,
               size_t stride, int64_t* sums) {
  uint32_t columns[kDecodeColumns + kSlack];
  for (size_t i = 0; i < n_rows; ++i, words += words_per_row, fixed += stride) {
    for (size_t word = 0; word < words_per_row;) {
      const size_t count = decode(words, words_per_row, &word, columns);
      add_outer_columns(columns, count, fixed, stride, sums);
    }
  }
}

void add_outer_sparse(const uint64_t* offsets, const uint32_t* columns, size_t n_rows, const int64_t* fixed,
                      size_t stride, int64_t* sums) {
  for (size_t i = 0; i < n_rows; ++i, fixed += stride) {
    add_outer_columns(columns + offsets[i], offsets[i + 1] - offsets[i], fixed, stride, sums);
  }
}

}  // namespace

const KernelTable kAvx2Kernel = {
    "avx2",    "256-bit AVX2 and BMI", is_supported, add_products, add_products_sparse, softmax, quantise,
    add_outer, add_outer_sparse};

}  // namespace mixbern::kernel
