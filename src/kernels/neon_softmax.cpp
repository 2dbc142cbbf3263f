// 128-bit kernel: responsibilities, 2 doubles or 64-bit integers an instruction.
#include <arm_neon.h>

#include "kernels/candidate_softmax.hpp"
#include "kernels/neon.hpp"
#include "kernels/neon_masks.hpp"
#include "kernels/vector_series.hpp"

namespace mixbern::kernel::neon {
namespace {

template <size_t kN>
using Pairs = Doubles<2, kN>;

// Four numbers.
[[gnu::always_inline]] inline Pairs<2> four(const double* from) {
  return {{vld1q_f64(from), vld1q_f64(from + 2)}};
}
[[gnu::always_inline]] inline void store(const Pairs<2>& values, double* to) {
  vst1q_f64(to, values.at[0]);
  vst1q_f64(to + 2, values.at[1]);
}

double maximum_of(const double* values, size_t stride, const double* base) {
  float64x2_t maximum = vaddq_f64(vld1q_f64(values), vld1q_f64(base));
  for (size_t k = 2; k < stride; k += 2) {
    maximum = vmaxq_f64(maximum, vaddq_f64(vld1q_f64(values + k), vld1q_f64(base + k)));
  }
  return vmaxvq_f64(maximum);
}

int64x2_t rounded(float64x2_t x) {
  return vreinterpretq_s64_u64(kernel::rounded<2>(x));
}

struct Candidates {
  static int32_t largest(const int32_t* values, size_t n) {
    int32x4_t maximum = sixteen_at_most(values);
    for (size_t k = kSlots; k < n; k += kSlots) maximum = vmaxq_s32(maximum, sixteen_at_most(values + k));
    return vmaxvq_s32(maximum);
  }

  [[gnu::always_inline]] static size_t append_candidates(const int32_t* values, const uint32_t* components,
                                                         size_t n, int32_t threshold, int32_t maximum,
                                                         uint32_t* to, char* below) {
    const int32x4_t least = vdupq_n_s32(threshold);
    size_t count = 0;
    for (size_t l = 0; l < n; l += kSlots) {
      for (uint64_t mask = above(values + l, least); mask != 0;) {
        const size_t lane = first_lane(mask);
        const int32_t difference = values[l + lane] - maximum;
        to[count] = components == nullptr ? static_cast<uint32_t>(l + lane) : components[l + lane];
        __builtin_memcpy(below + count * sizeof(int32_t), &difference, sizeof(int32_t));
        ++count;
        mask = without(mask, lane);
      }
    }
    return count;
  }

  // Four pairs at a time: the series is a long chain.
  static void exponentials(const char* below, size_t n, double unit, double* e_of_all) {
    for (size_t j = (n + 7) / 8 * 8; j > 0;) {
      j -= 8;
      const auto* from = reinterpret_cast<const uint8_t*>(below + j * sizeof(int32_t));
      const int32x4_t four[2] = {vreinterpretq_s32_u8(vld1q_u8(from)),
                                 vreinterpretq_s32_u8(vld1q_u8(from + 16))};
      const Pairs<4> e = exp_normal(each<2, 4>([&](size_t pair) {
        const int32x4_t values = four[pair / 2];
        const int64x2_t wide = pair % 2 == 0 ? vmovl_s32(vget_low_s32(values)) : vmovl_high_s32(values);
        return vmulq_n_f64(vcvtq_f64_s64(wide), unit);
      }));
      for (size_t pair = 0; pair < 4; ++pair) vst1q_f64(e_of_all + j + 2 * pair, e.at[pair]);
    }
  }

  static int64_t sum(const double* e, size_t n) {
    int64x2_t sum = vdupq_n_s64(0);
    size_t j = 0;
    for (; j + 2 <= n; j += 2) sum = vaddq_s64(sum, rounded(vmulq_n_f64(vld1q_f64(e + j), kSumScale)));
    if (j == n) return vaddvq_s64(sum);
    const float64x2_t last = vsetq_lane_f64(e[j], vdupq_n_f64(0), 0);
    return vaddvq_s64(vaddq_s64(sum, rounded(vmulq_n_f64(last, kSumScale))));
  }

  static void share(const uint32_t* components, const double* e, size_t n, double factor,
                    uint32_t* to_components, int64_t* to_amounts) {
    for (size_t j = 0; j < n; j += 2) {
      vst1q_s64(to_amounts + j, rounded(vmulq_n_f64(vld1q_f64(e + j), factor)));
      vst1_u32(to_components + j, vld1_u32(components + j));
    }
  }

