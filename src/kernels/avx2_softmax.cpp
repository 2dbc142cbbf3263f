// 256-bit kernel: responsibilities, 4 doubles or 64-bit integers an instruction.
#include <immintrin.h>

#include "kernels/series.hpp"
#include "kernels/x86.hpp"

namespace mixbern::kernel::avx2 {
namespace {

// a · b + c, rounded twice.
__m256d multiply_add(__m256d a, __m256d b, __m256d c) {
  return _mm256_add_pd(_mm256_mul_pd(a, b), c);
}

// Same steps as exp_negative in scalar.cpp, four at a time.
[[gnu::always_inline]] inline __m256d exp_negative(__m256d x) {
  const __m256d magic = _mm256_set1_pd(kRoundMagic);
  const __m256d shifted = _mm256_add_pd(_mm256_mul_pd(x, _mm256_set1_pd(kLog2E)), magic);
  const __m256d n = _mm256_sub_pd(shifted, magic);
  const __m256d reduced = _mm256_sub_pd(x, _mm256_mul_pd(n, _mm256_set1_pd(kLn2High)));
  const __m256d r = _mm256_sub_pd(reduced, _mm256_mul_pd(n, _mm256_set1_pd(kLn2Low)));
  __m256d pairs[kExpTerms / 2];
  for (int j = 0; j < kExpTerms / 2; ++j) {
    pairs[j] = multiply_add(_mm256_set1_pd(kExpSeries[2 * j + 1]), r, _mm256_set1_pd(kExpSeries[2 * j]));
  }
  const __m256d r2 = _mm256_mul_pd(r, r);
  const __m256d r4 = _mm256_mul_pd(r2, r2);
  const __m256d low =
      multiply_add(multiply_add(pairs[3], r2, pairs[2]), r4, multiply_add(pairs[1], r2, pairs[0]));
  const __m256d high = multiply_add(pairs[6], r4, multiply_add(pairs[5], r2, pairs[4]));
  const __m256d series = multiply_add(high, _mm256_mul_pd(r4, r4), low);
  const __m256i exponent = _mm256_slli_epi64(_mm256_castpd_si256(shifted), 52);
  const __m256d result = _mm256_castsi256_pd(_mm256_add_epi64(_mm256_castpd_si256(series), exponent));
  return _mm256_and_pd(result, _mm256_cmp_pd(x, _mm256_set1_pd(kExpUnderflow), _CMP_GT_OQ));
}

// Same steps as logarithm in scalar.cpp, four at a time.
__m256d logarithm(__m256d x) {
  const __m256d subnormal = _mm256_cmp_pd(x, _mm256_set1_pd(kSmallestNormal), _CMP_LT_OQ);
  const __m256d scaled = _mm256_mul_pd(x, _mm256_set1_pd(kTwoTo54));
  const __m256i bits = _mm256_castpd_si256(_mm256_blendv_pd(x, scaled, subnormal));
  const __m256i bias = _mm256_set1_epi64x(int64_t{1024} << 52);
  const __m256i offset = _mm256_sub_epi64(bits, _mm256_set1_epi64x(static_cast<int64_t>(kSqrtHalfBits)));
  const __m256i shifted = _mm256_and_si256(_mm256_add_epi64(offset, bias),
                                           _mm256_set1_epi64x(static_cast<int64_t>(0xfff0000000000000)));
  // An integer below 2^51 in the last bits of the magic number is that number more.
  const __m256d magic = _mm256_set1_pd(kRoundMagic);
  const __m256i low = _mm256_or_si256(_mm256_srli_epi64(shifted, 52), _mm256_castpd_si256(magic));
  const __m256d too_much = _mm256_blendv_pd(_mm256_set1_pd(1024), _mm256_set1_pd(1078), subnormal);
  const __m256d exponent = _mm256_sub_pd(_mm256_sub_pd(_mm256_castsi256_pd(low), magic), too_much);
  const __m256d mantissa = _mm256_castsi256_pd(_mm256_add_epi64(_mm256_sub_epi64(bits, shifted), bias));
  const __m256d f = _mm256_sub_pd(mantissa, _mm256_set1_pd(1));
  const __m256d s = _mm256_div_pd(f, _mm256_add_pd(_mm256_set1_pd(2), f));
  const __m256d square = _mm256_mul_pd(s, s);
  __m256d series = _mm256_set1_pd(kLogSeries[0]);
  for (int term = 1; term < kLogTerms; ++term) {
    series = _mm256_add_pd(_mm256_mul_pd(series, square), _mm256_set1_pd(kLogSeries[term]));
  }
  const __m256d tail = _mm256_add_pd(_mm256_mul_pd(_mm256_mul_pd(s, square), series),
                                     _mm256_mul_pd(exponent, _mm256_set1_pd(kLn2Low)));
  const __m256d result = _mm256_add_pd(_mm256_mul_pd(exponent, _mm256_set1_pd(kLn2High)),
                                       _mm256_add_pd(_mm256_mul_pd(_mm256_set1_pd(2), s), tail));
  const __m256d positive = _mm256_cmp_pd(x, _mm256_setzero_pd(), _CMP_GT_OQ);
  return _mm256_blendv_pd(_mm256_set1_pd(-__builtin_inf()), result, positive);
}

__m256d add(const double* a, const double* b) {
  return _mm256_add_pd(_mm256_loadu_pd(a), _mm256_loadu_pd(b));
}

double largest(__m256d lanes) {
  const __m128d pair = _mm_max_pd(_mm256_castpd256_pd128(lanes), _mm256_extractf128_pd(lanes, 1));
  return _mm_cvtsd_f64(_mm_max_sd(pair, _mm_unpackhi_pd(pair, pair)));
}

double sum_of(__m256d lanes) {
  const __m128d pair = _mm_add_pd(_mm256_castpd256_pd128(lanes), _mm256_extractf128_pd(lanes, 1));
  return _mm_cvtsd_f64(_mm_add_sd(pair, _mm_unpackhi_pd(pair, pair)));
}

// exp(joint − maximum): 0 in all lanes of a row that is impossible.
[[gnu::always_inline]] inline __m256d likelihoods(__m256d joint, double maximum) {
  return exp_negative(_mm256_sub_pd(joint, _mm256_set1_pd(maximum > -1e308 ? maximum : 0)));
}

__m256d inverse(double sum) {
  return _mm256_set1_pd(sum > 0 ? 1 / sum : 0);
}

// Four components at most stay in a register.
void softmax_four(double* values, size_t n_rows, const double* base, double* maxima, double* sums) {
  for (size_t i = 0; i < n_rows; ++i, values += 4) {
    const __m256d joint = add(values, base);
    maxima[i] = largest(joint);
    const __m256d e = likelihoods(joint, maxima[i]);
    sums[i] = sum_of(e);
    _mm256_storeu_pd(values, _mm256_mul_pd(e, inverse(sums[i])));
  }
}

double maximum_of(const double* values, size_t stride, const double* base) {
  __m256d maximum = add(values, base);
  for (size_t k = 4; k < stride; k += 4) maximum = _mm256_max_pd(maximum, add(values + k, base + k));
  return largest(maximum);
}

int32_t largest(const int32_t* values, size_t n) {
  __m256i maximum = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values));
  for (size_t k = 8; k < n; k += 8) {
    maximum = _mm256_max_epi32(maximum, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values + k)));
  }
  __m128i half = _mm_max_epi32(_mm256_castsi256_si128(maximum), _mm256_extracti128_si256(maximum, 1));
  half = _mm_max_epi32(half, _mm_shuffle_epi32(half, 0x4e));
  half = _mm_max_epi32(half, _mm_shuffle_epi32(half, 0xb1));
  return _mm_cvtsi128_si32(half);
}

