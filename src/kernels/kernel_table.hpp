// The inner loops as plain functions over plain arrays. Instruction-set files include this header, the
// intrinsics and nothing else, so that no inline function built for a newer processor can be linked into the
// rest.
//
// Shapes: K values of a row stand in `stride` doubles or integers, stride = K rounded up to a multiple of 4.
// A table is D × stride, feature-major. Packed rows are words_per_row 64-bit words each; sparse rows are
// offsets (of the first row first, absolute) into columns.
//
// Every kernel gives the same bits as the scalar one: sums over features run in ascending order for each
// component by itself, sums over components in four interleaved lanes, and no operation is fused.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace mixbern::kernel {

struct KernelTable {
  const char* name;
  const char* description;
  bool (*is_supported)();

  // out[i, k] += Σ_{d: x_id = 1} table[d, k]. The matrix product of 0/1 rows with the table.
  void (*add_products)(const uint64_t* words, size_t n_rows, size_t words_per_row, const double* table,
                       size_t stride, double* out);
  void (*add_products_sparse)(const uint64_t* offsets, const uint32_t* columns, size_t n_rows,
                              const double* table, size_t stride, double* out);

  // With v = values[i, k] + base[k]: maxima[i] = max_k v, sums[i] = Σ_k exp(v − maximum), and values[i, k]
  // becomes exp(v − maximum) / sums[i]. A row of −∞ alone gives maximum −∞, sum 0 and values 0. REQUIRES: no
  // NaN, no +∞.
  void (*softmax)(double* values, size_t n_rows, size_t stride, const double* base, double* maxima,
                  double* sums);

  // fixed[i, k] = values[i, k] · factors[i], rounded to the nearest integer, ties to even. REQUIRES: products
  // in [0, 2^51).
  void (*quantise)(const double* values, size_t n_rows, size_t stride, const double* factors, int64_t* fixed);

  // sums[d, k] += Σ_{i: x_id = 1} fixed[i, k]. The matrix product of the transposed 0/1 rows with `fixed`;
  // entries that are zero cost next to nothing.
  void (*add_outer)(const uint64_t* words, size_t n_rows, size_t words_per_row, const int64_t* fixed,
                    size_t stride, int64_t* sums);
  void (*add_outer_sparse)(const uint64_t* offsets, const uint32_t* columns, size_t n_rows,
                           const int64_t* fixed, size_t stride, int64_t* sums);
};

extern const KernelTable kScalarKernel;
#if defined(__x86_64__)
extern const KernelTable kAvx2Kernel;
#endif

// Columns that are decoded from a packed row at a time; they stay in the first-level cache.
constexpr size_t kDecodeColumns = 512;

// exp(x) for −708 < x <= 0, by x = n ln 2 + r, |r| <= ln 2 / 2, and the Taylor series of exp(r) to r^13 /
// 13!, whose remainder is below 2^-56. The constants of the reduction are those of Cody and Waite, Software
// Manual for the Elementary Functions (1980): n · kLn2High is exact.
constexpr double kExpUnderflow = -708.0;
constexpr double kLog2E = 1.4426950408889634;
constexpr double kLn2High = 6.93147180369123816490e-01;
constexpr double kLn2Low = 1.90821492927058770002e-10;
constexpr double kRoundMagic =
    6755399441055744.0;  // 1.5 · 2^52: adding it rounds to an integer, ties to even
constexpr int kExpTerms = 14;
constexpr double kExpSeries[kExpTerms] = {
    1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040,
    1.0 / 720,        1.0 / 120,       1.0 / 24,       1.0 / 6,       1.0 / 2,      1.0,         1.0};

}  // namespace mixbern::kernel
