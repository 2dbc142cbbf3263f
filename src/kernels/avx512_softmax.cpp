// 512-bit kernel: responsibilities, 8 doubles or 16 slots of a tile an instruction.
#include <immintrin.h>

#include "kernels/avx512_masks.hpp"
#include "kernels/candidate_softmax.hpp"
#include "kernels/vector_series.hpp"
#include "kernels/x86.hpp"

namespace mixbern::kernel::avx512 {
namespace {

[[gnu::always_inline]] inline __m512d exp_normal(__m512d x) {
  return kernel::exp_normal(Doubles<8, 1>{{x}}).at[0];
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

[[gnu::always_inline]] inline __m512i rounded(__m512d x) {
  return reinterpret_cast<__m512i>(kernel::rounded<8>(x));
}

struct Candidates {
  static int32_t largest(const int32_t* values, size_t n) {
    __m512i maximum = _mm512_loadu_si512(values);
    for (size_t k = kSlots; k < n; k += kSlots) {
      maximum = _mm512_max_epi32(maximum, _mm512_loadu_si512(values + k));
    }
    return _mm512_reduce_max_epi32(maximum);
  }

  [[gnu::always_inline]] static size_t append_candidates(const int32_t* values, const uint32_t* components,
                                                         size_t n, int32_t threshold, int32_t maximum,
                                                         uint32_t* to, char* below) {
    const __m512i ascending = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    size_t count = 0;
    for (size_t l = 0; l < n; l += kSlots) {
      const __m512i value = _mm512_loadu_si512(values + l);
      const __mmask16 candidates = _mm512_cmpgt_epi32_mask(value, _mm512_set1_epi32(threshold));
      if (candidates == 0) continue;
      const __m512i component = components == nullptr
                                    ? _mm512_add_epi32(ascending, _mm512_set1_epi32(static_cast<int>(l)))
                                    : _mm512_loadu_si512(components + l);
      const __m512i difference = _mm512_sub_epi32(value, _mm512_set1_epi32(maximum));
      store_chosen(candidates, component, to + count);
      count += store_chosen(candidates, difference, below + count * sizeof(int32_t));
    }
    return count;
  }

  static void exponentials(const char* below, size_t n, double unit, double* e) {
    for (size_t j = (n + 7) / 8 * 8; j > 0;) {
      j -= 8;
      const __m256i eight = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(below + j * sizeof(int32_t)));
      _mm512_storeu_pd(e + j, exp_normal(_mm512_mul_pd(_mm512_cvtepi32_pd(eight), _mm512_set1_pd(unit))));
    }
  }

  static int64_t sum(const double* e, size_t n) {
    __m512i sum = _mm512_setzero_si512();
    for (size_t j = 0; j < n; j += 8) {
      const __m512d eight = _mm512_maskz_loadu_pd(first_lanes(n - j), e + j);
      sum = _mm512_add_epi64(sum, rounded(_mm512_mul_pd(eight, _mm512_set1_pd(kSumScale))));
    }
    return _mm512_reduce_add_epi64(sum);
  }

  static void share(const uint32_t* components, const double* e, size_t n, double factor,
                    uint32_t* to_components, int64_t* to_amounts) {
    for (size_t j = 0; j < n; j += 8) {
      const __m512i amounts = rounded(_mm512_mul_pd(_mm512_loadu_pd(e + j), _mm512_set1_pd(factor)));
      const __m256i eight = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(components + j));
      _mm512_storeu_si512(to_amounts + j, amounts);
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(to_components + j), eight);
    }
  }
};

// Columns of 16 rows: which of their components are candidates, near the maximum.
struct CandidateColumns {
  __m512i maxima;
  __m512i last;       // candidate
  __mmask16 several;  // rows with more than one

