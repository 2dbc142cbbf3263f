// What exp and log of every kernel are made of.
#pragma once

#include <stdint.h>

namespace mixbern::kernel {

// exp(x) for −708 < x <= 0, by x = n ln 2 + r, |r| <= ln 2 / 2, and a polynomial in r that is 1 + r + r²
// q(r), q of the nine terms with the least largest relative error, 2^-57.9 (Remez's algorithm). The constants
// of the reduction are those of Cody and Waite, Software Manual for the Elementary Functions (1980): n ·
// kLn2High is exact.
constexpr double kExpUnderflow = -708.0;
constexpr double kLog2E = 1.4426950408889634;
constexpr double kLn2High = 6.93147180369123816490e-01;
constexpr double kLn2Low = 1.90821492927058770002e-10;
// Estrin's scheme: pairs of terms first, then pairs of pairs, a third of the latency of Horner's.
constexpr int kExpTerms = 12;
constexpr double kExpSeries[kExpTerms] = {1.0,
                                          1.0,
                                          0.5000000000000011,
                                          0.16666666666666413,
                                          0.041666666666530155,
                                          0.00833333333349447,
                                          0.0013888888943630168,
                                          0.0001984126950656423,
                                          2.480149309880978e-05,
                                          2.7557586385781026e-06,
                                          2.7630248421148927e-07,
                                          2.5000058019160498e-08};

// The polynomial, for a double or a type of the including file's own that can be added and multiplied.
template <class Values>
[[gnu::always_inline]] static inline Values exp_series(const Values& r) {
  const auto pair = [&](int j) { return r * kExpSeries[2 * j + 1] + kExpSeries[2 * j]; };
  const Values r2 = r * r;
  const Values r4 = r2 * r2;
  const Values low = (pair(3) * r2 + pair(2)) * r4 + (pair(1) * r2 + pair(0));
  const Values high = pair(5) * r2 + pair(4);
  return high * (r4 * r4) + low;
}

// log(x) for x = m · 2^e, √½ <= m < √2: with s = (m − 1) / (m + 1), log m = 2 artanh s = 2 s + s³ p(s²), |s|
// < 0.1716, p of the seven terms with the least largest error, 2^-59.5 relative to 2 s (Remez's algorithm).
// By Estrin's scheme too; ln 2 in two parts as above.
constexpr uint64_t kSqrtHalfBits = 0x3fe6a09e667f3bcd;
constexpr double kSmallestNormal = 2.2250738585072014e-308;
constexpr double kTwoTo54 = 18014398509481984.0;
constexpr int kLogTerms = 7;
constexpr double kLogSeries[kLogTerms] = {0.6666666666666734,  0.3999999999941432,  0.2857142874247471,
                                          0.22222198563501858, 0.18183564865876373, 0.15314035854306737,
                                          0.1479610526248784};

template <class Values>
[[gnu::always_inline]] static inline Values log_series(const Values& square) {
  const auto pair = [&](int j) { return square * kLogSeries[2 * j + 1] + kLogSeries[2 * j]; };
  const Values fourth = square * square;
  const Values low = pair(1) * fourth + pair(0);
  const Values high = fourth * kLogSeries[6] + pair(2);
  return high * (fourth * fourth) + low;
}

}  // namespace mixbern::kernel
