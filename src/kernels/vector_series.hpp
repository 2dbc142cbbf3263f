// exp and log of several doubles at a time, the steps of scalar.cpp one by one, for registers of any length.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernels/kernel_table.hpp"
#include "kernels/series.hpp"
#include "kernels/vectors.hpp"

namespace mixbern::kernel {

// kN vectors that take each step together: what one waits for, the others fill. The operators are those of
// the compiler's vectors; every function is inlined, so that no code is shared between instruction sets.
template <size_t kWidth, size_t kN>
struct Doubles {
  VectorOf<kWidth> at[kN];
};

template <size_t kWidth, size_t kN, class Make>
[[gnu::always_inline]] static inline Doubles<kWidth, kN> each(const Make& make) {
  Doubles<kWidth, kN> result;
  for (size_t j = 0; j < kN; ++j) result.at[j] = make(j);
  return result;
}
template <size_t kWidth, size_t kN>
[[gnu::always_inline]] static inline Doubles<kWidth, kN> operator*(const Doubles<kWidth, kN>& a,
                                                                   const Doubles<kWidth, kN>& b) {
  return each<kWidth, kN>([&](size_t j) { return a.at[j] * b.at[j]; });
}
template <size_t kWidth, size_t kN>
[[gnu::always_inline]] static inline Doubles<kWidth, kN> operator*(const Doubles<kWidth, kN>& a, double b) {
  return each<kWidth, kN>([&](size_t j) { return a.at[j] * b; });
}
template <size_t kWidth, size_t kN>
[[gnu::always_inline]] static inline Doubles<kWidth, kN> operator+(const Doubles<kWidth, kN>& a,
                                                                   const Doubles<kWidth, kN>& b) {
  return each<kWidth, kN>([&](size_t j) { return a.at[j] + b.at[j]; });
}
template <size_t kWidth, size_t kN>
[[gnu::always_inline]] static inline Doubles<kWidth, kN> operator+(const Doubles<kWidth, kN>& a, double b) {
  return each<kWidth, kN>([&](size_t j) { return a.at[j] + b; });
}
template <size_t kWidth, size_t kN>
[[gnu::always_inline]] static inline Doubles<kWidth, kN> operator-(const Doubles<kWidth, kN>& a,
                                                                   const Doubles<kWidth, kN>& b) {
  return each<kWidth, kN>([&](size_t j) { return a.at[j] - b.at[j]; });
}
template <size_t kWidth, size_t kN>
[[gnu::always_inline]] static inline Doubles<kWidth, kN> operator-(const Doubles<kWidth, kN>& a, double b) {
  return each<kWidth, kN>([&](size_t j) { return a.at[j] - b; });
}

// REQUIRES: kExpUnderflow < x <= 0.
template <size_t kWidth, size_t kN>
[[gnu::always_inline]] static inline Doubles<kWidth, kN> exp_normal(const Doubles<kWidth, kN>& x) {
  using Vector = VectorOf<kWidth>;
  using Integers = IntegersOf<kWidth>;
  const Doubles<kWidth, kN> shifted = x * kLog2E + kRoundMagic;
  const Doubles<kWidth, kN> n = shifted - kRoundMagic;
  const Doubles<kWidth, kN> r = (x - n * kLn2High) - n * kLn2Low;
  const Doubles<kWidth, kN> series = exp_series(r);
  return each<kWidth, kN>([&](size_t j) {
    const Integers exponent = __builtin_bit_cast(Integers, shifted.at[j]) << 52;
    return __builtin_bit_cast(Vector, __builtin_bit_cast(Integers, series.at[j]) + exponent);
  });
}

// REQUIRES: x <= 0.
template <size_t kWidth, size_t kN>
[[gnu::always_inline]] static inline Doubles<kWidth, kN> exp_negative(const Doubles<kWidth, kN>& x) {
  const Doubles<kWidth, kN> e = exp_normal(x);
  return each<kWidth, kN>([&](size_t j) { return x.at[j] > kExpUnderflow ? e.at[j] : VectorOf<kWidth>{}; });
}

// REQUIRES: x finite, >= 0.
template <size_t kWidth>
[[gnu::always_inline]] static inline auto logarithm(VectorOf<kWidth> x) {
  using Vector = VectorOf<kWidth>;
  using Integers = IntegersOf<kWidth>;
  const auto subnormal = x < kSmallestNormal;
  const Integers bits = __builtin_bit_cast(Integers, subnormal ? x * kTwoTo54 : x);
  constexpr uint64_t kBias = uint64_t{1024} << 52;
  const Integers offset = bits - kSqrtHalfBits;
  const Integers shifted = (offset + kBias) & uint64_t{0xfff0000000000000};
  // An integer below 2^51 in the last bits of the magic number is that number more.
  const Integers integer = (shifted >> 52) | __builtin_bit_cast(uint64_t, kRoundMagic);
  const Vector none = {};
  const Vector too_much = subnormal ? none + 1078 : none + 1024;
  const Vector exponent = (__builtin_bit_cast(Vector, integer) - kRoundMagic) - too_much;
  const Vector f = __builtin_bit_cast(Vector, bits - shifted + kBias) - 1;
  const Vector s = f / (2 + f);
  const Vector square = s * s;
  const Vector tail = (s * square) * log_series(square) + exponent * kLn2Low;
  const Vector result = exponent * kLn2High + (2 * s + tail);
  return x > 0 ? result : none - __builtin_inf();
}

// To the nearest integer, ties to even. REQUIRES: 0 <= x < 2^51.
template <size_t kWidth>
[[gnu::always_inline]] static inline auto rounded(VectorOf<kWidth> x) {
  using Integers = IntegersOf<kWidth>;
  return __builtin_bit_cast(Integers, x + kRoundMagic) - __builtin_bit_cast(uint64_t, kRoundMagic);
}

}  // namespace mixbern::kernel
