// What rounding takes off the amounts that are summed up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/row_block.hpp"

namespace mixbern {

/// Σ_i r_ik, Σ_i r_ik x_id and the same over missing cells, of remainders |r| <= 1/2 unit, to the last bit of
/// a double: digits of 32 bits, each summed up by itself as a whole number, so that the order of rows changes
/// nothing and a sum of 1e-280 is as exact as one of 0.1. Memory: K · D · 8 bytes for each digit that occurs,
/// 33 at most; twice that where cells are missing. Order of calls: (add* merge* read*)*, with clear() before
/// each round but the first.
class Remainders {
 public:
  Remainders(std::size_t n_components, std::size_t n_features, bool has_missing)
      : n_components_(n_components),
        n_features_(n_features),
        width_(1 + n_features * (has_missing ? 2 : 1)) {}

  /// Those of row i's amounts, one a component. At most 2^32 rows.
  void add(const RowBlock& rows, std::size_t i, std::span<const double> remainders);
  void merge(const Remainders& other);
  void clear();

  /// In units, as the amounts are: over all rows; those with x_id = 1; where it is missing; where it is not.
  double count(std::size_t k) const {
    return sum(k, [](const std::int64_t* sums) { return sums[0]; });
  }
  double ones(std::size_t k, std::size_t d) const {
    return sum(k, [d](const std::int64_t* sums) { return sums[1 + d]; });
  }
  double missing(std::size_t k, std::size_t d) const {
    return sum(k, [this, d](const std::int64_t* sums) { return missing_in(sums, d); });
  }
  double observed(std::size_t k, std::size_t d) const {
    return sum(k, [this, d](const std::int64_t* sums) { return sums[0] - missing_in(sums, d); });
  }

 private:
  // Sums of one digit, [K × width]: of a component its rows, its ones, its missing cells. Empty where nothing
  // was added.
  using Digit = std::vector<std::int64_t>;
  static constexpr double kDigit = 0x1p32;

  Digit& digit(std::size_t number) {
    if (digits_.size() <= number || digits_[number].empty()) begin_digit(number);
    return digits_[number];
  }
  void begin_digit(std::size_t number);
  std::int64_t missing_in(const std::int64_t* sums, std::size_t d) const {
    return width_ > 1 + n_features_ ? sums[1 + n_features_ + d] : 0;
  }
  template <class Part>
  double sum(std::size_t k, const Part& part) const {
    double sum = 0;
    for (std::size_t n = digits_.size(); n-- > 0;) {
      if (!digits_[n].empty()) sum += static_cast<double>(part(digits_[n].data() + k * width_));
      sum *= 1 / kDigit;
    }
    return sum;
  }

  std::size_t n_components_, n_features_, width_;
  std::vector<Digit> digits_;       // the n-th counts 2^(-32 (n + 1)) units
  std::vector<std::size_t> cells_;  // that one row is counted in
};

}  // namespace mixbern
