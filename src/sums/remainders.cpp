#include "sums/remainders.hpp"

#include <algorithm>
#include <cmath>

#include "base/parallel.hpp"

namespace mixbern {

Remainders::Digit& Remainders::digit(std::size_t number) {
  if (digits_.size() <= number) digits_.resize(number + 1);
  if (digits_[number].empty()) digits_[number].resize(n_components_ * width_);
  return digits_[number];
}

void Remainders::add(const RowBlock& rows, std::size_t i, std::size_t k, double remainder) {
  for (std::size_t number = 0; remainder != 0; ++number) {
    remainder = std::ldexp(remainder, kDigitBits);
    const double rounded = std::nearbyint(remainder);
    remainder -= rounded;
    if (rounded == 0) continue;
    const auto amount = static_cast<std::int64_t>(rounded);
    std::int64_t* sums = digit(number).data() + k * width_;
    sums[0] += amount;
    rows.ones().for_each_one(i, [&](std::size_t d) { sums[1 + d] += amount; });
    if (!rows.has_missing()) continue;
    rows.missing().for_each_one(i, [&](std::size_t d) { sums[1 + n_features_ + d] += amount; });
  }
}

void Remainders::merge(const Remainders& other) {
  for (std::size_t number = 0; number < other.digits_.size(); ++number) {
    if (!other.digits_[number].empty()) add_elements(digit(number), other.digits_[number]);
  }
}

void Remainders::clear() {
  for (Digit& digit : digits_) std::fill(digit.begin(), digit.end(), 0);
}

}  // namespace mixbern
