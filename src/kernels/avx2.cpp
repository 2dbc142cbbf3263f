// 256-bit kernel: 4 doubles or 64-bit integers, or 8 lanes of a tile, an instruction.
//
// The values of a row, or a tile of up to 16 of them, stay in registers while the table rows of its codes
// stream through. The limit is 2 loads a cycle: stride / 4 loads and additions a code in doubles, 2 a tile in
// fixed point.
#include <immintrin.h>

#include "kernels/bit_counters.hpp"
#include "kernels/kernel_table.hpp"

namespace mixbern::kernel {
namespace {

bool is_supported() {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0;
}

size_t trailing_zeros(uint64_t bits) {
  return static_cast<size_t>(__builtin_ctzll(bits));
}

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

// The group of a one bit of `groups`, which marks each group by its lowest column, with its pattern.
uint32_t group_code(uint64_t groups, uint64_t bits, uint32_t first) {
  const uint64_t shift = _tzcnt_u64(groups) & 63;
  return (first + static_cast<uint32_t>(shift)) * 4 + (static_cast<uint32_t>(bits >> shift) & 15U);
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

template <size_t kVectors>
void add_tile(const uint32_t* codes, size_t count, const double* table, size_t stride, double* out) {
  __m256d sum[kVectors];
  for (size_t v = 0; v < kVectors; ++v) sum[v] = _mm256_loadu_pd(out + 4 * v);
  for (size_t j = 0; j < count; ++j) {
    const double* row = table + codes[j] * stride;
    for (size_t v = 0; v < kVectors; ++v) sum[v] = _mm256_add_pd(sum[v], _mm256_loadu_pd(row + 4 * v));
  }
  for (size_t v = 0; v < kVectors; ++v) _mm256_storeu_pd(out + 4 * v, sum[v]);
}

void add_codes(const uint32_t* codes, size_t count, const double* table, size_t stride, double* out) {
  size_t k = 0;
  for (; k + 16 <= stride; k += 16) add_tile<4>(codes, count, table + k, stride, out + k);
  switch (stride - k) {
    case 4:
      return add_tile<1>(codes, count, table + k, stride, out + k);
    case 8:
      return add_tile<2>(codes, count, table + k, stride, out + k);
    case 12:
      return add_tile<3>(codes, count, table + k, stride, out + k);
    default:
      return;
  }
}

void add_lanes(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const int32_t* tile,
               const int32_t* start, size_t start_stride, int32_t* out, size_t out_stride) {
  const auto* lines = reinterpret_cast<const __m256i*>(tile);
  for (size_t i = 0; i < n_rows; ++i, start += start_stride, out += out_stride) {
    const auto* first = reinterpret_cast<const __m256i*>(start);
    auto* target = reinterpret_cast<__m256i*>(out);
    __m256i low = _mm256_loadu_si256(first);
    __m256i high = _mm256_loadu_si256(first + 1);
    for (uint64_t j = offsets[i]; j < offsets[i + 1]; ++j) {
      const __m256i* line = lines + size_t{2} * codes[j];
      low = _mm256_add_epi32(low, _mm256_loadu_si256(line));
      high = _mm256_add_epi32(high, _mm256_loadu_si256(line + 1));
    }
    _mm256_storeu_si256(target, low);
    _mm256_storeu_si256(target + 1, high);
  }
}

// Sixteen entries as integers of 32 bits, in the order of the packs below.
struct Sixteen {
  __m256i low, high;
};

Sixteen coarse(const int32_t* entries, int32_t lift, float scale) {
  const auto eight = [&](const int32_t* from) {
    const __m256i lifted =
        _mm256_add_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)), _mm256_set1_epi32(lift));
    return _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_cvtepi32_ps(lifted), _mm256_set1_ps(scale)));
  };
  return {eight(entries), eight(entries + 8)};
}

void coarsen(const int32_t* tiles, size_t n_tiles, size_t n_codes, const int32_t* lifts, float scale,
             uint8_t* lines) {
  const Sixteen none = {_mm256_setzero_si256(), _mm256_setzero_si256()};
  for (size_t j = 0; j < n_codes; ++j, lines += kByteLanes) {
    Sixteen tile[4];
    for (size_t t = 0; t < 4; ++t) {
      tile[t] = t < n_tiles ? coarse(tiles + (t * n_codes + j) * kLanes, lifts[j], scale) : none;
    }
    for (size_t t = 0; t < 2; ++t) {
      // Words of a byte of tile t and a byte of tile t + 2; packing works in halves of a register.
      const __m256i low = _mm256_or_si256(tile[t].low, _mm256_slli_epi32(tile[t + 2].low, 8));
      const __m256i high = _mm256_or_si256(tile[t].high, _mm256_slli_epi32(tile[t + 2].high, 8));
      const __m256i words = _mm256_permute4x64_epi64(_mm256_packus_epi32(low, high), 0xd8);
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(lines) + t, words);
    }
  }
}

