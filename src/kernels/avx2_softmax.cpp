// 256-bit kernel: responsibilities, 4 doubles or 64-bit integers an instruction.
#include <immintrin.h>

#include "kernels/avx2_orders.hpp"
#include "kernels/candidate_softmax.hpp"
#include "kernels/vector_series.hpp"
#include "kernels/x86.hpp"

namespace mixbern::kernel::avx2 {
namespace {

template <size_t kN>
using Fours = Doubles<4, kN>;

[[gnu::always_inline]] inline __m256d exp_negative(__m256d x) {
  return kernel::exp_negative(Fours<1>{{x}}).at[0];
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

// Four rows of four columns become their columns.
[[gnu::always_inline]] inline Fours<4> transposed(const Fours<4>& rows) {
  const __m256d low01 = _mm256_unpacklo_pd(rows.at[0], rows.at[1]);
  const __m256d high01 = _mm256_unpackhi_pd(rows.at[0], rows.at[1]);
  const __m256d low23 = _mm256_unpacklo_pd(rows.at[2], rows.at[3]);
  const __m256d high23 = _mm256_unpackhi_pd(rows.at[2], rows.at[3]);
  return {{_mm256_permute2f128_pd(low01, low23, 0x20), _mm256_permute2f128_pd(high01, high23, 0x20),
           _mm256_permute2f128_pd(low01, low23, 0x31), _mm256_permute2f128_pd(high01, high23, 0x31)}};
}

// Four components at most stay in a register; of four rows at a time the first components side by side, and
// so on. Returns how many rows that makes; up to three are left.
size_t softmax_four(double* values, size_t n_rows, const double* base, double* maxima, double* sums) {
  const __m256d zero = _mm256_setzero_pd();
  size_t i = 0;
  for (; i + 4 <= n_rows; i += 4, values += 16) {
    const Fours<4> joint = transposed(each<4, 4>([&](size_t j) { return add(values + 4 * j, base); }));
    const __m256d maximum =
        _mm256_max_pd(_mm256_max_pd(joint.at[0], joint.at[1]), _mm256_max_pd(joint.at[2], joint.at[3]));
    const __m256d finite = _mm256_and_pd(maximum, _mm256_cmp_pd(maximum, _mm256_set1_pd(-1e308), _CMP_GT_OQ));
    const Fours<4> e = exp_negative(each<4, 4>([&](size_t k) { return _mm256_sub_pd(joint.at[k], finite); }));
    const __m256d sum = _mm256_add_pd(_mm256_add_pd(e.at[0], e.at[2]), _mm256_add_pd(e.at[1], e.at[3]));
    const __m256d factor =
        _mm256_and_pd(_mm256_div_pd(_mm256_set1_pd(1), sum), _mm256_cmp_pd(sum, zero, _CMP_GT_OQ));
    const Fours<4> posterior =
        transposed(each<4, 4>([&](size_t k) { return _mm256_mul_pd(e.at[k], factor); }));
    for (size_t j = 0; j < 4; ++j) _mm256_storeu_pd(values + 4 * j, posterior.at[j]);
    _mm256_storeu_pd(maxima + i, maximum);
    _mm256_storeu_pd(sums + i, sum);
  }
  return i;
}

double maximum_of(const double* values, size_t stride, const double* base) {
  __m256d maximum = add(values, base);
  for (size_t k = 4; k < stride; k += 4) maximum = _mm256_max_pd(maximum, add(values + k, base + k));
  return largest(maximum);
}

__m256i rounded(__m256d x) {
  return reinterpret_cast<__m256i>(kernel::rounded<4>(x));
}

int64_t sum_of(__m256i lanes) {
  const __m128i pair = _mm_add_epi64(_mm256_castsi256_si128(lanes), _mm256_extracti128_si256(lanes, 1));
  return _mm_cvtsi128_si64(_mm_add_epi64(pair, _mm_unpackhi_epi64(pair, pair)));
}

// From kFirst[4 − n] on, the first n of four lanes.
constexpr int64_t kFirst[8] = {-1, -1, -1, -1, 0, 0, 0, 0};

struct Candidates {
  static int32_t largest(const int32_t* values, size_t n) {
    __m256i maximum = eight(values);
    for (size_t k = 8; k < n; k += 8) maximum = _mm256_max_epi32(maximum, eight(values + k));
    __m128i half = _mm_max_epi32(_mm256_castsi256_si128(maximum), _mm256_extracti128_si256(maximum, 1));
    half = _mm_max_epi32(half, _mm_shuffle_epi32(half, 0x4e));
    half = _mm_max_epi32(half, _mm_shuffle_epi32(half, 0xb1));
    return _mm_cvtsi128_si32(half);
  }

  [[gnu::always_inline]] static size_t append_candidates(const int32_t* values, const uint32_t* components,
                                                         size_t n, int32_t threshold, int32_t maximum,
                                                         uint32_t* to, char* below) {
    const __m256i least = _mm256_set1_epi32(threshold);
    size_t count = 0;
    for (size_t l = 0; l < n; l += kSlots) {
      const unsigned candidates[2] = {above(eight(values + l), least), above(eight(values + l + 8), least)};
      if ((candidates[0] | candidates[1]) == 0) continue;
      for (size_t half = 0; half < 2; ++half) {
        const size_t first = l + 8 * half;
        const __m256i order = order_of(candidates[half]);
        const __m256i component =
            components == nullptr
                ? _mm256_add_epi32(order, _mm256_set1_epi32(static_cast<int>(first)))
                : _mm256_permutevar8x32_epi32(
                      _mm256_loadu_si256(reinterpret_cast<const __m256i*>(components + first)), order);
        const __m256i difference = _mm256_sub_epi32(eight(values + first), _mm256_set1_epi32(maximum));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + count), component);
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(below + count * sizeof(int32_t)),
                            _mm256_permutevar8x32_epi32(difference, order));
        count += static_cast<size_t>(__builtin_popcount(candidates[half]));
      }
    }
    return count;
  }

