#include "data/row_block.hpp"

#include <algorithm>
#include <utility>

namespace mixbern {
namespace {

// Into the second-level cache.
void prefetch(std::span<const std::uint64_t> words) {
  constexpr std::size_t kWordsOfLine = 8;
  for (std::size_t w = 0; w < words.size(); w += kWordsOfLine) __builtin_prefetch(words.data() + w, 0, 2);
}

// True if there are codes now: kept ones, or columns of sparse rows.
bool refer(const RowsView& rows, const std::optional<CodedRows>& kept, std::size_t begin, RowCodes& codes) {
  if (kept) {
    codes.refer(*kept, begin);
  } else if (!rows.is_packed()) {
    codes.refer(rows.offsets(), rows.columns());
  }
  return kept || !rows.is_packed();
}

}  // namespace

Encodings choose_encodings(const Dataset& data) {
  return {choose_encoding(data.ones), data.missing ? choose_encoding(*data.missing) : Encoding::kColumns};
}

KeptCodes::KeptCodes(const Dataset& data, const Encodings& encodings)
    : ones(code_rows(data.ones, encodings.ones)) {
  if (data.missing) missing = code_rows(*data.missing, encodings.missing);
}

void RowBlock::load(const Dataset& data, std::size_t begin, std::size_t end, bool semi_supervised,
                    const Encodings& encodings, const KeptCodes& kept) {
  source_ = 0;
  begin_ = begin;
  size_ = end - begin;
  ones_ = RowsView(data.ones, begin, end, ones_buffer_);
  has_missing_ = data.missing.has_value();
  if (has_missing_) missing_ = RowsView(*data.missing, begin, end, missing_buffer_);
  weights_ = data.weights;
  if (is_weighted()) weights_ = weights_.subspan(begin, size_);
  labels_ = {};
  if (semi_supervised && !data.labels.empty()) labels_ = std::span(data.labels).subspan(begin, size_);
  class_sets_ = &data.class_sets;
  encodings_ = encodings;
  is_spelt_ = false;
  has_ones_codes_ = refer(ones_, kept.ones, begin, ones_codes_);
  has_missing_codes_ = has_missing_ && refer(missing_, kept.missing, begin, missing_codes_);
}

void RowBlock::spell() {
  if (std::exchange(is_spelt_, true)) return;
  if (!has_ones_codes_) {
    ones_codes_.decode(ones_.words(), size_, encodings_.ones);
  } else if (ones_.is_packed()) {
    prefetch(ones_.words());  // which nobody has seen since the last pass, and sums will need
  }
  if (has_missing_ && !has_missing_codes_) {
    missing_codes_.decode(missing_.words(), size_, encodings_.missing);
  }
  has_ones_codes_ = true;
  has_missing_codes_ = has_missing_;
}

RowBlock::Chosen RowBlock::spell(std::span<const std::uint32_t> rows) {
  if (has_ones_codes_) return {ones_codes_, rows.data()};
  const std::size_t width = ones_.words_per_row();
  chosen_words_.resize(rows.size() * width);
  for (std::size_t j = 0; j < rows.size(); ++j) {
    std::copy_n(ones_.words(rows[j]).data(), width, chosen_words_.data() + j * width);
  }
  chosen_codes_.decode(chosen_words_, rows.size(), encodings_.ones);
  return {chosen_codes_, nullptr};
}

}  // namespace mixbern
