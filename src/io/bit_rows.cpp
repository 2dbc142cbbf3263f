#include "io/bit_rows.hpp"

#include <algorithm>
#include <utility>

namespace mixbern::io {

void BitRows::flush() {
  if (missing_word_ != 0 && !any_missing_) {
    missing_.assign(ones_.size(), 0);
    any_missing_ = true;
  }
  ones_.push_back(std::exchange(ones_word_, 0));
  if (any_missing_) missing_.push_back(missing_word_);
  missing_word_ = 0;
  used_ = 0;
}

void BitRows::end_row() {
  if (used_ > 0) flush();
  n_features_ = std::exchange(row_length_, 0);
  ++n_rows_;
}

void BitRows::append(std::size_t n_features, std::span<const std::uint64_t> ones,
                     std::span<const std::uint64_t> missing) {
  const bool has_missing = std::ranges::any_of(missing, [](std::uint64_t word) { return word != 0; });
  if (has_missing && !any_missing_) {
    missing_.assign(ones_.size(), 0);
    any_missing_ = true;
  }
  ones_.insert(ones_.end(), ones.begin(), ones.end());
  if (any_missing_) {
    missing_.insert(missing_.end(), missing.begin(), missing.end());
    missing_.resize(ones_.size());
  }
  n_features_ = n_features;
  ++n_rows_;
}

void BitRows::flip(std::span<const std::uint64_t> columns) {
  const std::size_t width = BitMatrix::words_for(n_features_);
  for (std::size_t i = 0; i < ones_.size(); ++i) {
    const std::uint64_t mask = columns[i % width];
    ones_[i] ^= any_missing_ ? mask & ~missing_[i] : mask;
  }
}

void BitRows::move_into(Dataset& data) {
  data.ones = BitMatrix(n_rows_, n_features_, std::move(ones_));
  if (any_missing_) data.missing = BitMatrix(n_rows_, n_features_, std::move(missing_));
}

}  // namespace mixbern::io