  [[gnu::always_inline]] void find(const int32_t* columns, size_t n_components, int32_t reach) {
    __m512i maximum = _mm512_loadu_si512(columns);
    for (size_t k = 1; k < n_components; ++k) {
      maximum = _mm512_max_epi32(maximum, _mm512_loadu_si512(columns + k * kSlots));
    }
    maxima = maximum;
    const __m512i least = _mm512_max_epi32(maximum, _mm512_set1_epi32(INT32_MIN + reach));
    const __m512i threshold = _mm512_sub_epi32(least, _mm512_set1_epi32(reach));
    last = _mm512_setzero_si512();
    several = 0;
    unsigned seen = 0;
    for (size_t first = 0; first < n_components; first += 32) {
      const size_t n = n_components - first < 32 ? n_components - first : 32;
      __m512i mask = _mm512_setzero_si512();
      for (size_t k = 0; k < n; ++k) {
        const __m512i value = _mm512_loadu_si512(columns + (first + k) * kSlots);
        const __mmask16 candidates = _mm512_cmpgt_epi32_mask(value, threshold);
        mask = _mm512_mask_or_epi32(mask, candidates, mask, _mm512_set1_epi32(static_cast<int>(1U << k)));
        last = _mm512_mask_mov_epi32(last, candidates, _mm512_set1_epi32(static_cast<int>(first + k)));
      }
      _mm512_store_si512(masks_ + first / 32 * kSlots, mask);
      const __m512i others = _mm512_and_si512(mask, _mm512_sub_epi32(mask, _mm512_set1_epi32(1)));
      const unsigned any = _mm512_test_epi32_mask(mask, mask);
      several = static_cast<__mmask16>(several | (any & seen) | _mm512_test_epi32_mask(others, others));
      seen |= any;
    }
  }

  // Those of row i, which has several, to to[0] …, values less the maximum to below[0] …; returns how many.
  [[gnu::always_inline]] size_t append(const int32_t* columns, size_t n_components, size_t i, int32_t maximum,
                                       uint32_t* to, char* below) const {
    size_t count = 0;
    const auto take = [&](uint64_t mask, size_t first) {
      const size_t k = first + static_cast<size_t>(__builtin_ctzll(mask));
      const int32_t difference = columns[k * kSlots + i] - maximum;
      to[count] = static_cast<uint32_t>(k);
      __builtin_memcpy(below + count++ * sizeof(int32_t), &difference, sizeof(int32_t));
      return mask & (mask - 1);
    };
    for (size_t first = 0; first < n_components; first += 64) {
      uint64_t mask = of_row(i, first, n_components);
      if (n_components <= 64) mask = take(take(mask, first), first);  // two there are, and mostly no more
      while (mask != 0) mask = take(mask, first);
    }
    return count;
  }

 private:
  // Bit j: component first + j < n_components, j < 64.
  uint64_t of_row(size_t i, size_t first, size_t n_components) const {
    const uint32_t* mask = masks_ + first / 32 * kSlots + i;
    return first + 32 < n_components ? uint64_t{mask[kSlots]} << 32 | *mask : *mask;
  }

  static constexpr size_t kMasks = kMostColumns / 32;
  alignas(
      64) uint32_t masks_[kMasks * kSlots];  // bit k % 32 of masks_[k / 32 · 16 + i]: component k of row i
};

}  // namespace

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
    const __m512d e = _mm512_maskz_mov_pd(matters, exp_normal(x));
    __m512d sum = _mm512_add_pd(e, other_pairs(e));
    sum = _mm512_add_pd(sum, other_of_pairs(sum));
    const __m512d inverse = _mm512_maskz_div_pd(possible, _mm512_set1_pd(1), sum);
    _mm512_storeu_pd(values + 4 * i, _mm512_mul_pd(e, inverse));
    _mm_storeu_pd(maxima + i, first_of_halves(maximum));
    _mm_storeu_pd(sums + i, first_of_halves(sum));
  }
  avx2::softmax(values + 4 * i, n_rows - i, stride, base, maxima + i, sums + i);
}

void logarithms(const double* x, size_t n, double* out) {
  for (size_t i = 0; i < n; i += 8) {
    const __mmask8 there = first_lanes(n - i);
    _mm512_mask_storeu_pd(out + i, there, logarithm<8>(_mm512_maskz_loadu_pd(there, x + i)));
  }
}

