// What exp and log of every kernel are made of.
#pragma once

#include <stdint.h>

namespace mixbern::kernel {

// exp(x) for −708 < x <= 0, by x = n ln 2 + r, |r| <= ln 2 / 2, and the Taylor series of exp(r) to r^13 /
// 13!, whose remainder is below 2^-56. The constants of the reduction are those of Cody and Waite, Software
// Manual for the Elementary Functions (1980): n · kLn2High is exact.
constexpr double kExpUnderflow = -708.0;
constexpr double kLog2E = 1.4426950408889634;
constexpr double kLn2High = 6.93147180369123816490e-01;
constexpr double kLn2Low = 1.90821492927058770002e-10;
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