// A line is 32 words; sums of the words and of their upper bytes give those of the lower ones.
void add_bytes(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const uint8_t* lines,
               const uint16_t* start, size_t start_stride, uint16_t* out, size_t out_stride) {
  for (size_t i = 0; i < n_rows; ++i, start += start_stride, out += out_stride) {
    __m256i words[2] = {};
    __m256i odd[2] = {};
    for (uint64_t j = offsets[i]; j < offsets[i + 1]; ++j) {
      const auto* line = reinterpret_cast<const __m256i*>(lines + codes[j] * kByteLanes);
      for (int v = 0; v < 2; ++v) {
        const __m256i bytes = _mm256_loadu_si256(line + v);
        words[v] = _mm256_add_epi16(words[v], bytes);
        odd[v] = _mm256_add_epi16(odd[v], _mm256_srli_epi16(bytes, 8));
      }
    }
    const auto* from = reinterpret_cast<const __m256i*>(start);
    auto* to = reinterpret_cast<__m256i*>(out);
    for (int v = 0; v < 2; ++v) {
      const __m256i even = _mm256_sub_epi16(words[v], _mm256_slli_epi16(odd[v], 8));
      _mm256_storeu_si256(to + v, _mm256_add_epi16(_mm256_loadu_si256(from + v), even));
      _mm256_storeu_si256(to + 2 + v, _mm256_add_epi16(_mm256_loadu_si256(from + 2 + v), odd[v]));
    }
  }
}

// 16 words from k on; zero past n.
__m256i words_at(const uint16_t* values, size_t k, size_t n) {
  const __m256i words = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values + k));
  if (n - k >= 16) return words;
  const __m256i ascending = _mm256_setr_epi16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return _mm256_and_si256(words,
                          _mm256_cmpgt_epi16(_mm256_set1_epi16(static_cast<int16_t>(n - k)), ascending));
}

void find_near(const uint16_t* values, size_t stride, size_t n_rows, size_t n_components,
               const uint16_t* reaches, uint32_t* begins, uint32_t* components) {
  begins[0] = 0;
  for (size_t i = 0; i < n_rows; ++i, values += stride) {
    __m256i maximum = words_at(values, 0, n_components);
    for (size_t k = 16; k < n_components; k += 16) {
      maximum = _mm256_max_epu16(maximum, words_at(values, k, n_components));
    }
    // The least of the complements.
    const __m128i half = _mm_max_epu16(_mm256_castsi256_si128(maximum), _mm256_extracti128_si256(maximum, 1));
    const __m128i least = _mm_minpos_epu16(_mm_xor_si128(half, _mm_set1_epi16(-1)));
    const int largest = 0xffff - (_mm_cvtsi128_si32(least) & 0xffff);
    const int wanted = largest - reaches[i];
    const __m256i threshold = _mm256_set1_epi16(static_cast<int16_t>(wanted > 0 ? wanted : 0));
    uint32_t count = begins[i];
    for (size_t k = 0; k < n_components; k += 16) {
      const __m256i value = words_at(values, k, n_components);
      const __m256i near = _mm256_cmpeq_epi16(_mm256_max_epu16(value, threshold), value);
      auto mask = static_cast<unsigned>(_mm256_movemask_epi8(near)) & 0x55555555U;
      if (n_components - k < 16) mask &= (1U << (2 * (n_components - k))) - 1;
      for (; mask != 0; mask &= mask - 1) {
        components[count++] = static_cast<uint32_t>(k + trailing_zeros(mask) / 2);
      }
    }
    while (count % kLanes != 0) components[count++] = kNone;
    begins[i + 1] = count;
  }
}

