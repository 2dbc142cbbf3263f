// Kernels that turn a row's values, one a component, into its responsibilities.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernels/tables.hpp"

namespace mixbern::kernel {

// The most components that SoftmaxColumns takes.
constexpr size_t kMostColumns = 1024;

// Values of rows in fixed point, a multiple of 16 each. Row i has those of components 0 … most − 1 at
// values[i · stride], or, where begins is not null, those of components[e], ascending, at values[e], e from
// begins[i] to begins[i + 1] − 1, of which there are `most` at most.
struct RowValues {
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
using SoftmaxFixed = void(const RowValues& rows, size_t n_rows, double unit, const double* factors,
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

struct ResponsibilityKernels {
  Softmax* softmax;
  SoftmaxFixed* softmax_fixed;
  SoftmaxColumns* softmax_columns;  // null where add_dense is
  Likelihoods* likelihoods;
  Quantise* quantise;
};

}  // namespace mixbern::kernel
