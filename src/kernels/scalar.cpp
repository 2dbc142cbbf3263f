// The portable kernel: obvious loops, the reference for all others. Four-lane sums are spelled out because
// the other kernels add in that order.
#include <bit>

#include "kernels/kernel_table.hpp"

namespace mixbern::kernel {
namespace {

bool always_supported() {
  return true;
}

void add_row(double* out, const double* row, size_t stride) {
  for (size_t k = 0; k < stride; ++k) out[k] += row[k];
}

void add_products(const uint64_t* words, size_t n_rows, size_t words_per_row, const double* table,
                  size_t stride, double* out) {
  for (size_t i = 0; i < n_rows; ++i, words += words_per_row, out += stride) {
    for (size_t w = 0; w < words_per_row; ++w) {
      for (uint64_t bits = words[w]; bits != 0; bits &= bits - 1) {
        const size_t column = w * 64 + static_cast<size_t>(std::countr_zero(bits));
        add_row(out, table + column * stride, stride);
      }
    }
  }
}

void add_products_sparse(const uint64_t* offsets, const uint32_t* columns, size_t n_rows, const double* table,
                         size_t stride, double* out) {
  for (size_t i = 0; i < n_rows; ++i, out += stride) {
    for (uint64_t j = offsets[i]; j < offsets[i + 1]; ++j) add_row(out, table + columns[j] * stride, stride);
  }
}

// See kernel_table.hpp. Estrin would be shorter in latency; Horner is what every kernel does.
double exp_negative(double x) {
  if (!(x > kExpUnderflow)) return 0;
  const double shifted = x * kLog2E + kRoundMagic;
  const double n = shifted - kRoundMagic;
  const double r = (x - n * kLn2High) - n * kLn2Low;
  double series = kExpSeries[0];
  for (int term = 1; term < kExpTerms; ++term) series = series * r + kExpSeries[term];
  const uint64_t exponent = std::bit_cast<uint64_t>(shifted) << 52;
  return std::bit_cast<double>(std::bit_cast<uint64_t>(series) + exponent);
}

double maximum_of(const double* values, size_t stride, const double* base) {
  double maximum = values[0] + base[0];
  for (size_t k = 1; k < stride; ++k) {
    const double value = values[k] + base[k];
    if (value > maximum) maximum = value;
  }
  return maximum;
}

void softmax(double* values, size_t n_rows, size_t stride, const double* base, double* maxima, double* sums) {
  for (size_t i = 0; i < n_rows; ++i, values += stride) {
    const double maximum = maximum_of(values, stride, base);
    const double finite_maximum = maximum > -1e308 ? maximum : 0;  // −∞ − −∞ would be NaN
    double lanes[4] = {0, 0, 0, 0};
    for (size_t k = 0; k < stride; ++k) {
      values[k] = exp_negative((values[k] + base[k]) - finite_maximum);
      lanes[k % 4] += values[k];
    }
    const double sum = (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
    const double inverse = sum > 0 ? 1 / sum : 0;
    for (size_t k = 0; k < stride; ++k) values[k] *= inverse;
    maxima[i] = maximum;
    sums[i] = sum;
  }
}

void quantise(const double* values, size_t n_rows, size_t stride, const double* factors, int64_t* fixed) {
  constexpr int64_t kMagicBits = std::bit_cast<int64_t>(kRoundMagic);
  for (size_t i = 0; i < n_rows; ++i, values += stride, fixed += stride) {
    for (size_t k = 0; k < stride; ++k) {
      fixed[k] = std::bit_cast<int64_t>(values[k] * factors[i] + kRoundMagic) - kMagicBits;
    }
  }
}

// First entry at or after k that is not zero, else stride.
size_t next_nonzero(const int64_t* fixed, size_t k, size_t stride) {
  while (k < stride && fixed[k] == 0) ++k;
  return k;
}

void add_outer(const uint64_t* words, size_t n_rows, size_t words_per_row, const int64_t* fixed,
               size_t stride, int64_t* sums) {
  for (size_t i = 0; i < n_rows; ++i, words += words_per_row, fixed += stride) {
    for (size_t k = next_nonzero(fixed, 0, stride); k < stride; k = next_nonzero(fixed, k + 1, stride)) {
      for (size_t w = 0; w < words_per_row; ++w) {
        for (uint64_t bits = words[w]; bits != 0; bits &= bits - 1) {
          sums[(w * 64 + static_cast<size_t>(std::countr_zero(bits))) * stride + k] += fixed[k];
        }
      }
    }
  }
}

void add_outer_sparse(const uint64_t* offsets, const uint32_t* columns, size_t n_rows, const int64_t* fixed,
                      size_t stride, int64_t* sums) {
  for (size_t i = 0; i < n_rows; ++i, fixed += stride) {
    for (size_t k = next_nonzero(fixed, 0, stride); k < stride; k = next_nonzero(fixed, k + 1, stride)) {
      for (uint64_t j = offsets[i]; j < offsets[i + 1]; ++j) sums[columns[j] * stride + k] += fixed[k];
    }
  }
}

}  // namespace

const KernelTable kScalarKernel = {"scalar",     "portable C++",      always_supported,
                                   add_products, add_products_sparse, softmax,
                                   quantise,     add_outer,           add_outer_sparse};

}  // namespace mixbern::kernel
