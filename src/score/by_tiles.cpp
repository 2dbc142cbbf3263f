#include "score/by_tiles.hpp"

#include <algorithm>

#include "base/parallel.hpp"
#include "score/units.hpp"

namespace mixbern {
namespace {

constexpr std::size_t kFeaturesOfWord = 64;

// What three digits can hold ends at 127 · (1 + 2^8 + 2^16); rounding adds one.
kernel::Digits digits_of(const ScoreShape& shape) {
  constexpr double kThreeDigits = 127.0 * 0x10101;
  return kernel::digits_for(shape.n_components, shape.largest_units + 1 < kThreeDigits ? 3 : 4);
}

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

std::optional<double> cost_by_tiles(const ScoreShape& shape) {
  if (kernel::active().tables.add_dense == nullptr || shape.codes_a_row == 0 || shape.has_missing ||
      shape.n_components > kernel::kMostColumns) {
    return std::nullopt;
  }
  const kernel::Digits digits = digits_of(shape);
  const auto n_words = static_cast<double>(BitMatrix::words_for(shape.n_features));
  const auto columns = static_cast<double>(kernel::n_columns(digits));
  const double of_word = 0.1 * static_cast<double>(digits.n_digits) * columns + 2;
  return n_words * of_word + 0.7 * columns + 10;
}

void ByTiles::lay_out() {
  digits_ = digits_of(table_.shape());
  const std::size_t n_columns = kernel::n_columns(digits_);
  values_.resize(n_words() * n_columns * digits_.n_digits * kFeaturesOfWord);
  const std::size_t cost = 8 * kFeaturesOfWord * digits_.height;
  for_ranges(digits_.n_tiles * n_words(), cost, [&](std::size_t begin, std::size_t end) {
    for (std::size_t part = begin; part < end; ++part) {
      lay_out_part(table_.exact_ones(), part / n_words(), part % n_words());
    }
  });
  digits_.values = values_.data();
}

void ByTiles::lay_out_part(std::vector<double>& exact, std::size_t tile, std::size_t word) {
  const std::size_t n_features = table_.n_features();
  const std::size_t first = word * kFeaturesOfWord;
  const std::size_t n = std::min(kFeaturesOfWord, n_features - first);
  const std::size_t size = digits_.n_digits * kFeaturesOfWord;
  std::int8_t* to = values_.data() + (tile * n_words() + word) * digits_.height * size;
  for (std::size_t r = 0; r < digits_.height; ++r, to += size) {
    const std::size_t k = tile * digits_.height + r;
    std::int32_t entries[kFeaturesOfWord] = {};
    if (k < table_.n_components()) {
      take_units(exact.data() + k * n_features + first, n, table_.unit(), entries);
    }
    lay_digits(entries, digits_.n_digits, to);
  }
}

// The constants are read as far as there are columns: K and four more at most.
void ByTiles::score(RowBlock& rows, Scores& into) const {
  into.begin(Scores::Form::kColumns, rows.size(), table_.n_components(), table_.unit());
  into.stride = kernel::n_columns(digits_);
  into.most = table_.slots();
  into.values.resize(kernel::columns_size(rows.size(), into.stride));
  kernel::active().tables.add_dense(rows.ones().words().data(), n_words(), rows.size(), digits_,
                                    table_.base().data(), into.values.data());
  into.semi_supervised(rows);
}

}  // namespace mixbern