// REQUIRES: 0 <= x < 2^51.
__m256i rounded(__m256d x) {
  const __m256d magic = _mm256_set1_pd(kRoundMagic);
  return _mm256_sub_epi64(_mm256_castpd_si256(_mm256_add_pd(x, magic)), _mm256_castpd_si256(magic));
}

}  // namespace

void logarithms(const double* x, size_t n, double* out) {
  size_t i = 0;
  for (; i + 4 <= n; i += 4) _mm256_storeu_pd(out + i, logarithm(_mm256_loadu_pd(x + i)));
  if (i == n) return;
  double rest[4] = {1, 1, 1, 1};
  for (size_t j = i; j < n; ++j) rest[j - i] = x[j];
  _mm256_storeu_pd(rest, logarithm(_mm256_loadu_pd(rest)));
  for (size_t j = i; j < n; ++j) out[j] = rest[j - i];
}

void softmax(double* values, size_t n_rows, size_t stride, const double* base, double* maxima, double* sums) {
  if (stride == 4) return softmax_four(values, n_rows, base, maxima, sums);
  for (size_t i = 0; i < n_rows; ++i, values += stride) {
    maxima[i] = maximum_of(values, stride, base);
    __m256d lanes = _mm256_setzero_pd();
    for (size_t k = 0; k < stride; k += 4) {
      const __m256d e = likelihoods(add(values + k, base + k), maxima[i]);
      lanes = _mm256_add_pd(lanes, e);
      _mm256_storeu_pd(values + k, e);
    }
    sums[i] = sum_of(lanes);
    const __m256d factor = inverse(sums[i]);
    for (size_t k = 0; k < stride; k += 4) {
      _mm256_storeu_pd(values + k, _mm256_mul_pd(_mm256_loadu_pd(values + k), factor));
    }
  }
}

