// 128-bit kernel: packed rows.
#include <arm_neon.h>

#include "kernels/bit_counters.hpp"
#include "kernels/neon.hpp"

namespace mixbern::kernel::neon {
namespace {

size_t trailing_zeros(uint64_t bits) {
  return static_cast<size_t>(__builtin_ctzll(bits));
}

constexpr size_t kMostEights = 32;
constexpr size_t kMostRows = 8 * kMostEights;

// Rows that count so much, eight by eight: the bits of four rows for a feature, side by side, choose one of
// the 16 sums that four amounts have, and those of the other four one of theirs, a byte of both at a time.
// Sums of bytes stay below 2^16.
class RowEights {
 public:
  // REQUIRES: kMostRows rows at most.
  RowEights(const WeightedRow* rows, size_t n_rows) : n_eights_((n_rows + 7) / 8) {
    for (size_t f = 0; f < 2 * n_eights_; ++f) {
      uint32_t amounts[4] = {0, 0, 0, 0};
      for (size_t r = 0; r < 4; ++r) {
        const bool there = 4 * f + r < n_rows;
        words_[f / 2][f % 2][r] = rows[there ? 4 * f + r : 0].words;
        if (there) amounts[r] = rows[4 * f + r].amount;
      }
      set_choices(f, amounts);
    }
  }

  void add_to(int64_t* sums, size_t n_words) {
    for (size_t w = 0; w < n_words; ++w) {
      for (size_t e = 0; e < n_eights_; ++e) interleave(e, w);
      for (size_t half = 0; half < 2; ++half) add_half(half, sums + 64 * w + 4 * half);
    }
  }

 private:
  // Byte b of the sum of the rows in subset s of four f is choices_[f / 2][b][f % 2][s].
  void set_choices(size_t f, const uint32_t* amounts) {
    uint32_t subset[16] = {0};
    for (size_t s = 1; s < 16; ++s) subset[s] = subset[s & (s - 1)] + amounts[trailing_zeros(s)];
    const uint8x16x4_t bytes = vld4q_u8(reinterpret_cast<const uint8_t*>(subset));
    for (size_t b = 0; b < 4; ++b) vst1q_u8(choices_[f / 2][b][f % 2], bytes.val[b]);
  }

  // A word of each of eight rows becomes 128 places in choices_[e][b]: those of feature 8 j + 4 h + q are
  // bytes 2 j, of the first four, and 2 j + 1 of subsets_[e][h][q].
  void interleave(size_t e, size_t w) {
    // Bytes of the first four at even places, of the other four at odd ones.
    const auto row = [&](size_t r) { return vzip1q_u8(word(words_[e][0][r][w]), word(words_[e][1][r][w])); };
    uint8x16_t rows[4] = {row(0), row(1), row(2), row(3)};
    // Four bits of each row become the four rows' bits for each of four features.
    for (size_t r = 0; r < 4; r += 2) exchange<1>(rows[r], rows[r + 1], vdupq_n_u8(0xaa));
    for (size_t r = 0; r < 2; ++r) exchange<2>(rows[r], rows[r + 2], vdupq_n_u8(0xcc));
    const uint8x16_t second = vreinterpretq_u8_u16(vdupq_n_u16(0x1000));  // 16 at odd places
    for (size_t q = 0; q < 4; ++q) {
      vst1q_u8(subsets_[e][0][q], vbslq_u8(vdupq_n_u8(15), rows[q], second));
      vst1q_u8(subsets_[e][1][q], vorrq_u8(vshrq_n_u8(rows[q], 4), second));
    }
  }
  [[gnu::always_inline]] static uint8x16_t word(uint64_t bits) {
    return vcombine_u8(vcreate_u8(bits), vcreate_u8(0));
  }
  // The upper bits of a and those of b that stand kShift below change places.
  template <int kShift>
  [[gnu::always_inline]] static void exchange(uint8x16_t& a, uint8x16_t& b, uint8x16_t upper) {
    const uint8x16_t of_a = vshrq_n_u8(a, kShift);
    a = vbslq_u8(upper, vshlq_n_u8(b, kShift), a);
    b = vbslq_u8(upper, b, of_a);
  }

  // The sums of 32 features, four of every eight, stay in registers while the rows stream through.
  void add_half(size_t half, int64_t* sums) const {
    uint16x8_t sum[4][4] = {};
    for (size_t e = 0; e < n_eights_; ++e) {
      const uint8x16x4_t places = vld1q_u8_x4(subsets_[e][half][0]);
      for (size_t b = 0; b < 4; ++b) {
        const uint8x16x2_t choices = vld1q_u8_x2(choices_[e][b][0]);
        for (size_t q = 0; q < 4; ++q) sum[q][b] = vpadalq_u8(sum[q][b], vqtbl2q_u8(choices, places.val[q]));
      }
    }
    const uint32x4x2_t of[4] = {numbers(sum[0]), numbers(sum[1]), numbers(sum[2]), numbers(sum[3])};
    for (size_t v = 0; v < 2; ++v, sums += 32) {
      add_two_fours(vzip1q_u32(of[0].val[v], of[1].val[v]), vzip1q_u32(of[2].val[v], of[3].val[v]), sums);
      add_two_fours(vzip2q_u32(of[0].val[v], of[1].val[v]), vzip2q_u32(of[2].val[v], of[3].val[v]),
                    sums + 16);
    }
  }

  // Eight numbers from the sums of their bytes. They are below 2^32, the whole of what is added.
  [[gnu::always_inline]] static uint32x4x2_t numbers(const uint16x8_t* of_bytes) {
    // Modulo 2^16 the upper two bytes of the upper sums do not count.
    const uint16x8_t upper = vaddq_u16(of_bytes[2], vshlq_n_u16(of_bytes[3], 8));
    const auto sum = [](uint16x4_t low, uint16x4_t next, uint16x4_t high) {
      return vaddq_u32(vaddw_u16(vshll_n_u16(next, 8), low), vshlq_n_u32(vmovl_u16(high), 16));
    };
    return {{sum(vget_low_u16(of_bytes[0]), vget_low_u16(of_bytes[1]), vget_low_u16(upper)),
             sum(vget_high_u16(of_bytes[0]), vget_high_u16(of_bytes[1]), vget_high_u16(upper))}};
  }
  // To sums[0 … 3] the lower half of each pair of numbers, to sums[8 … 11] the upper.
  [[gnu::always_inline]] static void add_two_fours(uint32x4_t first, uint32x4_t last, int64_t* sums) {
    const auto add = [](uint64x2_t pair, int64_t* to) {
      vst1q_s64(to, vaddq_s64(vld1q_s64(to), vreinterpretq_s64_u64(pair)));
    };
    add(vmovl_u32(vget_low_u32(first)), sums);
    add(vmovl_u32(vget_low_u32(last)), sums + 2);
    add(vmovl_high_u32(first), sums + 8);
    add(vmovl_high_u32(last), sums + 10);
  }

  size_t n_eights_;
  const uint64_t* words_[kMostEights][2][4];
  alignas(16) uint8_t choices_[kMostEights][4][2][16];
  alignas(16) uint8_t subsets_[kMostEights][2][4][16];
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
  for (size_t n = 0; n_rows > 0; n_rows -= n, rows += n) {
    n = n_rows < kMostRows ? n_rows : kMostRows;
    RowEights(rows, n).add_to(sums, n_words);
  }
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
