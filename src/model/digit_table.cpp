#include "model/digit_table.hpp"

#include <algorithm>

#include "model/parallel.hpp"
#include "model/units.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kFeaturesOfWord = 64;

// Signed digits of the entries of a word, digit by digit. Leaves what is left of them.
void lay_digits(std::int32_t* entries, std::size_t n_digits, std::int8_t* digits) {
  for (std::size_t q = 0; q < n_digits; ++q, digits += kFeaturesOfWord) {
    for (std::size_t j = 0; j < kFeaturesOfWord; ++j) {
      digits[j] = static_cast<std::int8_t>(entries[j] & 0xff);
      entries[j] = (entries[j] + 0x80) >> 8;
    }
  }
}

}  // namespace

// What three digits can hold ends at 127 · (1 + 2^8 + 2^16); rounding adds one.
void DigitTable::set_shape(std::size_t n_components, std::size_t n_features, double largest) {
  constexpr double kThreeDigits = 127.0 * 0x10101;
  n_components_ = n_components;
  n_features_ = n_features;
  shape_ = kernel::digits_for(n_components, largest + 1 < kThreeDigits ? 3 : 4);
}

double DigitTable::cost() const {
  const auto columns = static_cast<double>(kernel::n_columns(shape_));
  const double of_word = 0.1 * static_cast<double>(shape_.n_digits) * columns + 2;
  return static_cast<double>(n_words()) * of_word + 0.7 * columns + 10;
}

void DigitTable::quantise(std::vector<double>& exact, double unit) {
  const std::size_t n_columns = kernel::n_columns(shape_);
  values_.resize(n_words() * n_columns * shape_.n_digits * kFeaturesOfWord);
  const std::size_t cost = 8 * kFeaturesOfWord * shape_.height;
  for_ranges(shape_.n_tiles * n_words(), cost, [&](std::size_t begin, std::size_t end) {
    for (std::size_t part = begin; part < end; ++part) {
      quantise_part(exact, unit, part / n_words(), part % n_words());
    }
  });
}

void DigitTable::quantise_part(std::vector<double>& exact, double unit, std::size_t tile, std::size_t word) {
  const std::size_t first = word * kFeaturesOfWord;
  const std::size_t n = std::min(kFeaturesOfWord, n_features_ - first);
  const std::size_t size = shape_.n_digits * kFeaturesOfWord;
  std::int8_t* to = values_.data() + (tile * n_words() + word) * shape_.height * size;
  for (std::size_t r = 0; r < shape_.height; ++r, to += size) {
    const std::size_t k = tile * shape_.height + r;
    std::int32_t entries[kFeaturesOfWord] = {};
    if (k < n_components_) take_units(exact.data() + k * n_features_ + first, n, unit, entries);
    lay_digits(entries, shape_.n_digits, to);
  }
}

void DigitTable::add(const RowBlock& rows, const std::int32_t* start, BlockLanes& into) const {
  kernel::Digits digits = shape_;
  digits.values = values_.data();
  into.is_columns = true;
  into.stride = kernel::n_columns(digits);
  into.values.resize(kernel::columns_size(rows.size(), into.stride));
  kernel::active().add_dense(rows.words().data(), n_words(), rows.size(), digits, start, into.values.data());
}

}  // namespace mixbern
