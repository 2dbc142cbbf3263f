// The inner loops as plain functions over plain arrays. Instruction-set files include headers of this folder
// that are made for it, the intrinsics and nothing else, so that no inline function built for a newer
// processor can be linked into the rest.
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
// The most components that SoftmaxColumns takes.
constexpr size_t kMostColumns = 1024;
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
// component components[e], ascending, begins[j] <= e < begins[j + 1]. Some may be zero.
struct Shares {
  size_t n_rows;
  uint32_t* rows;
  uint32_t* begins;  // one more than rows
  uint32_t* components;
  int64_t* amounts;
};
// So many more numbers are written than there are.
constexpr size_t kShareSlack = 32;
constexpr size_t kNearSlack = 16;

// A packed row that counts so much.
struct WeightedRow {
  const uint64_t* words;
  uint32_t component;
  uint32_t amount;
};

// Natural logarithm of the share below which a component's part in a row is dropped: 2^-32.
constexpr double kNegligible = 22.18070977791825;
// That in units; and the value from which on, downwards, nothing counts beside the maximum. REQUIRES:
// kNegligible / unit < 2^31.
static inline int32_t reach_in(double unit) {
  return static_cast<int32_t>(kNegligible / unit);
}
static inline int32_t threshold_below(int32_t maximum, int32_t reach) {
  const int32_t least = INT32_MIN + reach;
  return (maximum > least ? maximum : least) - reach;
}
// Resolution of the sums of softmax_fixed: K <= 2^16 terms of at most 1 stay below 2^62.
constexpr double kSumScale = 17592186044416.0;  // 2^44

// Adding it to a double below 2^51 rounds that to an integer, ties to even: 1.5 · 2^52.
constexpr double kRoundMagic = 6755399441055744.0;

// Codes of packed rows: columns of the ones, or groups of four. offsets[0] = 0.
using DecodeRows = void(const uint64_t* words, size_t n_rows, size_t words_per_row, uint64_t* offsets,
                        uint32_t* codes);

// out[i, k] += Σ_j table[code_ij, k]. The matrix product of 0/1 rows with the table.
using AddRows = void(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const double* table,
                     size_t stride, double* out);
// The same for one tile, modulo 2^32: out[i · out_stride + l] = start[i · start_stride + l] + Σ_j
// tile[code_ij, l], l < 16. start may be out.
using AddLanes = void(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const int32_t* tile,
                      const int32_t* start, size_t start_stride, int32_t* out, size_t out_stride);

// A table in bytes, for packed rows of n_words words: entry = Σ_q 256^q digit q, modulo 2^32. Digit q of
// feature 64 w + b for component t · height + r, r < height, is
// values[(((t · n_words + w) · height + r) · n_digits + q) · 64 + b].
struct Digits {
  const int8_t* values;
  size_t n_digits;  // 3 or 4
  size_t n_tiles;
  size_t height;  // height · n_digits <= 16
};
static inline size_t n_columns(const Digits& digits) {
  return digits.n_tiles * digits.height;
}
// The sums of packed rows, n_words words each, by such a table: of row i and component c, modulo 2^32,
// start[c] + Σ_d entry_dc x_id at columns[(i / 16 · n_columns + c) · 16 + i % 16]. Rows that fill up 16 have
// any values. The cost does not depend on the ones, but words that neighbouring rows lack cost nothing.
using AddDense = void(const uint64_t* words, size_t n_words, size_t n_rows, const Digits& digits,
                      const int32_t* start, int32_t* columns);

// A table of bytes for up to four tiles that stand one after the other: the byte of component 16 t + l of
// lines[64 j] is (tiles[(t · n_codes + j) · 16 + l] + lifts[j]) · scale in single precision, rounded to the
// nearest integer, ties to even; 0 for t >= n_tiles. REQUIRES: in [0, 255.4].
using Coarsen = void(const int32_t* tiles, size_t n_tiles, size_t n_codes, const int32_t* lifts, float scale,
                     uint8_t* lines);
// add_lanes for a line of bytes: out[i · out_stride + c] = start[i · start_stride + c] + Σ_j byte c of
// line code_ij, c < 64, modulo 2^16. start may be out.
using AddBytes = void(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const uint8_t* lines,
                      const uint16_t* start, size_t start_stride, uint16_t* out, size_t out_stride);
// Who is near: the k < n_components with values[i · stride + k] + reaches[i] >= max_k values[i · stride + k].
// sole[i] is that component if there is one, and kNone if there are several. Those of the j-th row with
// several, rows[j], ascend, and kNone fills up to a multiple of 16: components[begins[j]] …
// components[begins[j + 1] − 1], begins[0] = 0; kNearSlack more may be written. Returns the number of such
// rows. stride is a multiple of 32.
using FindNear = size_t(const uint16_t* values, size_t stride, size_t n_rows, size_t n_components,
                        const uint16_t* reaches, uint32_t* sole, uint32_t* rows, uint32_t* begins,
                        uint32_t* components);
