// 256-bit kernel: packed rows, 256 of their bits an instruction.
#include <immintrin.h>

#include "kernels/bit_counters.hpp"
#include "kernels/x86.hpp"

namespace mixbern::kernel::avx2 {
namespace {

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

// The group of a one bit of `groups`, which marks each group by its lowest column, with its pattern.
uint32_t group_code(uint64_t groups, uint64_t bits, uint32_t first) {
  const uint64_t shift = _tzcnt_u64(groups) & 63;
  return (first + static_cast<uint32_t>(shift)) * 4 + (static_cast<uint32_t>(bits >> shift) & 15U);
}

// 32 bits of a row, in every lane.
[[gnu::always_inline]] inline __m256i half_word(const uint64_t* words, size_t half) {
  int bits;
  __builtin_memcpy(&bits, reinterpret_cast<const char*>(words) + 4 * half, sizeof(bits));
  return _mm256_set1_epi32(bits);
}

// −1 where lane l has bit 8 · byte + l.
[[gnu::always_inline]] inline __m256i ones_of(__m256i bits, int byte) {
  const __m256i chosen = _mm256_slli_epi32(_mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128), 8 * byte);
  return _mm256_cmpeq_epi32(_mm256_and_si256(bits, chosen), chosen);
}

struct FourWords {
  __m256i bits;

  static FourWords load(const uint64_t* from, size_t) {
    return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from))};
  }
  void store(uint64_t* to, size_t) const { _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), bits); }
  static FourWords sum(FourWords a, FourWords b, FourWords c) {
    return {_mm256_xor_si256(_mm256_xor_si256(a.bits, b.bits), c.bits)};
  }
  static FourWords carry(FourWords a, FourWords b, FourWords c) {
    const __m256i either = _mm256_xor_si256(a.bits, b.bits);
    return {_mm256_or_si256(_mm256_and_si256(a.bits, b.bits), _mm256_and_si256(either, c.bits))};
  }
};

struct OneWord {
  uint64_t bits;

  static OneWord load(const uint64_t* from, size_t) { return {*from}; }
  void store(uint64_t* to, size_t) const { *to = bits; }
  static OneWord sum(OneWord a, OneWord b, OneWord c) { return {a.bits ^ b.bits ^ c.bits}; }
  static OneWord carry(OneWord a, OneWord b, OneWord c) {
    return {(a.bits & b.bits) | ((a.bits ^ b.bits) & c.bits)};
  }
};

}  // namespace

void decode_columns(const uint64_t* words, size_t n_rows, size_t words_per_row, uint64_t* offsets,
                    uint32_t* codes) {
  size_t count = 0;
  offsets[0] = 0;
  for (size_t i = 0; i < n_rows; ++i, words += words_per_row) {
    for (size_t w = 0; w < words_per_row; ++w) {
      count += decode_word(words[w], static_cast<uint32_t>(w * 64), codes + count);
    }
    offsets[i + 1] = count;
  }
}

void decode_groups(const uint64_t* words, size_t n_rows, size_t words_per_row, uint64_t* offsets,
                   uint32_t* codes) {
  size_t count = 0;
  offsets[0] = 0;
  for (size_t i = 0; i < n_rows; ++i, words += words_per_row) {
    for (size_t w = 0; w < words_per_row; ++w) {
      const uint64_t bits = words[w];
      const uint64_t pairs = bits | bits >> 1;
      uint64_t groups = (pairs | pairs >> 2) & 0x1111111111111111;
      const auto n = static_cast<size_t>(__builtin_popcountll(groups));
      for (size_t done = 0; done < n; done += 4) {  // four at a time, for the reason given above
        for (size_t j = 0; j < 4; ++j) {
          codes[count + done + j] = group_code(groups, bits, static_cast<uint32_t>(w * 64));
          groups &= groups - 1;
        }
      }
      count += n;
    }
    offsets[i + 1] = count;
  }
}

// Entries are loaded through a mask, which is the sign of each lane: faster than a comparison.
void dot_bits(const uint64_t* words, size_t n_words, const uint32_t* rows, size_t n_rows,
              const int32_t* weights, int32_t* out) {
  const __m256i shift = _mm256_setr_epi32(31, 30, 29, 28, 27, 26, 25, 24);
  const auto chosen = [&](const int32_t* entries, __m256i bits, int byte) {
    return _mm256_maskload_epi32(
        entries, _mm256_sllv_epi32(bits, _mm256_sub_epi32(shift, _mm256_set1_epi32(8 * byte))));
  };
  for (size_t j = 0; j < n_rows; ++j) {
    const uint64_t* row = words + rows[j] * n_words;
    __m256i a = _mm256_setzero_si256();
    __m256i b = _mm256_setzero_si256();
    __m256i c = _mm256_setzero_si256();
    __m256i d = _mm256_setzero_si256();
    for (size_t half = 0; half < 2 * n_words; ++half) {
      const __m256i bits = half_word(row, half);
      const int32_t* entries = weights + 32 * half;
      a = _mm256_add_epi32(a, chosen(entries, bits, 0));
      b = _mm256_add_epi32(b, chosen(entries + 8, bits, 1));
      c = _mm256_add_epi32(c, chosen(entries + 16, bits, 2));
      d = _mm256_add_epi32(d, chosen(entries + 24, bits, 3));
    }
    const __m256i sum = _mm256_add_epi32(_mm256_add_epi32(a, b), _mm256_add_epi32(c, d));
    __m128i half = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4e));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xb1));
    out[j] =
        static_cast<int32_t>(static_cast<uint32_t>(out[j]) + static_cast<uint32_t>(_mm_cvtsi128_si32(half)));
  }
}

// The sums of half a word stay in registers while the rows stream through.
void add_weighted(const WeightedRow* rows, size_t n_rows, size_t n_words, int64_t* sums) {
  for (size_t half = 0; half < 2 * n_words; ++half) {
    __m256i sum[4] = {};
    for (size_t j = 0; j < n_rows; ++j) {
      const __m256i bits = half_word(rows[j].words, half);
      const __m256i amount = _mm256_set1_epi32(static_cast<int>(rows[j].amount));
      for (int v = 0; v < 4; ++v) {
        sum[v] = _mm256_add_epi32(sum[v], _mm256_and_si256(ones_of(bits, v), amount));
      }
    }
    for (int v = 0; v < 8; ++v) {
      const __m128i four =
          v % 2 == 0 ? _mm256_castsi256_si128(sum[v / 2]) : _mm256_extracti128_si256(sum[v / 2], 1);
      auto* target = reinterpret_cast<__m256i*>(sums + 32 * half) + v;
      _mm256_storeu_si256(target, _mm256_add_epi64(_mm256_loadu_si256(target), _mm256_cvtepu32_epi64(four)));
    }
  }
}

void count_bits(const uint64_t* words, size_t n_words, const uint32_t* rows, size_t n_rows,
                uint64_t* planes) {
  size_t w = 0;
  for (; w + 4 <= n_words; w += 4) {
    BitCounters<FourWords>::add(words + w, n_words, 4, rows, n_rows, planes + w);
  }
  for (; w < n_words; ++w) BitCounters<OneWord>::add(words + w, n_words, 1, rows, n_rows, planes + w);
}

}  // namespace mixbern::kernel::avx2