  static void exponentials(const char* below, size_t n, double unit, double* e_of_all) {
    for (size_t j = (n + 7) / 8 * 8; j > 0;) {
      j -= 8;
      const Fours<2> e = exp_normal(each<4, 2>([&](size_t half) {
        const char* four = below + (j + 4 * half) * sizeof(int32_t);
        return _mm256_mul_pd(_mm256_cvtepi32_pd(_mm_loadu_si128(reinterpret_cast<const __m128i*>(four))),
                             _mm256_set1_pd(unit));
      }));
      for (size_t half = 0; half < 2; ++half) _mm256_storeu_pd(e_of_all + j + 4 * half, e.at[half]);
    }
  }

  static int64_t sum(const double* e, size_t n) {
    const auto units = [&](size_t j) {
      return rounded(_mm256_mul_pd(_mm256_loadu_pd(e + j), _mm256_set1_pd(kSumScale)));
    };
    __m256i sum = _mm256_setzero_si256();
    size_t j = 0;
    for (; j + 4 < n; j += 4) sum = _mm256_add_epi64(sum, units(j));
    const __m256i left = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(kFirst + 4 - (n - j)));
    return sum_of(_mm256_add_epi64(sum, _mm256_and_si256(units(j), left)));
  }

  static void share(const uint32_t* components, const double* e, size_t n, double factor,
                    uint32_t* to_components, int64_t* to_amounts) {
    for (size_t j = 0; j < n; j += 4) {
      const __m256i amounts = rounded(_mm256_mul_pd(_mm256_loadu_pd(e + j), _mm256_set1_pd(factor)));
      const __m128i four = _mm_loadu_si128(reinterpret_cast<const __m128i*>(components + j));
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(to_amounts + j), amounts);
      _mm_storeu_si128(reinterpret_cast<__m128i*>(to_components + j), four);
    }
  }

 private:
  static __m256i eight(const int32_t* values) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values));
  }
  static unsigned above(__m256i values, __m256i least) {
    return static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpgt_epi32(values, least))));
  }
};

