// 128-bit kernel: packed rows.
#include <arm_neon.h>

#include "kernels/bit_counters.hpp"
#include "kernels/neon.hpp"

namespace mixbern::kernel::neon {
namespace {

size_t trailing_zeros(uint64_t bits) {
  return static_cast<size_t>(__builtin_ctzll(bits));
}

constexpr size_t kMostFours = 64;

// Rows that count so much, four by four: the bits of four rows for a feature, side by side, choose one of the
// 16 sums that four amounts have, a byte of it at a time. Sums of bytes stay below 2^16.
class RowFours {
 public:
  // REQUIRES: 4 · kMostFours rows at most.
  RowFours(const WeightedRow* rows, size_t n_rows) : n_fours_((n_rows + 3) / 4) {
    for (size_t f = 0; f < n_fours_; ++f) {
      uint32_t amounts[4] = {0, 0, 0, 0};
      for (size_t r = 0; r < 4; ++r) {
        const bool there = 4 * f + r < n_rows;
        words_[f][r] = rows[there ? 4 * f + r : 0].words;
        if (there) amounts[r] = rows[4 * f + r].amount;
      }
      set_choices(f, amounts);
    }
  }

  void add_to(int64_t* sums, size_t n_words) {
    for (size_t w = 0; w < n_words; ++w) {
      for (size_t f = 0; f < n_fours_; ++f) interleave(f, w);
      for (size_t part = 0; part < 2; ++part) add_part(part, sums + 64 * w + 32 * part);
    }
  }

 private:
  // Byte b of the sum of the rows in subset s of four f is choices_[f][b][s].
  void set_choices(size_t f, const uint32_t* amounts) {
    uint32_t subset[16] = {0};
    for (size_t s = 1; s < 16; ++s) subset[s] = subset[s & (s - 1)] + amounts[trailing_zeros(s)];
    const uint8x16x4_t bytes = vld4q_u8(reinterpret_cast<const uint8_t*>(subset));
    for (size_t b = 0; b < 4; ++b) vst1q_u8(choices_[f][b], bytes.val[b]);
  }

  // A word of each of four rows becomes 64 numbers of a subset: those of features 32 p … 32 p + 31 stand in
  // subsets_[f][p], first the even ones.
  void interleave(size_t f, size_t w) {
    const auto row = [&](size_t r) { return vcreate_u8(words_[f][r][w]); };
    const uint8x8_t rows[4] = {row(0), row(1), row(2), row(3)};
    // Lanes of 16 bits: four features of the four rows, those of the lower nibbles of bytes and of the upper.
    const uint8x8_t lower[2] = {vsli_n_u8(rows[0], rows[1], 4), vsli_n_u8(rows[2], rows[3], 4)};
    const uint8x8_t upper[2] = {vsri_n_u8(rows[1], rows[0], 4), vsri_n_u8(rows[3], rows[2], 4)};
    const uint16x8_t low = transposed(lower[0], lower[1]);
    const uint16x8_t high = transposed(upper[0], upper[1]);
    const uint8x16_t in_order[2] = {vreinterpretq_u8_u16(vzip1q_u16(low, high)),
                                    vreinterpretq_u8_u16(vzip2q_u16(low, high))};
    for (size_t p = 0; p < 2; ++p) {
      vst1q_u8(subsets_[f][p], vandq_u8(in_order[p], vdupq_n_u8(15)));
      vst1q_u8(subsets_[f][p] + 16, vshrq_n_u8(in_order[p], 4));
    }
  }

