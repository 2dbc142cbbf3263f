// The portable kernel: obvious loops, the reference for all others. Four-lane sums are spelled out because
// the other kernels add in that order.
#include "kernels/scalar.hpp"

#include <bit>
#include <cmath>

#include "kernels/bit_counters.hpp"
#include "kernels/kernel_table.hpp"
#include "kernels/series.hpp"

namespace mixbern::kernel {
namespace {

bool always_supported() {
  return true;
}

void decode_groups(const uint64_t* words, size_t n_rows, size_t words_per_row, uint64_t* offsets,
                   uint32_t* codes) {
  size_t count = 0;
  offsets[0] = 0;
  for (size_t i = 0; i < n_rows; ++i, words += words_per_row) {
    for (size_t group = 0; group < 16 * words_per_row; ++group) {
      const uint64_t pattern = words[group / 16] >> (4 * (group % 16)) & 15U;
      if (pattern != 0) codes[count++] = static_cast<uint32_t>(16 * group + pattern);
    }
    offsets[i + 1] = count;
  }
}

void add_rows(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const double* table,
              size_t stride, double* out) {
  for (size_t i = 0; i < n_rows; ++i, out += stride) {
    for (uint64_t j = offsets[i]; j < offsets[i + 1]; ++j) {
      const double* row = table + codes[j] * stride;
      for (size_t k = 0; k < stride; ++k) out[k] += row[k];
    }
  }
}

void add_tile(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const int32_t* tile, size_t,
              const int32_t* start, size_t start_stride, int32_t* out, size_t out_stride) {
  for (size_t i = 0; i < n_rows; ++i, start += start_stride, out += out_stride) {
    uint32_t sum[kSlots];
    for (size_t l = 0; l < kSlots; ++l) sum[l] = static_cast<uint32_t>(start[l]);
    for (uint64_t j = offsets[i]; j < offsets[i + 1]; ++j) {
      const int32_t* row = tile + codes[j] * kSlots;
      for (size_t l = 0; l < kSlots; ++l) sum[l] += static_cast<uint32_t>(row[l]);
    }
    for (size_t l = 0; l < kSlots; ++l) out[l] = static_cast<int32_t>(sum[l]);
  }
}

double exp_negative(double x) {
  if (!(x > kExpUnderflow)) return 0;
  const double shifted = x * kLog2E + kRoundMagic;
  const double n = shifted - kRoundMagic;
  const double r = (x - n * kLn2High) - n * kLn2Low;
  const uint64_t exponent = std::bit_cast<uint64_t>(shifted) << 52;
  return std::bit_cast<double>(std::bit_cast<uint64_t>(exp_series(r)) + exponent);
}

double logarithm(double x) {
  const bool subnormal = x < kSmallestNormal;
  const uint64_t bits = std::bit_cast<uint64_t>(subnormal ? x * kTwoTo54 : x);
  constexpr uint64_t kBias = uint64_t{1024} << 52;
  const uint64_t shifted = (bits - kSqrtHalfBits + kBias) & 0xfff0000000000000;
  const double exponent =
      static_cast<double>(static_cast<int64_t>(shifted >> 52)) - (subnormal ? 1078 : 1024);
  const double f = std::bit_cast<double>(bits - shifted + kBias) - 1;
  const double s = f / (2 + f);
  const double square = s * s;
  const double tail = (s * square) * log_series(square) + exponent * kLn2Low;
  const double result = exponent * kLn2High + (2 * s + tail);
  return x > 0 ? result : -HUGE_VAL;
}

void logarithms(const double* x, size_t n, double* out) {
  for (size_t i = 0; i < n; ++i) out[i] = logarithm(x[i]);
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

// REQUIRES: 0 <= x < 2^51.
int64_t rounded(double x) {
  return std::bit_cast<int64_t>(x + kRoundMagic) - std::bit_cast<int64_t>(kRoundMagic);
}

void softmax_fixed(const RowValues& rows, size_t n_rows, double unit, const double* factors, int32_t* maxima,
                   double* sums, uint32_t* sole, Shares* shares) {
  const int32_t reach = reach_in(unit);
  shares->n_rows = 0;
  shares->begins[0] = 0;
  for (size_t i = 0; i < n_rows; ++i) {
    const size_t first = rows.begins == nullptr ? i * rows.stride : rows.begins[i];
    const size_t n = rows.begins == nullptr ? rows.most : rows.begins[i + 1] - first;
    const int32_t* values = rows.values + first;
    const auto component = [&](size_t l) {
      return rows.begins == nullptr ? static_cast<uint32_t>(l) : rows.components[first + l];
    };
    size_t best = 0;
    for (size_t l = 1; l < n; ++l) best = values[l] > values[best] ? l : best;
    const int32_t maximum = values[best];
    const int32_t threshold = threshold_below(maximum, reach);
    const uint32_t begin = shares->begins[shares->n_rows];
    uint32_t end = begin;
    int64_t sum = 0;
    for (size_t l = 0; l < n; ++l) {
      if (values[l] <= threshold) continue;
      const double e = exp_negative(static_cast<double>(values[l] - maximum) * unit);
      sum += rounded(e * kSumScale);
      shares->components[end] = component(l);
      shares->amounts[end++] = std::bit_cast<int64_t>(e);
    }
    maxima[i] = maximum;
    sums[i] = static_cast<double>(sum) * (1 / kSumScale);
    const double factor = factors[i] / sums[i];
    sole[i] = rounded(factor) == rounded(factors[i]) ? component(best) : kNone;
    if (sole[i] != kNone) continue;
    for (uint32_t j = begin; j < end; ++j) {
      shares->amounts[j] = rounded(std::bit_cast<double>(shares->amounts[j]) * factor);
    }
    shares->rows[shares->n_rows] = static_cast<uint32_t>(i);
    shares->begins[++shares->n_rows] = end;
  }
}

void likelihoods(const int32_t* tile, size_t n_rows, double unit, double* values, size_t stride,
                 int32_t* maxima, double* sums) {
  const int32_t reach = reach_in(unit);
  for (size_t i = 0; i < n_rows; ++i, tile += kSlots, values += stride) {
    int32_t maximum = tile[0];
    for (size_t k = 1; k < stride; ++k) maximum = tile[k] > maximum ? tile[k] : maximum;
    const int32_t threshold = threshold_below(maximum, reach);
    int64_t sum = 0;
    for (size_t k = 0; k < stride; ++k) {
      values[k] = tile[k] > threshold ? exp_negative(static_cast<double>(tile[k] - maximum) * unit) : 0;
      sum += rounded(values[k] * kSumScale);
    }
    maxima[i] = maximum;
    sums[i] = static_cast<double>(sum) * (1 / kSumScale);
  }
}

void quantise(const double* values, size_t n_rows, size_t stride, const double* factors, int64_t* fixed,
              int64_t* counts) {
  for (size_t i = 0; i < n_rows; ++i, values += stride, fixed += stride) {
    for (size_t k = 0; k < stride; ++k) {
      fixed[k] = rounded(values[k] * factors[i]);
      counts[k] += fixed[k];
    }
  }
}

void add_outer(const uint64_t* offsets, const uint32_t* codes, const uint32_t* rows, size_t n_rows,
               const int64_t* fixed, size_t stride, int64_t* sums) {
  for (size_t j = 0; j < n_rows; ++j, fixed += stride) {
    const size_t i = rows == nullptr ? j : rows[j];
    for (size_t k = 0; k < stride; ++k) {
      if (fixed[k] == 0) continue;
      for (uint64_t c = offsets[i]; c < offsets[i + 1]; ++c) sums[codes[c] * stride + k] += fixed[k];
    }
  }
}

void add_weighted(const WeightedRow* rows, size_t n_rows, size_t n_words, int64_t* sums) {
  for (size_t j = 0; j < n_rows; ++j) {
    for (size_t w = 0; w < n_words; ++w) {
      for (uint64_t bits = rows[j].words[w]; bits != 0; bits &= bits - 1) {
        sums[w * 64 + static_cast<size_t>(std::countr_zero(bits))] += rows[j].amount;
      }
    }
  }
}

struct Own;

void count_bits(const uint64_t* words, size_t n_words, const uint32_t* rows, size_t n_rows,
                uint64_t* planes) {
  for (size_t w = 0; w < n_words; ++w) {
    BitCounters<OneWord<Own>>::add(words + w, n_words, 1, rows, n_rows, planes + w);
  }
}

}  // namespace

void scalar::decode_columns(const uint64_t* words, size_t n_rows, size_t words_per_row, uint64_t* offsets,
                            uint32_t* codes) {
  size_t count = 0;
  offsets[0] = 0;
  for (size_t i = 0; i < n_rows; ++i, words += words_per_row) {
    for (size_t w = 0; w < words_per_row; ++w) {
      for (uint64_t bits = words[w]; bits != 0; bits &= bits - 1) {
        codes[count++] = static_cast<uint32_t>(w * 64 + static_cast<size_t>(std::countr_zero(bits)));
      }
    }
    offsets[i + 1] = count;
  }
}

// Sums of bytes gain nothing without instructions for many of them.
const KernelTable kScalarKernel = {
    .name = "scalar",
    .description = "portable C++",
    .is_supported = always_supported,
    .codes = {.decode_columns = scalar::decode_columns, .decode_groups = decode_groups},
    .tables = {.add_rows = add_rows,
               .add_tile = add_tile,
               .add_dense = nullptr,
               .coarsen = nullptr,
               .add_bytes = nullptr,
               .find_candidates = nullptr,
               .dot_bits = nullptr},
    .responsibilities = {.softmax = softmax,
                         .softmax_fixed = softmax_fixed,
                         .softmax_columns = nullptr,
                         .likelihoods = likelihoods,
                         .quantise = quantise},
    .sums = {.add_outer = add_outer, .add_weighted = add_weighted, .count_bits = count_bits},
    .series = {.logarithms = logarithms},
};

}  // namespace mixbern::kernel