// Of 4 · kN components, which stay in registers.
template <size_t kN>
void likelihoods_of(const int32_t* tile, size_t n_rows, double unit, double* values, const int32_t* maxima,
                    double* sums) {
  const int32_t reach = reach_in(unit);
  for (size_t i = 0; i < n_rows; ++i, tile += kSlots, values += 4 * kN) {
    const __m128i maximum = _mm_set1_epi32(maxima[i]);
    const __m128i threshold = _mm_set1_epi32(threshold_below(maxima[i], reach));
    __m128i candidates[kN];
    const Fours<kN> all = exp_normal(each<4, kN>([&](size_t j) {
      const __m128i four = _mm_loadu_si128(reinterpret_cast<const __m128i*>(tile) + j);
      candidates[j] = _mm_cmpgt_epi32(four, threshold);
      const __m128i below = _mm_and_si128(_mm_sub_epi32(four, maximum), candidates[j]);
      return _mm256_mul_pd(_mm256_cvtepi32_pd(below), _mm256_set1_pd(unit));
    }));
    __m256i sum = _mm256_setzero_si256();
    for (size_t j = 0; j < kN; ++j) {
      const __m256d e = _mm256_and_pd(all.at[j], _mm256_castsi256_pd(_mm256_cvtepi32_epi64(candidates[j])));
      _mm256_storeu_pd(values + 4 * j, e);
      sum = _mm256_add_epi64(sum, rounded(_mm256_mul_pd(e, _mm256_set1_pd(kSumScale))));
    }
    sums[i] = static_cast<double>(sum_of(sum)) * (1 / kSumScale);
  }
}

}  // namespace

void logarithms(const double* x, size_t n, double* out) {
  size_t i = 0;
  for (; i + 4 <= n; i += 4) _mm256_storeu_pd(out + i, logarithm<4>(_mm256_loadu_pd(x + i)));
  if (i == n) return;
  double rest[4] = {1, 1, 1, 1};
  for (size_t j = i; j < n; ++j) rest[j - i] = x[j];
  _mm256_storeu_pd(rest, logarithm<4>(_mm256_loadu_pd(rest)));
  for (size_t j = i; j < n; ++j) out[j] = rest[j - i];
}

void softmax(double* values, size_t n_rows, size_t stride, const double* base, double* maxima, double* sums) {
  size_t i = stride == 4 ? softmax_four(values, n_rows, base, maxima, sums) : 0;
  values += i * stride;
  for (; i < n_rows; ++i, values += stride) {
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

void softmax_fixed(const RowValues& rows, size_t n_rows, double unit, const double* factors, int32_t* maxima,
                   double* sums, uint32_t* sole, Shares* shares) {
  CandidateSoftmax<Candidates>::run(rows, n_rows, unit, factors, maxima, sums, sole, shares);
}

void likelihoods(const int32_t* tile, size_t n_rows, double unit, double* values, size_t stride,
                 int32_t* maxima, double* sums) {
  // First of all rows, so that the exponentials of several are under way at a time.
  for (size_t i = 0; i < n_rows; ++i) maxima[i] = Candidates::largest(tile + i * kSlots, kSlots);
  if (stride == 4) return likelihoods_of<1>(tile, n_rows, unit, values, maxima, sums);
  if (stride == 8) return likelihoods_of<2>(tile, n_rows, unit, values, maxima, sums);
  if (stride == 12) return likelihoods_of<3>(tile, n_rows, unit, values, maxima, sums);
  likelihoods_of<4>(tile, n_rows, unit, values, maxima, sums);
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
