// 256-bit kernel: packed rows, 256 of their bits an instruction.
#include <immintrin.h>

#include "kernels/avx2_orders.hpp"
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

// 32 bits of a row, in every lane.
[[gnu::always_inline]] inline __m256i half_word(const uint64_t* words, size_t half) {
  int bits;
  __builtin_memcpy(&bits, reinterpret_cast<const char*>(words) + 4 * half, sizeof(bits));
  return _mm256_set1_epi32(bits);
}

constexpr size_t kMostPairs = 64;

// Rows that count so much, two by two: the bits of both rows for a feature, side by side, choose from 0, the
// one amount, the other, and both.
class RowPairs {
 public:
  // REQUIRES: 2 · kMostPairs rows at most.
  RowPairs(const WeightedRow* rows, size_t n_rows) : n_pairs_((n_rows + 1) / 2) {
    for (size_t p = 0; p < n_pairs_; ++p) {
      const WeightedRow& row = rows[2 * p];
      const bool alone = 2 * p + 1 == n_rows;
      const WeightedRow& other = alone ? row : rows[2 * p + 1];
      const uint32_t amount = alone ? 0 : other.amount;
      words_[p][0] = row.words;
      words_[p][1] = other.words;
      const uint32_t amounts[4] = {0, row.amount, amount, row.amount + amount};
      __builtin_memcpy(amounts_[p], amounts, sizeof(amounts));
    }
  }

  void add_to(int64_t* sums, size_t n_words) {
    for (size_t w = 0; w < n_words; w += kWords) {
      const size_t n = n_words - w < kWords ? n_words - w : kWords;
      for (size_t p = 0; p < n_pairs_; ++p) interleave(p, w, n);
      for (size_t half = 0; half < 2 * n; ++half) add_half(half, sums + 64 * w + 32 * half);
    }
  }

 private:
  // Words whose bits stand side by side at a time, in the first-level cache; even.
  static constexpr size_t kWords = 8;

  // 128 bits of one row and of another become 256, those of the first at even places.
  [[gnu::always_inline]] static void interleave(__m128i row, __m128i other, uint32_t* to) {
    const __m256i bits = _mm256_inserti128_si256(_mm256_castsi128_si256(row), other, 1);
    const __m256i nibble = _mm256_set1_epi8(15);
    const __m256i spread_nibbles =
        _mm256_setr_epi8(0, 1, 4, 5, 16, 17, 20, 21, 64, 65, 68, 69, 80, 81, 84, 85,  //
                         0, 2, 8, 10, 32, 34, 40, 42, -128, -126, -120, -118, -96, -94, -88, -86);
    const __m256i low = _mm256_shuffle_epi8(spread_nibbles, _mm256_and_si256(bits, nibble));
    const __m256i high =
        _mm256_shuffle_epi8(spread_nibbles, _mm256_and_si256(_mm256_srli_epi64(bits, 4), nibble));
    const __m256i spread[2] = {_mm256_unpacklo_epi8(low, high), _mm256_unpackhi_epi8(low, high)};
    for (size_t w = 0; w < 2; ++w) {
      const __m128i both =
          _mm_or_si128(_mm256_castsi256_si128(spread[w]), _mm256_extracti128_si256(spread[w], 1));
      _mm_store_si128(reinterpret_cast<__m128i*>(to) + w, both);
    }
  }