  // Four rows of four bits, two of them in a byte of each, become their columns: bits that stand across the
  // diagonal change places, then blocks of two by two (Hacker's Delight, section 7-3).
  [[gnu::always_inline]] static uint16x8_t transposed(uint8x8_t first, uint8x8_t second) {
    const uint8x16_t a = vcombine_u8(first, first);
    const uint8x16_t b = vcombine_u8(second, second);
    uint16x8_t x = vreinterpretq_u16_u8(vzip1q_u8(a, b));
    uint16x8_t moved = vandq_u16(veorq_u16(x, vshrq_n_u16(x, 3)), vdupq_n_u16(0x0a0a));
    x = veorq_u16(veorq_u16(x, moved), vshlq_n_u16(moved, 3));
    moved = vandq_u16(veorq_u16(x, vshrq_n_u16(x, 6)), vdupq_n_u16(0x00cc));
    return veorq_u16(veorq_u16(x, moved), vshlq_n_u16(moved, 6));
  }

  // The sums of 32 features stay in registers while the rows stream through.
  void add_part(size_t part, int64_t* sums) const {
    uint16x8_t sum[2][4][2] = {};
    for (size_t f = 0; f < n_fours_; ++f) {
      for (size_t parity = 0; parity < 2; ++parity) {
        const uint8x16_t subsets = vld1q_u8(subsets_[f][part] + 16 * parity);
        for (size_t b = 0; b < 4; ++b) {
          const uint8x16_t bytes = vqtbl1q_u8(vld1q_u8(choices_[f][b]), subsets);
          uint16x8_t* target = sum[parity][b];
          target[0] = vaddw_u8(target[0], vget_low_u8(bytes));
          target[1] = vaddw_high_u8(target[1], bytes);
        }
      }
    }
    for (size_t half = 0; half < 2; ++half) {
      const uint32x4x2_t even = numbers(sum[0], half);
      const uint32x4x2_t odd = numbers(sum[1], half);
      for (size_t v = 0; v < 2; ++v) {
        int64_t* target = sums + 16 * half + 8 * v;
        add_four(vzip1q_u32(even.val[v], odd.val[v]), target);
        add_four(vzip2q_u32(even.val[v], odd.val[v]), target + 4);
      }
    }
  }

  // Eight numbers from the sums of their bytes. They are below 2^32, the whole of what is added.
  [[gnu::always_inline]] static uint32x4x2_t numbers(const uint16x8_t (*of_bytes)[2], size_t half) {
    const uint16x8_t b0 = of_bytes[0][half];
    const uint16x8_t b1 = of_bytes[1][half];
    const uint16x8_t b2 = of_bytes[2][half];
    // Modulo 2^16 the upper two bytes of the upper sums do not count.
    const uint16x8_t upper = vaddq_u16(b2, vshlq_n_u16(of_bytes[3][half], 8));
    const auto sum = [](uint16x4_t low, uint16x4_t next, uint16x4_t high) {
      return vaddq_u32(vaddw_u16(vshll_n_u16(next, 8), low), vshlq_n_u32(vmovl_u16(high), 16));
    };
    return {{sum(vget_low_u16(b0), vget_low_u16(b1), vget_low_u16(upper)),
             sum(vget_high_u16(b0), vget_high_u16(b1), vget_high_u16(upper))}};
  }
  [[gnu::always_inline]] static void add_four(uint32x4_t four, int64_t* sums) {
    const auto add = [](uint64x2_t pair, int64_t* to) {
      vst1q_s64(to, vaddq_s64(vld1q_s64(to), vreinterpretq_s64_u64(pair)));
    };
    add(vmovl_u32(vget_low_u32(four)), sums);
    add(vmovl_high_u32(four), sums + 2);
  }

  size_t n_fours_;
  const uint64_t* words_[kMostFours][4];
  alignas(16) uint8_t choices_[kMostFours][4][16];
  alignas(16) uint8_t subsets_[kMostFours][2][32];
};

template <size_t kVectors>
struct Words {
  uint64x2_t bits[kVectors];