 private:
  static int32x4_t sixteen_at_most(const int32_t* values) {
    const int32x4x4_t line = vld1q_s32_x4(values);
    return vmaxq_s32(vmaxq_s32(line.val[0], line.val[1]), vmaxq_s32(line.val[2], line.val[3]));
  }
  static uint64_t above(const int32_t* values, int32x4_t least) {
    const int32x4x4_t line = vld1q_s32_x4(values);
    const uint16x8_t low =
        vcombine_u16(vmovn_u32(vcgtq_s32(line.val[0], least)), vmovn_u32(vcgtq_s32(line.val[1], least)));
    const uint16x8_t high =
        vcombine_u16(vmovn_u32(vcgtq_s32(line.val[2], least)), vmovn_u32(vcgtq_s32(line.val[3], least)));
    return nibbles_of(vcombine_u8(vmovn_u16(low), vmovn_u16(high)));
  }
};

// Four components: their exponentials, zero where a value counts as zero.
[[gnu::always_inline]] inline Pairs<2> likelihoods_of(const int32_t* four, int32_t maximum, int32_t threshold,
                                                      double unit) {
  const int32x4_t values = vld1q_s32(four);
  const int32x4_t candidates = vreinterpretq_s32_u32(vcgtq_s32(values, vdupq_n_s32(threshold)));
  const int32x4_t below = vandq_s32(vsubq_s32(values, vdupq_n_s32(maximum)), candidates);
  const int64x2_t wide[2] = {vmovl_s32(vget_low_s32(below)), vmovl_high_s32(below)};
  const int64x2_t counts[2] = {vmovl_s32(vget_low_s32(candidates)), vmovl_high_s32(candidates)};
  const Pairs<2> e =
      exp_normal(each<2, 2>([&](size_t j) { return vmulq_n_f64(vcvtq_f64_s64(wide[j]), unit); }));
  return each<2, 2>(
      [&](size_t j) { return vreinterpretq_f64_s64(vandq_s64(vreinterpretq_s64_f64(e.at[j]), counts[j])); });
}

}  // namespace

void logarithms(const double* x, size_t n, double* out) {
  size_t i = 0;
  for (; i + 2 <= n; i += 2) vst1q_f64(out + i, logarithm<2>(vld1q_f64(x + i)));
  if (i < n) out[i] = vgetq_lane_f64(float64x2_t(logarithm<2>(vdupq_n_f64(x[i]))), 0);
}

void softmax(double* values, size_t n_rows, size_t stride, const double* base, double* maxima, double* sums) {
  for (size_t i = 0; i < n_rows; ++i, values += stride) {
    const double maximum = maximum_of(values, stride, base);
    const double finite_maximum = maximum > -1e308 ? maximum : 0;  // −∞ − −∞ would be NaN
    Pairs<2> lanes = {};
    for (size_t k = 0; k < stride; k += 4) {
      const Pairs<2> e = exp_negative((four(values + k) + four(base + k)) - finite_maximum);
      lanes = lanes + e;
      store(e, values + k);
    }
    const double sum = vaddvq_f64(vaddq_f64(lanes.at[0], lanes.at[1]));
    const double inverse = sum > 0 ? 1 / sum : 0;
    for (size_t k = 0; k < stride; k += 4) store(four(values + k) * inverse, values + k);
    maxima[i] = maximum;
    sums[i] = sum;
  }
}

void softmax_fixed(const RowValues& rows, size_t n_rows, double unit, const double* factors, int32_t* maxima,
                   double* sums, uint32_t* sole, Shares* shares) {
  CandidateSoftmax<Candidates>::run(rows, n_rows, unit, factors, maxima, sums, sole, shares);
}

void likelihoods(const int32_t* tile, size_t n_rows, double unit, double* values, size_t stride,
                 int32_t* maxima, double* sums) {
  const int32_t reach = reach_in(unit);
  for (size_t i = 0; i < n_rows; ++i, tile += kSlots, values += stride) {
    maxima[i] = Candidates::largest(tile, kSlots);
    const int32_t threshold = threshold_below(maxima[i], reach);
    int64x2_t sum = vdupq_n_s64(0);
    for (size_t k = 0; k < stride; k += 4) {
      const Pairs<2> e = likelihoods_of(tile + k, maxima[i], threshold, unit);
      store(e, values + k);
      for (size_t j = 0; j < 2; ++j) sum = vaddq_s64(sum, rounded(vmulq_n_f64(e.at[j], kSumScale)));
    }
    sums[i] = static_cast<double>(vaddvq_s64(sum)) * (1 / kSumScale);
  }
}

void quantise(const double* values, size_t n_rows, size_t stride, const double* factors, int64_t* fixed,
              int64_t* counts) {
  for (size_t i = 0; i < n_rows; ++i, values += stride, fixed += stride) {
    for (size_t k = 0; k < stride; k += 2) {
      const int64x2_t pair = rounded(vmulq_n_f64(vld1q_f64(values + k), factors[i]));
      vst1q_s64(fixed + k, pair);
      vst1q_s64(counts + k, vaddq_s64(vld1q_s64(counts + k), pair));
    }
  }
}

}  // namespace mixbern::kernel::neon