  void interleave(size_t p, size_t first, size_t n) {
    const uint64_t* row = words_[p][0] + first;
    const uint64_t* other = words_[p][1] + first;
    size_t w = 0;
    for (; w + 2 <= n; w += 2) {
      interleave(_mm_loadu_si128(reinterpret_cast<const __m128i*>(row + w)),
                 _mm_loadu_si128(reinterpret_cast<const __m128i*>(other + w)), bits_[p] + 4 * w);
    }
    if (w == n) return;
    interleave(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(row + w)),
               _mm_loadl_epi64(reinterpret_cast<const __m128i*>(other + w)), bits_[p] + 4 * w);
  }

  // The sums of half a word stay in registers while the pairs stream through.
  void add_half(size_t half, int64_t* sums) const {
    const __m256i shift = _mm256_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14);
    const __m256i more = _mm256_setr_epi32(16, 18, 20, 22, 24, 26, 28, 30);
    __m256i sum[4] = {};
    for (size_t p = 0; p < n_pairs_; ++p) {
      const __m256 amounts = _mm256_broadcast_ps(reinterpret_cast<const __m128*>(amounts_[p]));
      const auto chosen = [&](__m256i bits) {
        return _mm256_castps_si256(_mm256_permutevar_ps(amounts, bits));
      };
      for (size_t v = 0; v < 2; ++v) {
        const __m256i bits = _mm256_set1_epi32(static_cast<int>(bits_[p][2 * half + v]));
        sum[2 * v] = _mm256_add_epi32(sum[2 * v], chosen(_mm256_srlv_epi32(bits, shift)));
        sum[2 * v + 1] = _mm256_add_epi32(sum[2 * v + 1], chosen(_mm256_srlv_epi32(bits, more)));
      }
    }
    for (size_t v = 0; v < 8; ++v) {
      const __m128i four =
          v % 2 == 0 ? _mm256_castsi256_si128(sum[v / 2]) : _mm256_extracti128_si256(sum[v / 2], 1);
      auto* target = reinterpret_cast<__m256i*>(sums) + v;
      _mm256_storeu_si256(target, _mm256_add_epi64(_mm256_loadu_si256(target), _mm256_cvtepu32_epi64(four)));
    }
  }

  size_t n_pairs_;
  const uint64_t* words_[kMostPairs][2];
  alignas(16) uint32_t amounts_[kMostPairs][4];
  alignas(16) uint32_t bits_[kMostPairs][4 * kWords];
};

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

struct Own;

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

// The patterns of eight groups stand in a register; those that are not zero are put first.
void decode_groups(const uint64_t* words, size_t n_rows, size_t words_per_row, uint64_t* offsets,
                   uint32_t* codes) {
  const __m256i shift = _mm256_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28);
  const __m256i table_row = _mm256_setr_epi32(0, 16, 32, 48, 64, 80, 96, 112);
  size_t count = 0;
  offsets[0] = 0;
  for (size_t i = 0; i < n_rows; ++i, words += words_per_row) {
    for (size_t half = 0; half < 2 * words_per_row; ++half) {
      const __m256i pattern =
          _mm256_and_si256(_mm256_srlv_epi32(half_word(words, half), shift), _mm256_set1_epi32(15));
      const __m256i zero = _mm256_cmpeq_epi32(pattern, _mm256_setzero_si256());
      const unsigned some = static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(zero))) ^ 0xffU;
      const __m256i first = _mm256_add_epi32(table_row, _mm256_set1_epi32(static_cast<int>(128 * half)));
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(codes + count),
                          _mm256_permutevar8x32_epi32(_mm256_add_epi32(first, pattern), order_of(some)));
      count += static_cast<size_t>(__builtin_popcount(some));
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

void add_weighted(const WeightedRow* rows, size_t n_rows, size_t n_words, int64_t* sums) {
  for (; n_rows > 2 * kMostPairs; n_rows -= 2 * kMostPairs, rows += 2 * kMostPairs) {
    RowPairs(rows, 2 * kMostPairs).add_to(sums, n_words);
  }
  RowPairs(rows, n_rows).add_to(sums, n_words);
}

void count_bits(const uint64_t* words, size_t n_words, const uint32_t* rows, size_t n_rows,
                uint64_t* planes) {
  size_t w = 0;
  for (; w + 4 <= n_words; w += 4) {
    BitCounters<FourWords>::add(words + w, n_words, 4, rows, n_rows, planes + w);
  }
  for (; w < n_words; ++w) BitCounters<OneWord<Own>>::add(words + w, n_words, 1, rows, n_rows, planes + w);
}

}  // namespace mixbern::kernel::avx2
