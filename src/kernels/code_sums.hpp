// Sums over the codes of rows, for registers of kWidth numbers. Every function is of the including file
// alone.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernels/vectors.hpp"

namespace mixbern::kernel {

// kVectors registers of `out` stay where they are while the table rows stream through.
template <size_t kWidth, size_t kVectors>
static void add_registers(const uint32_t* codes, size_t count, const double* table, size_t stride,
                          double* out) {
  using Vector = VectorOf<kWidth>;
  Vector sum[kVectors];
  for (size_t v = 0; v < kVectors; ++v) sum[v] = load<Vector>(out + kWidth * v);
  for (size_t j = 0; j < count; ++j) {
    const double* row = table + codes[j] * stride;
    for (size_t v = 0; v < kVectors; ++v) sum[v] += load<Vector>(row + kWidth * v);
  }
  for (size_t v = 0; v < kVectors; ++v) store(sum[v], out + kWidth * v);
}

template <size_t kWidth>
static void add_codes(const uint32_t* codes, size_t count, const double* table, size_t stride, double* out) {
  size_t k = 0;
  for (; k + 16 <= stride; k += 16) {
    add_registers<kWidth, 16 / kWidth>(codes, count, table + k, stride, out + k);
  }
  switch (stride - k) {
    case 4:
      return add_registers<kWidth, 4 / kWidth>(codes, count, table + k, stride, out + k);
    case 8:
      return add_registers<kWidth, 8 / kWidth>(codes, count, table + k, stride, out + k);
    case 12:
      return add_registers<kWidth, 12 / kWidth>(codes, count, table + k, stride, out + k);
    default:
      return;
  }
}

// AddRows.
template <size_t kWidth>
static void add_rows_by(const uint64_t* offsets, const uint32_t* codes, size_t n_rows, const double* table,
                        size_t stride, double* out) {
  for (size_t i = 0; i < n_rows; ++i, out += stride) {
    add_codes<kWidth>(codes + offsets[i], offsets[i + 1] - offsets[i], table, stride, out);
  }
}

template <size_t kWidth>
[[gnu::always_inline]] static inline void add_at(const IntegersOf<kWidth>& values, int64_t* sums) {
  store(load<IntegersOf<kWidth>>(sums) + values, sums);
}

// Rows of kWidth · kVectors components, which stay in registers.
template <size_t kWidth, size_t kVectors>
static void add_outer_narrow(const uint64_t* offsets, const uint32_t* codes, const uint32_t* rows,
                             size_t n_rows, const int64_t* fixed, int64_t* sums) {
  constexpr size_t kStride = kWidth * kVectors;
  for (size_t j = 0; j < n_rows; ++j, fixed += kStride) {
    const size_t i = rows == nullptr ? j : rows[j];
    IntegersOf<kWidth> values[kVectors];
    for (size_t v = 0; v < kVectors; ++v) values[v] = load<IntegersOf<kWidth>>(fixed + kWidth * v);
    for (uint64_t c = offsets[i]; c < offsets[i + 1]; ++c) {
      int64_t* target = sums + kStride * codes[c];
      for (size_t v = 0; v < kVectors; ++v) add_at<kWidth>(values[v], target + kWidth * v);
    }
  }
}

template <size_t kWidth>
static void add_vectors(const uint32_t* codes, size_t count, const int64_t* fixed, size_t n, size_t stride,
                        int64_t* sums) {
  for (size_t j = 0; j < count; ++j) {
    int64_t* row = sums + codes[j] * stride;
    for (size_t k = 0; k < n; k += kWidth) add_at<kWidth>(load<IntegersOf<kWidth>>(fixed + k), row + k);
  }
}

static inline void add_one(const uint32_t* codes, size_t count, int64_t value, size_t stride, int64_t* sums) {
  for (size_t j = 0; j < count; ++j) sums[codes[j] * stride] += value;
}

// 64 components at a time: few that are not zero are added one by one, many as vectors.
template <size_t kWidth, class NonzeroMask>
static void add_outer_codes(const uint32_t* codes, size_t count, const int64_t* fixed, size_t stride,
                            const NonzeroMask& nonzero_mask, int64_t* sums) {
  for (size_t first = 0; first < stride; first += 64) {
    const size_t n = stride - first < 64 ? stride - first : 64;
    uint64_t mask = nonzero_mask(fixed + first, n);
    if (static_cast<size_t>(__builtin_popcountll(mask)) > n / 4) {
      add_vectors<kWidth>(codes, count, fixed + first, n, stride, sums + first);
      continue;
    }
    for (; mask != 0; mask &= mask - 1) {
      const size_t k = first + static_cast<size_t>(__builtin_ctzll(mask));
      add_one(codes, count, fixed[k], stride, sums + k);
    }
  }
}

// AddOuter. Bit k of nonzero_mask(fixed, n): fixed[k] is not zero, k < n <= 64.
template <size_t kWidth, class NonzeroMask>
static void add_outer_by(const uint64_t* offsets, const uint32_t* codes, const uint32_t* rows, size_t n_rows,
                         const int64_t* fixed, size_t stride, const NonzeroMask& nonzero_mask,
                         int64_t* sums) {
  if (stride == 4) return add_outer_narrow<kWidth, 4 / kWidth>(offsets, codes, rows, n_rows, fixed, sums);
  if (stride == 8) return add_outer_narrow<kWidth, 8 / kWidth>(offsets, codes, rows, n_rows, fixed, sums);
  if (stride == 12) return add_outer_narrow<kWidth, 12 / kWidth>(offsets, codes, rows, n_rows, fixed, sums);
  if (stride == 16) return add_outer_narrow<kWidth, 16 / kWidth>(offsets, codes, rows, n_rows, fixed, sums);
  for (size_t j = 0; j < n_rows; ++j, fixed += stride) {
    const size_t i = rows == nullptr ? j : rows[j];
    add_outer_codes<kWidth>(codes + offsets[i], offsets[i + 1] - offsets[i], fixed, stride, nonzero_mask,
                            sums);
  }
}

}  // namespace mixbern::kernel
