// The inner loops as plain functions over plain arrays. Instruction-set files include this header, templates
// over types of their own (bit_counters.hpp), the intrinsics and nothing else, so that no inline function
// built for a newer processor can be linked into the rest.
//
// A row of data is spelt as codes: numbers of the table rows whose sum is wanted. Either the columns of its
// ones, or, where ones are dense, one code 16 g + p for each group g of four columns whose bits p are not all
// zero; that table then has the 16 sums of each group. Rows are offsets (absolute, one more than rows) into
// codes.
//
// In doubles, the K values of a row stand in `stride` numbers, K rounded up to a multiple of 4, and a table
// is codes × stride. In fixed point they stand in lanes of 16 32-bit integers: a table is tiles × codes × 16.
//
// Every kernel gives the same bits as the scalar one: fixed-point sums are exact; sums of doubles over codes
// run in ascending order for each component by itself, sums over components in four interleaved lanes or in
// integers, and no operation is fused.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace mixbern::kernel {

// Components in a tile of a fixed-point table: one 64-byte line.
constexpr size_t kLanes = 16;
// Components in a line of a table of bytes: component c < 32 is byte 2 c, c >= 32 byte 2 (c − 32) + 1.
constexpr size_t kByteLanes = 64;
// No component.
constexpr uint32_t kNone = UINT32_MAX;
// decode_* may write so many codes more than there are.
constexpr size_t kDecodeSlack = 64;

// Values of rows in fixed point, a multiple of 16 each. Row i has those of components 0 … most − 1 at
// values[i · stride], or, where begins is not null, those of components[e], ascending, at values[e], e from
// begins[i] to begins[i + 1] − 1, of which there are `most` at most.
struct Lanes {
  const int32_t* values;
  size_t most;
  size_t stride;
  const uint32_t* begins;
  const uint32_t* components;
};

// Responsibilities for the rows that components share, in fixed point: row rows[j] has amounts[e] for
// component components[e], begins[j] <= e < begins[j + 1]. Some may be zero, for any component once more.
struct Shares {
  size_t n_rows;
  uint32_t* rows;
  uint32_t* begins;  // one more than rows
  uint32_t* components;
  int64_t* amounts;
};
// So many more numbers are written than there are.
constexpr size_t kShareSlack = 16;

// A packed row that counts so much.
struct WeightedRow {
  const uint64_t* words;
  uint32_t component;
  uint32_t amount;
};

struct KernelTable {
  const char* name;
  const char* description;
  bool (*is_supported)();

  // Codes of packed rows: columns of the ones, or groups of four. offsets[0] = 0.
  void (*decode_columns)(const uint64_t* words, size_t n_rows, size_t words_per_row, uint64_t* offsets,
                         uint32_t* codes);
  void (*decode_groups)(const uint64_t* words, size_t n_rows, size_t words_per_row, uint64_t* offsets,
                        uint32_t* codes);

  // out[i, k] += Σ_j table[code_ij, k]. The matrix product of 0/1 rows with the table.
  void (*add_rows)(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const double* table,
                   size_t stride, double* out);
  // The same for one tile, modulo 2^32: out[i · out_stride + l] = start[i · start_stride + l] + Σ_j
  // tile[code_ij, l], l < 16. start may be out.
  void (*add_lanes)(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const int32_t* tile,
                    const int32_t* start, size_t start_stride, int32_t* out, size_t out_stride);

  // The next four are null where sums in 32 bits are as fast.
  //
  // A table of bytes for up to four tiles that stand one after the other: the byte of component 16 t + l of
  // lines[64 j] is (tiles[(t · n_codes + j) · 16 + l] + lifts[j]) · scale in single precision, rounded to the
  // nearest integer, ties to even; 0 for t >= n_tiles. REQUIRES: in [0, 255.4].
  void (*coarsen)(const int32_t* tiles, size_t n_tiles, size_t n_codes, const int32_t* lifts, float scale,
                  uint8_t* lines);
  // add_lanes for a line of bytes: out[i · out_stride + c] = start[i · start_stride + c] + Σ_j byte c of
  // line code_ij, c < 64, modulo 2^16. start may be out.
  void (*add_bytes)(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const uint8_t* lines,
                    const uint16_t* start, size_t start_stride, uint16_t* out, size_t out_stride);
  // For each row the k < n_components with values[i · stride + k] + reaches[i] >= max_k values[i · stride +
  // k], ascending, and kNone up to a multiple of 16: components[begins[i]] … components[begins[i + 1] − 1].
  // begins[0] = 0. stride is a multiple of 32.
  void (*find_near)(const uint16_t* values, size_t stride, size_t n_rows, size_t n_components,
                    const uint16_t* reaches, uint32_t* begins, uint32_t* components);
  // out[j] += Σ weights[64 w + b] over the bits b of words[rows[j] · n_words + w], w < n_words, modulo 2^32.
  void (*dot_bits)(const uint64_t* words, size_t n_words, const uint32_t* rows, size_t n_rows,
                   const int32_t* weights, int32_t* out);