void softmax_fixed(const RowValues& rows, size_t n_rows, double unit, const double* factors, int32_t* maxima,
                   double* sums, uint32_t* sole, Shares* shares) {
  CandidateSoftmax<Candidates>::run(rows, n_rows, unit, factors, maxima, sums, sole, shares);
}

void softmax_columns(const int32_t* columns, size_t n_columns, size_t n_components, size_t n_rows,
                     double unit, const double* factors, int32_t* maxima, double* sums, uint32_t* sole,
                     Shares* shares) {
  using Softmax = CandidateSoftmax<Candidates>;
  const int32_t reach = reach_in(unit);
  uint32_t* components = Softmax::components_of(*shares);
  char* below = Softmax::below_of(*shares);
  size_t n = 0;
  size_t count = 0;
  shares->begins[0] = 0;
  CandidateColumns candidates;
  for (size_t begin = 0; begin < n_rows; begin += kSlots, columns += n_columns * kSlots) {
    candidates.find(columns, n_components, reach);
    const size_t n_there = n_rows - begin < kSlots ? n_rows - begin : kSlots;
    const auto there = static_cast<__mmask16>((1U << n_there) - 1);
    _mm512_mask_storeu_epi32(maxima + begin, there, candidates.maxima);
    const __m512i none = _mm512_set1_epi32(-1);
    _mm512_mask_storeu_epi32(sole + begin, there,
                             _mm512_mask_mov_epi32(candidates.last, candidates.several, none));
    _mm512_mask_storeu_pd(sums + begin, first_lanes(n_there), _mm512_set1_pd(1));
    if (n_there > 8) _mm512_mask_storeu_pd(sums + begin + 8, first_lanes(n_there - 8), _mm512_set1_pd(1));
    for (unsigned left = candidates.several & there; left != 0; left &= left - 1) {
      const auto i = static_cast<size_t>(__builtin_ctz(left));
      count += candidates.append(columns, n_components, i, maxima[begin + i], components + count,
                                 below + count * sizeof(int32_t));
      shares->rows[n] = static_cast<uint32_t>(begin + i);
      shares->begins[++n] = static_cast<uint32_t>(count);
    }
  }
  Softmax::share(n, unit, factors, sums, sole, shares);
}

void likelihoods(const int32_t* tile, size_t n_rows, double unit, double* values, size_t stride,
                 int32_t* maxima, double* sums) {
  const int32_t reach = reach_in(unit);
  // First of all rows, so that the exponentials of several are under way at a time.
  for (size_t i = 0; i < n_rows; ++i) maxima[i] = Candidates::largest(tile + i * kSlots, kSlots);
  for (size_t i = 0; i < n_rows; ++i, tile += kSlots, values += stride) {
    const __m256i maximum = _mm256_set1_epi32(maxima[i]);
    const __m256i threshold = _mm256_set1_epi32(threshold_below(maxima[i], reach));
    __m512i sum = _mm512_setzero_si512();
    for (size_t k = 0; k < stride; k += 8) {
      const __m256i eight = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(tile + k));
      const __m256i candidates = _mm256_cmpgt_epi32(eight, threshold);
      const __m256i below = _mm256_and_si256(_mm256_sub_epi32(eight, maximum), candidates);
      const __m512d all = exp_normal(_mm512_mul_pd(_mm512_cvtepi32_pd(below), _mm512_set1_pd(unit)));
      const auto chosen = static_cast<__mmask8>(_mm256_movemask_ps(_mm256_castsi256_ps(candidates)));
      const __m512d e = _mm512_maskz_mov_pd(chosen, all);
      _mm512_mask_storeu_pd(values + k, first_lanes(stride - k), e);
      sum = _mm512_add_epi64(sum, rounded(_mm512_mul_pd(e, _mm512_set1_pd(kSumScale))));
    }
    sums[i] = static_cast<double>(_mm512_reduce_add_epi64(sum)) * (1 / kSumScale);
  }
}

}  // namespace mixbern::kernel::avx512