void softmax_fixed(const Lanes& lanes, size_t n_rows, double unit, const double* factors, int32_t* maxima,
                   double* sums, uint32_t* sole, Shares* shares) {
  const auto reach = static_cast<int64_t>(kNegligible / unit);
  const __m128i ascending = _mm_setr_epi32(0, 1, 2, 3);
  shares->n_rows = 0;
  shares->begins[0] = 0;
  for (size_t i = 0; i < n_rows; ++i) {
    const size_t first = lanes.begins == nullptr ? i * lanes.stride : lanes.begins[i];
    const size_t n = lanes.begins == nullptr ? lanes.most : lanes.begins[i + 1] - first;
    const int32_t* values = lanes.values + first;
    const int32_t maximum = largest(values, n);
    const int64_t wanted = maximum - reach;
    const __m128i threshold = _mm_set1_epi32(static_cast<int32_t>(wanted > INT32_MIN ? wanted : INT32_MIN));
    __m256i sum_lanes = _mm256_setzero_si256();
    uint32_t best = kNone;
    // Fours of which any is near: exponentials first, where the amounts will be.
    const uint32_t begin = shares->begins[shares->n_rows];
    uint32_t end = begin;
    for (size_t l = 0; l < n; l += 4) {
      const __m128i value = _mm_loadu_si128(reinterpret_cast<const __m128i*>(values + l));
      const __m128i near = _mm_cmpgt_epi32(value, threshold);
      if (_mm_testz_si128(near, near)) continue;
      const __m128i is_best = _mm_cmpeq_epi32(value, _mm_set1_epi32(maximum));
      const auto best_lanes = static_cast<unsigned>(_mm_movemask_ps(_mm_castsi128_ps(is_best)));
      if (best_lanes != 0 && best == kNone)
        best = static_cast<uint32_t>(l) + static_cast<uint32_t>(__builtin_ctz(best_lanes));
      // Lanes that are not near are set to the maximum first: their difference might not fit.
      const __m128i difference = _mm_and_si128(_mm_sub_epi32(value, _mm_set1_epi32(maximum)), near);
      const __m256d e =
          _mm256_and_pd(exp_negative(_mm256_mul_pd(_mm256_cvtepi32_pd(difference), _mm256_set1_pd(unit))),
                        _mm256_castsi256_pd(_mm256_cvtepi32_epi64(near)));
      sum_lanes = _mm256_add_epi64(sum_lanes, rounded(_mm256_mul_pd(e, _mm256_set1_pd(kSumScale))));
      const __m128i components =
          lanes.begins == nullptr
              ? _mm_add_epi32(ascending, _mm_set1_epi32(static_cast<int>(l)))
              : _mm_loadu_si128(reinterpret_cast<const __m128i*>(lanes.components + first + l));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(shares->components + end), _mm_and_si128(components, near));
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(shares->amounts + end), _mm256_castpd_si256(e));
      end += 4;
    }
    const __m128i pair =
        _mm_add_epi64(_mm256_castsi256_si128(sum_lanes), _mm256_extracti128_si256(sum_lanes, 1));
    const int64_t sum = _mm_cvtsi128_si64(_mm_add_epi64(pair, _mm_unpackhi_epi64(pair, pair)));
    maxima[i] = maximum;
    sums[i] = static_cast<double>(sum) * (1 / kSumScale);
    const double factor = factors[i] / sums[i];
    if (static_cast<int64_t>(__builtin_nearbyint(factor)) == static_cast<int64_t>(factors[i])) {
      sole[i] = lanes.begins == nullptr ? best : lanes.components[first + best];
      continue;
    }
    sole[i] = kNone;
    for (uint32_t j = begin; j < end; j += 4) {
      auto* target = reinterpret_cast<__m256i*>(shares->amounts + j);
      const __m256d e = _mm256_castsi256_pd(_mm256_loadu_si256(target));
      _mm256_storeu_si256(target, rounded(_mm256_mul_pd(e, _mm256_set1_pd(factor))));
    }
    shares->rows[shares->n_rows] = static_cast<uint32_t>(i);
    shares->begins[++shares->n_rows] = end;
  }
}

void quantise(const double* values, size_t n_rows, size_t stride, const double* factors, int64_t* fixed,
              int64_t* counts) {
  for (size_t k = 0; k < stride; k += 4) {
    auto* target = reinterpret_cast<__m256i*>(counts + k);
    __m256i count = _mm256_loadu_si256(target);
    for (size_t i = 0; i < n_rows; ++i) {
      const __m256d product =
          _mm256_mul_pd(_mm256_loadu_pd(values + i * stride + k), _mm256_set1_pd(factors[i]));
      const __m256i four = rounded(product);
      count = _mm256_add_epi64(count, four);
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(fixed + i * stride + k), four);
    }
    _mm256_storeu_si256(target, count);
  }
}

}  // namespace mixbern::kernel::avx2