  // With v = values[i, k] + base[k]: maxima[i] = max_k v, sums[i] = Σ_k exp(v − maximum), and values[i, k]
  // becomes exp(v − maximum) / sums[i]. A row of −∞ alone gives maximum −∞, sum 0 and values 0. REQUIRES: no
  // NaN, no +∞.
  void (*softmax)(double* values, size_t n_rows, size_t stride, const double* base, double* maxima,
                  double* sums);
  // The same from fixed point: v = value · unit. A responsibility is posterior · factors[i], rounded to the
  // nearest integer, ties to even. What lies kNegligible or more below the maximum counts as zero, and so
  // does INT32_MIN. Where one component takes all of factors[i], sole[i] is that component; for every other
  // row sole[i] = kNone, and its responsibilities are in `shares`, which has room for n_rows rows with as
  // many numbers as a row has values. REQUIRES: in each row some value above INT32_MIN; kNegligible / unit <
  // 2^31; factors integers in [0, 2^51).
  void (*softmax_fixed)(const Lanes& lanes, size_t n_rows, double unit, const double* factors,
                        int32_t* maxima, double* sums, uint32_t* sole, Shares* shares);

  // fixed[i, k] = values[i, k] · factors[i], rounded to the nearest integer, ties to even; counts[k] += Σ_i
  // fixed[i, k]. REQUIRES: products in [0, 2^51).
  void (*quantise)(const double* values, size_t n_rows, size_t stride, const double* factors, int64_t* fixed,
                   int64_t* counts);

  // sums[code, k] += fixed[j, k] for each code of row rows[j]: the matrix product of the transposed 0/1 rows
  // with `fixed`; entries that are zero cost next to nothing. `rows` null: rows 0, 1, ….
  void (*add_outer)(const uint64_t* offsets, const uint32_t* codes, const uint32_t* rows, size_t n_rows,
                    const int64_t* fixed, size_t stride, int64_t* sums);
  // sums[64 w + b] += rows[j].amount for each bit b of rows[j].words[w], w < n_words: one column of that
  // product, from packed rows. Where no row has a bit, sums are read and written back. REQUIRES: all amounts
  // together < 2^32.
  void (*add_weighted)(const WeightedRow* rows, size_t n_rows, size_t n_words, int64_t* sums);
  // Bit p of a counter of feature 64 w + b is bit b of planes[p · n_words + w], p < 8. To these counters,
  // modulo 256: Σ_j bit b of words[rows[j] · n_words + w], w < n_words.
  void (*count_bits)(const uint64_t* words, size_t n_words, const uint32_t* rows, size_t n_rows,
                     uint64_t* planes);

  // out[i] = log(x[i]), within 2 units in the last place; log 0 = −∞. May be in place. REQUIRES: x finite, >=
  // 0.
  void (*logarithms)(const double* x, size_t n, double* out);
};

extern const KernelTable kScalarKernel;
#if defined(__x86_64__)
extern const KernelTable kAvx2Kernel;
extern const KernelTable kAvx512Kernel;

// Functions of the 256-bit kernel that the 512-bit one takes over as they are.
namespace avx2 {
void add_rows(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const double* table,
              size_t stride, double* out);
void softmax(double* values, size_t n_rows, size_t stride, const double* base, double* maxima, double* sums);
void softmax_fixed(const Lanes& lanes, size_t n_rows, double unit, const double* factors, int32_t* maxima,
                   double* sums, uint32_t* sole, Shares* shares);
void quantise(const double* values, size_t n_rows, size_t stride, const double* factors, int64_t* fixed,
              int64_t* counts);
void add_outer(const uint64_t* offsets, const uint32_t* codes, const uint32_t* rows, size_t n_rows,
               const int64_t* fixed, size_t stride, int64_t* sums);
}  // namespace avx2
#endif

// Natural logarithm of the share below which a component's part in a row is dropped: 2^-40.
constexpr double kNegligible = 27.725887222397812;
// Resolution of the sums of softmax_fixed: K <= 2^16 terms of at most 1 stay below 2^62.
constexpr double kSumScale = 17592186044416.0;  // 2^44

// exp(x) for −708 < x <= 0, by x = n ln 2 + r, |r| <= ln 2 / 2, and the Taylor series of exp(r) to r^13 /
// 13!, whose remainder is below 2^-56. The constants of the reduction are those of Cody and Waite, Software
// Manual for the Elementary Functions (1980): n · kLn2High is exact.
constexpr double kExpUnderflow = -708.0;
constexpr double kLog2E = 1.4426950408889634;
constexpr double kLn2High = 6.93147180369123816490e-01;
constexpr double kLn2Low = 1.90821492927058770002e-10;
constexpr double kRoundMagic =
    6755399441055744.0;  // 1.5 · 2^52: adding it rounds to an integer, ties to even
// Estrin's scheme: pairs of terms first, then pairs of pairs, a third of the latency of Horner's.
constexpr int kExpTerms = 14;
constexpr double kExpSeries[kExpTerms] = {
    1.0,        1.0,         1.0 / 2,      1.0 / 6,       1.0 / 24,       1.0 / 120,       1.0 / 720,
    1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};

// log(x) for x = m · 2^e, √½ <= m < √2: with s = (m − 1) / (m + 1), log m = 2 artanh s = 2 s (1 + s²/3 + s⁴/5
// + …), |s| < 0.1716, whose remainder after s^20 / 21 is below 2^-57 relative. ln 2 in two parts as above.
constexpr uint64_t kSqrtHalfBits = 0x3fe6a09e667f3bcd;
constexpr double kSmallestNormal = 2.2250738585072014e-308;
constexpr double kTwoTo54 = 18014398509481984.0;
constexpr int kLogTerms = 10;
constexpr double kLogSeries[kLogTerms] = {2.0 / 21, 2.0 / 19, 2.0 / 17, 2.0 / 15, 2.0 / 13,
                                          2.0 / 11, 2.0 / 9,  2.0 / 7,  2.0 / 5,  2.0 / 3};

}  // namespace mixbern::kernel