// out[j] += Σ weights[64 w + b] over the bits b of words[rows[j] · n_words + w], w < n_words, modulo 2^32.
using DotBits = void(const uint64_t* words, size_t n_words, const uint32_t* rows, size_t n_rows,
                     const int32_t* weights, int32_t* out);

// With v = values[i, k] + base[k]: maxima[i] = max_k v, sums[i] = Σ_k exp(v − maximum), and values[i, k]
// becomes exp(v − maximum) / sums[i]. A row of −∞ alone gives maximum −∞, sum 0 and values 0. REQUIRES: no
// NaN, no +∞.
using Softmax = void(double* values, size_t n_rows, size_t stride, const double* base, double* maxima,
                     double* sums);
// The same from fixed point: v = value · unit. A responsibility is posterior · factors[i], rounded to the
// nearest integer, ties to even. What lies kNegligible or more below the maximum counts as zero, and so
// does INT32_MIN. Where one component takes all of factors[i], sole[i] is that component; for every other
// row sole[i] = kNone, and its responsibilities are in `shares`, which has room for n_rows rows with as
// many numbers as a row has values. REQUIRES: in each row some value above INT32_MIN; kNegligible / unit <
// 2^31; factors integers in [0, 2^51).
using SoftmaxFixed = void(const Lanes& lanes, size_t n_rows, double unit, const double* factors,
                          int32_t* maxima, double* sums, uint32_t* sole, Shares* shares);
// The same from columns as AddDense leaves them, of which the first n_components count. REQUIRES:
// n_components <= n_columns and kMostColumns.
using SoftmaxColumns = void(const int32_t* columns, size_t n_columns, size_t n_components, size_t n_rows,
                            double unit, const double* factors, int32_t* maxima, double* sums, uint32_t* sole,
                            Shares* shares);

// Its exponentials and sums alone, where all of one tile's components are wanted: with v = tile[i · 16 + k],
// maxima[i] = max_k v and values[i, k] = exp((v − maximum) · unit), zero where v counts as zero; sums[i] as
// there. REQUIRES: stride <= 16; v = INT32_MIN for k >= K.
using Likelihoods = void(const int32_t* tile, size_t n_rows, double unit, double* values, size_t stride,
                         int32_t* maxima, double* sums);

// fixed[i, k] = values[i, k] · factors[i], rounded to the nearest integer, ties to even; counts[k] += Σ_i
// fixed[i, k]. REQUIRES: products in [0, 2^51).
using Quantise = void(const double* values, size_t n_rows, size_t stride, const double* factors,
                      int64_t* fixed, int64_t* counts);

// sums[code, k] += fixed[j, k] for each code of row rows[j]: the matrix product of the transposed 0/1 rows
// with `fixed`; entries that are zero cost next to nothing. `rows` null: rows 0, 1, ….
using AddOuter = void(const uint64_t* offsets, const uint32_t* codes, const uint32_t* rows, size_t n_rows,
                      const int64_t* fixed, size_t stride, int64_t* sums);
// sums[64 w + b] += rows[j].amount for each bit b of rows[j].words[w], w < n_words: one column of that
// product, from packed rows. Where no row has a bit, sums are read and written back. REQUIRES: all amounts
// together < 2^32.
using AddWeighted = void(const WeightedRow* rows, size_t n_rows, size_t n_words, int64_t* sums);
// Bit p of a counter of feature 64 w + b is bit b of planes[p · n_words + w], p < 8. To these counters,
// modulo 256: Σ_j bit b of words[rows[j] · n_words + w], w < n_words.
using CountBits = void(const uint64_t* words, size_t n_words, const uint32_t* rows, size_t n_rows,
                       uint64_t* planes);

// out[i] = log(x[i]), within 2 units in the last place; log 0 = −∞. May be in place. REQUIRES: x finite, >=
// 0.
using Logarithms = void(const double* x, size_t n, double* out);

struct KernelTable {
  const char* name;
  const char* description;
  bool (*is_supported)();

  DecodeRows* decode_columns;
  DecodeRows* decode_groups;
  AddRows* add_rows;
  AddLanes* add_lanes;
  // The next two are null where there is no matrix unit.
  AddDense* add_dense;
  SoftmaxColumns* softmax_columns;
  // The next four are null where sums in 32 bits are as fast.
  Coarsen* coarsen;
  AddBytes* add_bytes;
  FindNear* find_near;
  DotBits* dot_bits;

  Softmax* softmax;
  SoftmaxFixed* softmax_fixed;
  Likelihoods* likelihoods;
  Quantise* quantise;
  AddOuter* add_outer;
  AddWeighted* add_weighted;
  CountBits* count_bits;
  Logarithms* logarithms;
};

extern const KernelTable kScalarKernel;
#if defined(__x86_64__)
extern const KernelTable kAvx2Kernel;
extern const KernelTable kAvx512Kernel;
extern const KernelTable kAmxKernel;
#elif defined(__aarch64__)
extern const KernelTable kNeonKernel;
#endif

}  // namespace mixbern::kernel