  static Words load(const uint64_t* from, size_t) {
    return each([&](size_t v) { return vld1q_u64(from + 2 * v); });
  }
  void store(uint64_t* to, size_t) const {
    for (size_t v = 0; v < kVectors; ++v) vst1q_u64(to + 2 * v, bits[v]);
  }
  static Words sum(const Words& a, const Words& b, const Words& c) {
    return each([&](size_t v) { return veorq_u64(veorq_u64(a.bits[v], b.bits[v]), c.bits[v]); });
  }
  // Where a and b differ c decides.
  static Words carry(const Words& a, const Words& b, const Words& c) {
    return each([&](size_t v) { return vbslq_u64(veorq_u64(a.bits[v], b.bits[v]), c.bits[v], a.bits[v]); });
  }

 private:
  template <class Make>
  static Words each(const Make& make) {
    Words words;
    for (size_t v = 0; v < kVectors; ++v) words.bits[v] = make(v);
    return words;
  }
};

struct Own;

}  // namespace

// Groups that are not zero are found by their lowest bits.
void decode_groups(const uint64_t* words, size_t n_rows, size_t words_per_row, uint64_t* offsets,
                   uint32_t* codes) {
  size_t count = 0;
  offsets[0] = 0;
  for (size_t i = 0; i < n_rows; ++i, words += words_per_row) {
    for (size_t w = 0; w < words_per_row; ++w) {
      const uint64_t pairs = words[w] | words[w] >> 1;
      for (uint64_t some = (pairs | pairs >> 2) & 0x1111111111111111; some != 0; some &= some - 1) {
        const size_t bit = trailing_zeros(some);
        codes[count++] = static_cast<uint32_t>(256 * w + 4 * bit + (words[w] >> bit & 15U));
      }
    }
    offsets[i + 1] = count;
  }
}

void dot_bits(const uint64_t* words, size_t n_words, const uint32_t* rows, size_t n_rows,
              const int32_t* weights, int32_t* out) {
  static constexpr uint32_t kBits[4] = {1, 2, 4, 8};
  const uint32x4_t first = vld1q_u32(kBits);
  for (size_t j = 0; j < n_rows; ++j) {
    const auto* halves = reinterpret_cast<const uint8_t*>(words + rows[j] * n_words);
    int32x4_t sum[2] = {};
    for (size_t half = 0; half < 2 * n_words; ++half) {
      uint32_t bits;
      __builtin_memcpy(&bits, halves + 4 * half, sizeof(bits));
      const uint32x4_t all = vdupq_n_u32(bits);
      for (size_t v = 0; v < 8; ++v) {
        const uint32x4_t chosen = vtstq_u32(all, vshlq_u32(first, vdupq_n_s32(static_cast<int32_t>(4 * v))));
        const int32x4_t entries = vld1q_s32(weights + 32 * half + 4 * v);
        sum[v % 2] = vaddq_s32(sum[v % 2], vandq_s32(entries, vreinterpretq_s32_u32(chosen)));
      }
    }
    const auto total = static_cast<uint32_t>(vaddvq_s32(vaddq_s32(sum[0], sum[1])));
    out[j] = static_cast<int32_t>(static_cast<uint32_t>(out[j]) + total);
  }
}

void add_weighted(const WeightedRow* rows, size_t n_rows, size_t n_words, int64_t* sums) {
  for (; n_rows > 4 * kMostFours; n_rows -= 4 * kMostFours, rows += 4 * kMostFours) {
    RowFours(rows, 4 * kMostFours).add_to(sums, n_words);
  }
  RowFours(rows, n_rows).add_to(sums, n_words);
}

void count_bits(const uint64_t* words, size_t n_words, const uint32_t* rows, size_t n_rows,
                uint64_t* planes) {
  size_t w = 0;
  for (; w + 4 <= n_words; w += 4) {
    BitCounters<Words<2>>::add(words + w, n_words, 4, rows, n_rows, planes + w);
  }
  for (; w < n_words; ++w) BitCounters<OneWord<Own>>::add(words + w, n_words, 1, rows, n_rows, planes + w);
}

}  // namespace mixbern::kernel::neon