// 32 bits of a row, in every lane.
[[gnu::always_inline]] inline __m256i half_word(const uint64_t* words, size_t half) {
  int bits;
  __builtin_memcpy(&bits, reinterpret_cast<const char*>(words) + 4 * half, sizeof(bits));
  return _mm256_set1_epi32(bits);
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

void logarithms(const double* x, size_t n, double* out) {
  size_t i = 0;
  for (; i + 4 <= n; i += 4) _mm256_storeu_pd(out + i, logarithm(_mm256_loadu_pd(x + i)));
  if (i == n) return;
  double rest[4] = {1, 1, 1, 1};
  for (size_t j = i; j < n; ++j) rest[j - i] = x[j];
  _mm256_storeu_pd(rest, logarithm(_mm256_loadu_pd(rest)));
  for (size_t j = i; j < n; ++j) out[j] = rest[j - i];
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

void count_bits(const uint64_t* words, size_t n_words, const uint32_t* rows, size_t n_rows,
                uint64_t* planes) {
  size_t w = 0;
  for (; w + 4 <= n_words; w += 4) {
    BitCounters<FourWords>::add(words + w, n_words, 4, rows, n_rows, planes + w);
  }
  for (; w < n_words; ++w) BitCounters<OneWord>::add(words + w, n_words, 1, rows, n_rows, planes + w);
}

// −1 where lane l has bit 8 · byte + l.
[[gnu::always_inline]] inline __m256i ones_of(__m256i bits, int byte) {
  const __m256i chosen = _mm256_slli_epi32(_mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128), 8 * byte);
  return _mm256_cmpeq_epi32(_mm256_and_si256(bits, chosen), chosen);
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

// A row of 4 · n components at most, which stay in registers.
template <size_t n>
void add_few(const uint32_t* codes, size_t count, const int64_t* fixed, int64_t* sums) {
  __m256i values[n];
  for (size_t v = 0; v < n; ++v) values[v] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(fixed) + v);
  for (size_t j = 0; j < count; ++j) {
    auto* target = reinterpret_cast<__m256i*>(sums + 4 * n * codes[j]);
    for (size_t v = 0; v < n; ++v) {
      _mm256_storeu_si256(target + v, _mm256_add_epi64(_mm256_loadu_si256(target + v), values[v]));
    }
  }
}

void add_dense(const uint32_t* codes, size_t count, const int64_t* fixed, size_t n, size_t stride,
               int64_t* sums) {
  if (stride == 8) return add_few<2>(codes, count, fixed, sums);
  if (stride == 12) return add_few<3>(codes, count, fixed, sums);
  if (stride == 16) return add_few<4>(codes, count, fixed, sums);
  for (size_t j = 0; j < count; ++j) {
    int64_t* row = sums + codes[j] * stride;
    for (size_t k = 0; k < n; k += 4) {
      auto* target = reinterpret_cast<__m256i*>(row + k);
      const __m256i values = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(fixed + k));
      _mm256_storeu_si256(target, _mm256_add_epi64(_mm256_loadu_si256(target), values));
    }
  }
}

void add_one(const uint32_t* codes, size_t count, int64_t value, size_t stride, int64_t* sums) {
  for (size_t j = 0; j < count; ++j) sums[codes[j] * stride] += value;
}

// 64 components at a time: few that are not zero are added one by one, many as vectors.
void add_outer_codes(const uint32_t* codes, size_t count, const int64_t* fixed, size_t stride,
                     int64_t* sums) {
  for (size_t first = 0; first < stride; first += 64) {
    const size_t n = stride - first < 64 ? stride - first : 64;
    uint64_t mask = nonzero_mask(fixed + first, n);
    if (static_cast<size_t>(__builtin_popcountll(mask)) > n / 4) {
      add_dense(codes, count, fixed + first, n, stride, sums + first);
      continue;
    }
    for (; mask != 0; mask &= mask - 1) {
      const size_t k = first + trailing_zeros(mask);
      add_one(codes, count, fixed[k], stride, sums + k);
    }
  }
}

}  // namespace

void avx2::add_rows(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const double* table,
                    size_t stride, double* out) {
  for (size_t i = 0; i < n_rows; ++i, out += stride) {
    add_codes(codes + offsets[i], offsets[i + 1] - offsets[i], table, stride, out);
  }
}

void avx2::softmax(double* values, size_t n_rows, size_t stride, const double* base, double* maxima,
                   double* sums) {
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

void avx2::softmax_fixed(const Lanes& lanes, size_t n_rows, double unit, const double* factors,
                         int32_t* maxima, double* sums, uint32_t* sole, Shares* shares) {
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
      if (best_lanes != 0 && best == kNone) best = static_cast<uint32_t>(l + trailing_zeros(best_lanes));
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

void avx2::quantise(const double* values, size_t n_rows, size_t stride, const double* factors, int64_t* fixed,
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

void avx2::add_outer(const uint64_t* offsets, const uint32_t* codes, const uint32_t* rows, size_t n_rows,
                     const int64_t* fixed, size_t stride, int64_t* sums) {
  for (size_t j = 0; j < n_rows; ++j, fixed += stride) {
    const size_t i = rows == nullptr ? j : rows[j];
    const size_t count = offsets[i + 1] - offsets[i];
    if (stride == 4) {
      add_few<1>(codes + offsets[i], count, fixed, sums);
    } else {
      add_outer_codes(codes + offsets[i], count, fixed, stride, sums);
    }
  }
}

const KernelTable kAvx2Kernel = {"avx2",
                                 "256-bit AVX2 and BMI",
                                 is_supported,
                                 decode_columns,
                                 decode_groups,
                                 avx2::add_rows,
                                 add_lanes,
                                 coarsen,
                                 add_bytes,
                                 find_near,
                                 dot_bits,
                                 avx2::softmax,
                                 avx2::softmax_fixed,
                                 avx2::quantise,
                                 avx2::add_outer,
                                 add_weighted,
                                 count_bits,
                                 logarithms};

}  // namespace mixbern::kernel
