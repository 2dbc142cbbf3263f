// 128-bit kernel: sums over the codes of rows.
//
// A tile of 16 values is four registers, which one instruction loads.
#include <arm_neon.h>

#include "kernels/candidate_rows.hpp"
#include "kernels/code_sums.hpp"
#include "kernels/neon.hpp"
#include "kernels/neon_masks.hpp"

namespace mixbern::kernel::neon {
namespace {

// Sixteen entries as bytes in the lower half of words of 32 bits.
uint32x4x4_t coarse(const int32_t* entries, int32_t lift, float scale) {
  const int32x4x4_t line = vld1q_s32_x4(entries);
  uint32x4x4_t result;
  for (size_t v = 0; v < 4; ++v) {
    const float32x4_t lifted = vcvtq_f32_s32(vaddq_s32(line.val[v], vdupq_n_s32(lift)));
    result.val[v] = vreinterpretq_u32_s32(vcvtnq_s32_f32(vmulq_n_f32(lifted, scale)));
  }
  return result;
}

// 8 words from k on; zero past n.
uint16x8_t words_at(const uint16_t* values, size_t k, size_t n) {
  const uint16x8_t words = vld1q_u16(values + k);
  if (n - k >= 8) return words;
  static constexpr uint16_t kAscending[8] = {0, 1, 2, 3, 4, 5, 6, 7};
  return vandq_u16(words, vcltq_u16(vld1q_u16(kAscending), vdupq_n_u16(static_cast<uint16_t>(n - k))));
}

uint16_t largest(const uint16_t* values, size_t n) {
  uint16x8_t maximum = words_at(values, 0, n);
  for (size_t k = 8; k < n; k += 8) maximum = vmaxq_u16(maximum, words_at(values, k, n));
  return vmaxvq_u16(maximum);
}

// Which of the values k … k + 15 are at least the threshold, those from n on left out. REQUIRES: k < n.
uint64_t candidate_mask(const uint16_t* values, size_t k, size_t n, uint16x8_t threshold) {
  const uint8x8_t low = vmovn_u16(vcgeq_u16(vld1q_u16(values + k), threshold));
  const uint64_t mask = nibbles_of(vmovn_high_u16(low, vcgeq_u16(vld1q_u16(values + k + 8), threshold)));
  return n - k < 16 ? mask & ((uint64_t{1} << (4 * (n - k))) - 1) : mask;
}

uint64_t nonzero_mask(const int64_t* fixed, size_t n) {
  uint64_t mask = 0;
  for (size_t k = 0; k < n; ++k) mask |= static_cast<uint64_t>(fixed[k] != 0) << k;
  return mask;
}

// The first registers of a line, which one instruction loads.
template <size_t kVectors>
[[gnu::always_inline]] inline auto line_of(const int32_t* from) {
  if constexpr (kVectors == 4) {
    return vld1q_s32_x4(from);
  } else if constexpr (kVectors == 3) {
    return vld1q_s32_x3(from);
  } else {
    return vld1q_s32_x2(from);
  }
}

// add_tile where only the first registers of a tile are used.
template <size_t kVectors>
void add_lines(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const int32_t* tile,
               const int32_t* start, size_t start_stride, int32_t* out, size_t out_stride) {
  for (size_t i = 0; i < n_rows; ++i, start += start_stride, out += out_stride) {
    int32x4_t sum[4];
    for (size_t v = 0; v < 4; ++v) sum[v] = vld1q_s32(start + 4 * v);
    const auto add = [&](uint32_t code) {
      const auto line = line_of<kVectors>(tile + code * kSlots);
      for (size_t v = 0; v < kVectors; ++v) sum[v] = vaddq_s32(sum[v], line.val[v]);
    };
    const uint32_t* code = codes + offsets[i];
    const uint32_t* end = codes + offsets[i + 1];
    for (; end - code >= 8; code += 8) {
      for (size_t j = 0; j < 8; ++j) add(code[j]);
    }
    for (; code != end; ++code) add(*code);
    for (size_t v = 0; v < 4; ++v) vst1q_s32(out + 4 * v, sum[v]);
  }
}

struct Own;

}  // namespace

void add_rows(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const double* table,
              size_t stride, double* out) {
  add_rows_by<2>(offsets, codes, n_rows, table, stride, out);
}

void add_tile(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const int32_t* tile,
              size_t n_used, const int32_t* start, size_t start_stride, int32_t* out, size_t out_stride) {
  const auto add = n_used > 12 ? add_lines<4> : n_used > 8 ? add_lines<3> : add_lines<2>;
  add(offsets, codes, n_rows, tile, start, start_stride, out, out_stride);
}

void coarsen(const int32_t* tiles, size_t n_tiles, size_t n_codes, const int32_t* lifts, float scale,
             uint8_t* lines) {
  for (size_t j = 0; j < n_codes; ++j, lines += kByteSlots) {
    uint32x4x4_t tile[4] = {};
    for (size_t t = 0; t < n_tiles; ++t)
      tile[t] = coarse(tiles + (t * n_codes + j) * kSlots, lifts[j], scale);
    for (size_t t = 0; t < 2; ++t) {
      // Words of a byte of tile t and a byte of tile t + 2.
      for (size_t v = 0; v < 4; ++v) {
        const uint32x4_t words = vsliq_n_u32(tile[t].val[v], tile[t + 2].val[v], 8);
        vst1_u16(reinterpret_cast<uint16_t*>(lines) + 16 * t + 4 * v, vmovn_u32(words));
      }
    }
  }
}

// A line is 32 words; sums of the words and of their upper bytes give those of the lower ones.
void add_bytes(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const uint8_t* lines,
               const uint16_t* start, size_t start_stride, uint16_t* out, size_t out_stride) {
  for (size_t i = 0; i < n_rows; ++i, start += start_stride, out += out_stride) {
    uint16x8x4_t words = {};
    uint16x8x4_t odd = {};
    for (uint64_t j = offsets[i]; j < offsets[i + 1]; ++j) {
      const uint16x8x4_t line =
          vld1q_u16_x4(reinterpret_cast<const uint16_t*>(lines + codes[j] * kByteSlots));
      for (size_t v = 0; v < 4; ++v) {
        words.val[v] = vaddq_u16(words.val[v], line.val[v]);
        odd.val[v] = vsraq_n_u16(odd.val[v], line.val[v], 8);
      }
    }
    for (size_t v = 0; v < 4; ++v) {
      const uint16x8_t even = vsubq_u16(words.val[v], vshlq_n_u16(odd.val[v], 8));
      vst1q_u16(out + 8 * v, vaddq_u16(vld1q_u16(start + 8 * v), even));
      vst1q_u16(out + 32 + 8 * v, vaddq_u16(vld1q_u16(start + 32 + 8 * v), odd.val[v]));
    }
  }
}

size_t find_candidates(const uint16_t* values, size_t stride, size_t n_rows, size_t n_components,
                       const uint16_t* reaches, uint32_t* sole, uint32_t* rows, uint32_t* begins,
                       uint32_t* components) {
  CandidateRows<Own> found(sole, rows, begins, components);
  for (size_t i = 0; i < n_rows; ++i, values += stride) {
    const int wanted = largest(values, n_components) - reaches[i];
    const uint16x8_t threshold = vdupq_n_u16(static_cast<uint16_t>(wanted > 0 ? wanted : 0));
    for (size_t k = 0; k < n_components; k += 16) {
      for (uint64_t mask = candidate_mask(values, k, n_components, threshold); mask != 0;) {
        const size_t lane = first_lane(mask);
        found.add(k + lane);
        mask = without(mask, lane);
      }
    }
    found.end_row(i);
  }
  return found.n_several();
}

void add_outer(const uint64_t* offsets, const uint32_t* codes, const uint32_t* rows, size_t n_rows,
               const int64_t* fixed, size_t stride, int64_t* sums) {
  add_outer_by<2>(offsets, codes, rows, n_rows, fixed, stride, nonzero_mask, sums);
}

}  // namespace mixbern::kernel::neon
