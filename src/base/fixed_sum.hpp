// Sums of doubles as integers: exact, so the order of additions, and with it the number of threads, does not
// matter.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mixbern {

/// Σ w x over rows of weights w that total at most `total_weight`, |x| < 2^30, with a resolution of 2^-90 of
/// that total. Terms may be −∞; then the sum is. REQUIRES: no NaN, no +∞.
class FixedSum {
 public:
  __extension__ using Int128 = __int128;
  /// A weight that is a whole number, and below this, may be multiplied in integers.
  static constexpr double kLargestFactor = 0x1p20;  // more would leave too few bits for x
  static bool is_factor(double weight) {
    return weight < kLargestFactor && static_cast<double>(static_cast<std::int32_t>(weight)) == weight;
  }

  explicit FixedSum(double total_weight)
      : bits_(total_weight > 0 ? 90 - std::ilogb(total_weight) : 90), scale_(std::ldexp(1.0, bits_)) {}

  /// weight · x. A weight that is a whole number gives what as many rows of weight 1 give, to the bit.
  void add(double weight, double x) {
    const bool whole = is_factor(weight);
    const double term = whole ? x : weight * x;
    if (term == -HUGE_VAL) {
      has_minus_infinity_ = true;
      return;
    }
    // In two halves of 64 bits, each exact: a conversion to 128 bits at once is a function call.
    const double scaled = term * scale_;
    const std::int64_t factor = whole ? static_cast<std::int32_t>(weight) : 1;
    const auto high = static_cast<std::int64_t>(scaled * 0x1p-62);
    high_ += high * factor;
    sum_ += Int128{static_cast<std::int64_t>(scaled - static_cast<double>(high) * 0x1p62)} * factor;
  }
  /// n · 2^exponent, exactly where that is no finer than the resolution; what lies below it is left out.
  /// REQUIRES: less than 2^30 times the total weight.
  void add_units(Int128 n, int exponent) {
    const int shift = bits_ + exponent;
    sum_ += shift >= 0 ? n << shift : n >> std::min(-shift, 127);
  }
  void clear() {
    high_ = 0;
    sum_ = 0;
    has_minus_infinity_ = false;
  }
  void merge(const FixedSum& other) {
    high_ += other.high_;
    sum_ += other.sum_;
    has_minus_infinity_ |= other.has_minus_infinity_;
  }
  /// As whole numbers that may be added up element by element, those of 2^31 sums at least.
  static constexpr std::size_t kDigits = 5;
  std::array<std::int64_t, kDigits> digits() const {
    constexpr Int128 kMask = 0xffffffff;
    const Int128 whole = total();
    const auto digit = [whole](int n) { return static_cast<std::int64_t>((whole >> (32 * n)) & kMask); };
    return {digit(0), digit(1), digit(2), static_cast<std::int64_t>(whole >> 96),
            has_minus_infinity_ ? 1 : 0};
  }
  void assign(std::span<const std::int64_t, kDigits> digits) {
    __extension__ using Unsigned = unsigned __int128;
    Unsigned sum = 0;
    for (std::size_t n = 4; n-- > 0;) sum = (sum << 32) + static_cast<Unsigned>(Int128{digits[n]});
    high_ = 0;
    sum_ = static_cast<Int128>(sum);
    has_minus_infinity_ = digits[4] != 0;
  }
  double value() const {
    return has_minus_infinity_ ? -HUGE_VAL : std::ldexp(static_cast<double>(total()), -bits_);
  }

 private:
  Int128 total() const { return (Int128{high_} << 62) + sum_; }

  int bits_;
  double scale_;
  std::int64_t high_ = 0;  // in units of 2^62
  Int128 sum_ = 0;         // the rest
  bool has_minus_infinity_ = false;
};

}  // namespace mixbern
