#include "sums/remainders.hpp"

#include <algorithm>

#include "base/parallel.hpp"

namespace mixbern {

namespace {

// Added and taken away it leaves the nearest whole number, ties to even, of numbers below 2^51:
// std::nearbyint is a function call.
constexpr double kWhole = 0x1.8p52;

}  // namespace

void Remainders::begin_digit(std::size_t number) {
  if (digits_.size() <= number) digits_.resize(number + 1);
  digits_[number].resize(n_components_ * width_);
}

void Remainders::add(const RowBlock& rows, std::size_t i, std::span<const double> remainders) {
  cells_.assign(1, 0);
  rows.ones().for_each_one(i, [this](std::size_t d) { cells_.push_back(1 + d); });
  if (rows.has_missing())
    rows.missing().for_each_one(i, [this](std::size_t d) { cells_.push_back(1 + n_features_ + d); });
  for (std::size_t k = 0; k < remainders.size(); ++k) {
    double remainder = remainders[k];
    for (std::size_t number = 0; remainder != 0; ++number) {
      remainder *= kDigit;
      const double rounded = (remainder + kWhole) - kWhole;
      remainder -= rounded;
      if (rounded == 0) continue;
      const auto amount = static_cast<std::int64_t>(rounded);
      std::int64_t* const sums = digit(number).data() + k * width_;
      for (const std::size_t cell : cells_) sums[cell] += amount;
    }
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
