#include "model/row_block.hpp"

#include <algorithm>

#include "model/row_facts.hpp"

namespace mixbern {

Encodings choose_encodings(const Dataset& data) {
  return {choose_encoding(data.ones), data.missing ? choose_encoding(*data.missing) : Encoding::kColumns};
}

void RowBlock::set(const Dataset& data, std::size_t begin, std::size_t end, bool hold_labels) {
  data_ = &data;
  begin_ = begin;
  end_ = end;
  hold_labels_ = hold_labels && !data.labels.empty();
}

void RowBlock::load(const Dataset& data, const Encodings& encodings, std::size_t begin, std::size_t end,
                    bool hold_labels) {
  set(data, begin, end, hold_labels);
  encoding_ = encodings.ones;
  is_due_ = true;
  if (data.missing) missing_.load(*data.missing, encodings.missing, begin, end);
}

void RowBlock::load(const Dataset& data, const RowFacts& facts, std::size_t begin, std::size_t end,
                    bool hold_labels) {
  set(data, begin, end, hold_labels);
  encoding_ = facts.encodings.ones;
  is_due_ = !facts.ones_codes;
  if (facts.ones_codes) ones_.refer(*facts.ones_codes, begin);
  if (!data.missing) return;
  if (facts.missing_codes) {
    missing_.refer(*facts.missing_codes, begin);
  } else {
    missing_.load(*data.missing, facts.encodings.missing, begin, end);
  }
}

const RowCodes& RowBlock::ones() const {
  if (is_due_) ones_.load(data_->ones, encoding_, begin_, end_);
  is_due_ = false;
  return ones_;
}

RowBlock::Chosen RowBlock::ones_of(std::span<const std::uint32_t> rows) {
  if (!is_due_ || words().empty()) return {ones(), rows.data()};
  const std::size_t width = words().size() / size();
  chosen_words_.resize(rows.size() * width);
  for (std::size_t j = 0; j < rows.size(); ++j) {
    std::copy_n(words().data() + rows[j] * width, width, chosen_words_.data() + j * width);
  }
  chosen_.decode(chosen_words_, rows.size(), encoding_);
  return {chosen_, nullptr};
}

}  // namespace mixbern
